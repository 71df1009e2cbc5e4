"""Who does what: the label law, region by region, kept by quota over the whole world."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from mc3core.world.dice import Dice
from mc3core.world.law import DEFAULT, Law
from mc3core.world.plan import Region
from mc3core.world.quota import flags, largest_remainder, spread
from mc3core.world.vocabulary import GROUPS, VERBS, Group, Place, mechanism, p_sounding, places

NEGATIVES: tuple[Region, ...] = ("II", "III", "III_other", "IV", "mistimed")


@dataclass(frozen=True, slots=True)
class Role:
    """One narrated moment before it has a time: what it is and everything that accompanies it.

    `shown` is what the hands do (None: nothing in view); `shown_sounds`: heard; `masked`: emitted,
    but drowned; `unseen` is heard from out of view; `machine`: 0 none, 1 idle, 2 running.
    """

    verb: str
    noun: str
    place: Place
    label: int
    region: Region
    force: float
    shown: Group | None
    shown_sounds: bool
    masked: bool
    unseen: Group | None
    machine: int
    event: bool
    vague: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    group: Group
    positive: bool
    force: float

    @property
    def p(self) -> float:
        return p_sounding(*self.group)


def cast(seed: int, clips: int, law: Law = DEFAULT) -> list[Role]:
    """`clips` roles, grouped by verb; the caller deals them out."""
    dice = Dice("cast", seed)
    drafts = _drafts(dice, clips, law)
    negatives = [d for d in drafts if not d.positive]
    choices = spread([negative_mix(d.group[0], law) for d in negatives])
    chosen: Iterator[Region] = (NEGATIVES[choice] for choice in choices)
    regions: list[Region] = ["I" if d.positive else next(chosen) for d in drafts]
    may_mask = [
        r in ("II", "III", "III_other") and d.p > 0.3 for d, r in zip(drafts, regions, strict=True)
    ]
    masked = flags([law.masked if may else 0.0 for may in may_mask])
    machine = spread([_machine_mix(region, law) for region in regions])
    distracted = flags([law.distractor if region == "I" else 0.0 for region in regions])
    other_in_view = flags([0.5 if region == "IV" else 0.0 for region in regions])
    event = flags([law.event] * clips)
    vague = flags([law.vague] * clips)
    return [
        _role(
            dice,
            draft,
            region,
            masked[i],
            machine[i],
            distracted[i],
            other_in_view[i],
            event[i],
            vague[i],
        )
        for i, (draft, region) in enumerate(zip(drafts, regions, strict=True))
    ]


def _drafts(dice: Dice, clips: int, law: Law) -> list[_Draft]:
    """Counts per verb, positives per verb and per noun by largest remainder; who is positive leans
    on the visible force of the action."""
    verbs = list(VERBS)
    counts = largest_remainder([VERBS[v].weight for v in verbs], clips)
    nouns = {
        v: _split(dice, [n for n, _ in VERBS[v].nouns], count)
        for v, count in zip(verbs, counts, strict=True)
    }
    due = {v: [p_sounding(v, n) * k for n, k in nouns[v].items()] for v in verbs}
    positives = largest_remainder(
        [sum(due[v]) for v in verbs], round(sum(sum(d) for d in due.values()))
    )
    drafts: list[_Draft] = []
    for verb, count in zip(verbs, positives, strict=True):
        group: list[_Draft] = []
        for (noun, size), sounding in zip(
            nouns[verb].items(), largest_remainder(due[verb], count), strict=True
        ):
            forces = [dice.between(0, 1) for _ in range(size)]
            order = sorted(
                range(size), key=lambda i: (-forces[i] - law.force_noise * dice.unit(), i)
            )
            winners = set(order[:sounding])
            group += [_Draft((verb, noun), i in winners, forces[i]) for i in range(size)]
        drafts += dice.shuffled(group)
    return drafts


def _split(dice: Dice, nouns: list[str], count: int) -> dict[str, int]:
    """Spread a verb's clips over its nouns evenly; chance says who gets the odd ones."""
    each, odd = divmod(count, len(nouns))
    lucky = set(dice.shuffled(nouns)[:odd])
    return {noun: each + (noun in lucky) for noun in nouns}


def negative_mix(verb: str, law: Law) -> list[float]:
    """Shares of `NEGATIVES` for a verb; region IV thins out for those that hardly ever sound."""
    shares = list(law.negatives)
    shares[NEGATIVES.index("IV")] *= min(1.0, round(1.6 * VERBS[verb].p_sounding, 3))
    return shares


def _machine_mix(region: Region, law: Law) -> tuple[float, float, float]:
    if region == "II":
        return (0.0, 0.0, 1.0)
    on = law.machine_on if region in ("I", "mistimed") else 0.0
    return ((1 - on) * (1 - law.machine_idle), (1 - on) * law.machine_idle, on)


def _role(
    dice: Dice,
    draft: _Draft,
    region: Region,
    masked: bool,
    machine: int,
    distracted: bool,
    other_in_view: bool,
    event: bool,
    vague: bool,
) -> Role:
    verb, noun = draft.group
    place = dice.pick(places(verb, noun))
    shown: Group | None = draft.group
    unseen: Group | None = None
    sounds = region == "I"
    if region == "mistimed":
        shown = _other(dice, draft.group, place)
        sounds = dice.chance(p_sounding(*shown))
    elif region == "IV":
        unseen = draft.group
        shown = _other(dice, draft.group, place) if other_in_view else None
    elif region == "III_other" or distracted:
        unseen = _other(dice, draft.group, None)
    return Role(
        verb, noun, place, int(draft.positive), region, draft.force,
        shown, sounds, masked, unseen, machine, event, vague,
    )  # fmt: skip


def _candidates() -> dict[Place | None, list[Group]]:
    table: dict[Place | None, list[Group]] = defaultdict(list)
    for group in GROUPS:
        for place in places(*group):
            table[place].append(group)
        if VERBS[group[0]].p_sounding > 0.45:
            table[None].append(group)
    return table


_CANDIDATES = _candidates()


def _other(dice: Dice, group: Group, place: Place | None) -> Group:
    """Another action at this place (None: anywhere, but likely heard), sounding differently."""
    others = [
        other
        for other in _CANDIDATES[place]
        if other[0] != group[0] and mechanism(*other) != mechanism(*group)
    ]
    return dice.pick(others)
