"""Six other worlds, so that nobody needs to wonder whether one world was drawn for one method.

They were fixed before anything was tuned on them; only the bounds on simple cues (`cues`) decided
about a number, never a training.
"""

from dataclasses import dataclass

from mc3core.errors import InputError
from mc3core.world.law import DEFAULT, Law


@dataclass(frozen=True, slots=True)
class Variant:
    """A law and what it asks of a method, in a sentence."""

    law: Law
    sentence: str


_ALL = (
    Variant(
        Law("more_machines", region_ii=0.46, machine_on=0.42, machine_idle=0.40),
        "Machines run, or stand idle, in more clips of either label.",
    ),
    Variant(
        Law("fewer_machines", region_ii=0.20, machine_on=0.15, machine_idle=0.15),
        "Machines are rare: what fools is mostly heard from out of view, or not at all.",
    ),
    Variant(
        Law("more_masked", masked=0.6),
        "Most silent actions that usually sound do make their sound, drowned by the rest.",
    ),
    Variant(
        Law("offscreen_heavy", region_iii_other=0.38, region_iv=0.26, distractor=0.35),
        "More of what is heard comes from out of view, the narrated action included.",
    ),
    Variant(
        Law("vague_heavy", vague=0.3),
        "Three in ten narrations say next to nothing.",
    ),
    Variant(
        Law(
            "balanced_regions",
            region_ii=0.2, region_iii=0.2, region_iii_other=0.2, region_iv=0.2, mistimed=0.2,
        ),
        "Every kind of negative is as frequent, but for verbs that hardly ever sound.",
    ),
)  # fmt: skip
VARIANTS: dict[str, Variant] = {variant.law.name: variant for variant in _ALL}


def law_named(name: str) -> Law:
    """The law of a variant, or the default's; InputError lists the names."""
    laws = {DEFAULT.name: DEFAULT} | {key: variant.law for key, variant in VARIANTS.items()}
    if name not in laws:
        raise InputError(f"There is no world {name!r}: choose one of {', '.join(laws)}.")
    return laws[name]
