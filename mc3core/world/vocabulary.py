"""What people do in the world: 21 verbs, 86 verb-noun groups, and how likely each one sounds.

Probabilities and weights per verb follow Table 1 of the SoundingActions paper as read into
the recipe of this world; a noun moves its group by up to 0.7 on the logit, so that the verb
alone never settles the label.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

Place = Literal["kitchen", "workshop", "desk", "garden", "bath"]
PLACES: tuple[Place, ...] = ("kitchen", "workshop", "desk", "garden", "bath")
_LETTERS: dict[str, Place] = {place[0]: place for place in PLACES}
NOUN_SHIFT = 0.7


@dataclass(frozen=True, slots=True)
class Verb:
    """`p_sounding` is the mean over its nouns; nouns stand from the likeliest to sound downwards,
    each with the initials of the places where people do that. `rate_hz` 0 is an act done once."""

    p_sounding: float
    weight: float
    rate_hz: float
    mechanism: str
    nouns: tuple[tuple[str, str], ...]


def _verb(p: float, weight: float, rate_hz: float, mechanism: str, nouns: str) -> Verb:
    pairs = [entry.split(":") for entry in nouns.split()]
    return Verb(p, weight, rate_hz, mechanism, tuple((noun, places) for noun, places in pairs))


VERBS: dict[str, Verb] = {
    "wash": _verb(0.90, 1.3, 1.9, "water", "pan:k plate:k cup:kb carrot:k cloth:b"),
    "close": _verb(0.82, 1.2, 0, "slide", "door:kb drawer:kwd laptop:d jar:kb box:wd"),
    "cut": _verb(0.77, 1.4, 3.2, "chop", "carrot:k onion:k potato:k bread:k paper:d"),
    "drop": _verb(0.64, 1.0, 0, "impact", "spoon:k key:db bottle:kbg book:d"),
    "stir": _verb(0.64, 1.2, 1.9, "stir", "coffee:kd egg:k soup:k paint:wg"),
    "wipe": _verb(0.53, 1.2, 1.7, "scrape", "window:kb pan:k plate:k table:dwg"),
    "rub": _verb(0.39, 0.9, 2.3, "scrape", "plank:w pot:kg shoe:b hands:bg"),
    "touch": _verb(0.27, 1.4, 0, "tap", "cup:kd phone:d plant:gd cloth:b"),
    "lift": _verb(0.19, 1.6, 0, "handle", "pan:k bottle:kbg box:wdg book:d"),
    "hold": _verb(0.09, 2.0, 0, "handle", "cup:kd knife:kw phone:d book:d cloth:bk"),
    "hammer": _verb(0.92, 0.9, 2.4, "impact", "nail:w chisel:w stake:g"),
    "pour": _verb(0.80, 1.0, 0, "pour", "rice:k water:kgb milk:k oil:k"),
    "type": _verb(0.75, 0.8, 6.5, "click", "keyboard:d laptop:d phone:d"),
    "saw": _verb(0.90, 0.8, 2.1, "saw", "pipe:w plank:w branch:g"),
    "put": _verb(0.55, 1.4, 0, "impact", "plate:k cup:kd knife:kw box:wd book:d"),
    "shake": _verb(0.72, 0.8, 4.0, "rattle", "jar:k bottle:kb box:wd bag:gk cloth:b"),
    "open": _verb(0.60, 1.2, 0, "slide", "drawer:kwd door:kb jar:kb box:wd laptop:d"),
    "peel": _verb(0.52, 0.9, 1.9, "peel", "carrot:k potato:k onion:k orange:kg"),
    "turn": _verb(0.36, 0.9, 0, "turn", "key:d page:d screw:w knob:k"),
    "point": _verb(0.03, 0.6, 0, "handle", "laptop:d plant:g book:d phone:d"),
    "knead": _verb(0.30, 0.7, 1.4, "squelch", "dough:k clay:wg"),
}

MATERIALS: dict[str, str] = {
    **dict.fromkeys(("pan", "spoon", "key", "nail", "pipe", "chisel", "pot", "screw"), "metal"),
    **dict.fromkeys(("knife",), "metal"),
    **dict.fromkeys(("plate", "cup"), "ceramic"),
    **dict.fromkeys(("jar", "window"), "glass"),
    **dict.fromkeys(("bottle", "laptop", "keyboard", "knob"), "plastic"),
    **dict.fromkeys(("phone",), "glass"),
    **dict.fromkeys(("drawer", "door", "plank", "table", "stake"), "wood"),
    **dict.fromkeys(("book", "paper", "page"), "paper"),
    **dict.fromkeys(("box",), "cardboard"),
    **dict.fromkeys(("cloth", "bag"), "cloth"),
    **dict.fromkeys(("carrot", "onion", "potato", "bread", "orange", "egg"), "food"),
    **dict.fromkeys(("coffee", "soup", "paint", "water", "milk", "oil"), "liquid"),
    **dict.fromkeys(("rice",), "grain"),
    **dict.fromkeys(("hands",), "skin"),
    **dict.fromkeys(("shoe",), "leather"),
    **dict.fromkeys(("plant", "branch"), "leaf"),
    **dict.fromkeys(("dough", "clay"), "dough"),
}

Group = tuple[str, str]
GROUPS: tuple[Group, ...] = tuple((v, noun) for v, verb in VERBS.items() for noun, _ in verb.nouns)


@cache
def p_sounding(verb: str, noun: str) -> float:
    """How likely this group sounds, to three digits (plans stay equal on every machine)."""
    nouns = [name for name, _ in VERBS[verb].nouns]
    step = 2 * NOUN_SHIFT / (len(nouns) - 1)
    p = VERBS[verb].p_sounding
    logit = math.log(p / (1 - p)) + NOUN_SHIFT - step * nouns.index(noun)
    return round(1 / (1 + math.exp(-logit)), 3)


@cache
def places(verb: str, noun: str) -> tuple[Place, ...]:
    """Where people do that."""
    return tuple(_LETTERS[letter] for letter in dict(VERBS[verb].nouns)[noun])


def mechanism(verb: str, noun: str) -> str:
    """How the sound of this group comes about; a few nouns differ from their verb."""
    special = {
        ("cut", "paper"): "snip",
        ("pour", "rice"): "grains",
        ("shake", "cloth"): "rustle",
        ("touch", "plant"): "rustle",
        ("touch", "cloth"): "rustle",
        ("turn", "page"): "rustle",
        ("close", "jar"): "turn",
        ("open", "jar"): "turn",
    }
    return special.get((verb, noun), VERBS[verb].mechanism)
