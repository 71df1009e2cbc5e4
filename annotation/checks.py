"""Checks among the clips: how often, who is paused, and how a person agrees with themself.

Gold clips have a known answer. They are one item in ten until a person is surely good, then one in
twenty; who is surely not good enough is paused. The last 100 count: a good year would hide a bad
week. Somebody who falls from .95 right to .55 is paused after about 60 further checks; counted over
all 1,500 before, it would take 1,000 (20,000 clips). Repeats are a person's own clips, asked again
blindly. Which item is a check depends on (person, number of items so far) alone, so that a claim
that is sent twice gives the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from annotation.assignment import rank_of
from annotation.shares import Share

Kind = Literal["main", "gold", "repeat"]

GOLD_SHARE = 0.10
GOLD_SHARE_LATER = 0.05
ENOUGH = 20  # scored gold answers, before anything follows from them
SCORED = 100  # the newest ones
SURE = 0.85
PAUSED_BELOW = 0.80
GOLD_GAP = 500  # answers of a person, before a gold clip may come again to them
REPEAT_SHARE = 0.02
REPEAT_AFTER = 200  # answers of a person, before a clip of theirs may come as a repeat
# The first items of a person are never checks: they learn the keys on them.
FIRST_WITHOUT = 10
_SEED = 20
_BITS = 62


@dataclass(frozen=True, slots=True)
class SelfAgreement:
    """Of `total` repeats with a yes or no both times, `same` got the same answer."""

    same: int
    total: int


def gold_share(score: Share) -> float:
    """Which share of the next items is gold."""
    sure = score.total >= ENOUGH and score.low is not None and score.low >= SURE
    return GOLD_SHARE_LATER if sure else GOLD_SHARE


def must_pause(score: Share) -> bool:
    """Whether this score is surely too low: chance alone hardly ever pauses a good annotator."""
    return score.total >= ENOUGH and score.high is not None and score.high < PAUSED_BELOW


def kind_of(person_id: int, number: int, gold: float, repeat: float = REPEAT_SHARE) -> Kind:
    """What item `number` of a person is, counted from 0, where such a check can be had."""
    if number < FIRST_WITHOUT:
        return "main"
    drawn = rank_of(f"{person_id} {number}", _SEED) / 2**_BITS
    if drawn < gold:
        return "gold"
    return "repeat" if drawn < gold + repeat else "main"


def kinds(person_id: int, so_far: int, count: int, gold: float) -> tuple[Kind, ...]:
    """What the next `count` items are, after `so_far`."""
    return tuple(kind_of(person_id, so_far + n, gold) for n in range(count))


def pick(pool: int, person_id: int, number: int) -> int:
    """Which of `pool` candidates item `number` is; the same whenever it is asked."""
    return rank_of(f"{number} {person_id}", _SEED + 1) % pool


def pick_evenly(labels: Sequence[str], person_id: int, number: int) -> int:
    """The same, by a label first: where nearly all gold is yes, who always says yes would pass."""
    kinds_there = sorted(set(labels))
    label = kinds_there[rank_of(f"{number} {person_id}", _SEED + 2) % len(kinds_there)]
    places = [place for place, its in enumerate(labels) if its == label]
    return places[pick(len(places), person_id, number)]


def self_agreement(pairs: Iterable[tuple[str, str]]) -> SelfAgreement:
    """Over (first word, word on the repeat): "can't tell" and "broken" compare with nothing."""
    both = [(a, b) for a, b in pairs if a in ("yes", "no") and b in ("yes", "no")]
    return SelfAgreement(sum(a == b for a, b in both), len(both))
