"""Verbs and verb-noun groups of clips: how many there are, how often they sound, the long tail.

What the paper shows as its Table 1 and Fig. 4. A few passes over arrays, whatever their length.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from annotation.shares import Share, wilson

Ints = NDArray[np.int64]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Words:
    """One word a clip: its number `of` (N,), and the words by number; None where there is none."""

    of: Ints
    names: tuple[str | None, ...]

    @classmethod
    def count(cls, words: Iterable[str | None]) -> Self:
        """Number the words in order of appearance."""
        numbers: dict[str | None, int] = {}
        found = [numbers.setdefault(word or None, len(numbers)) for word in words]
        return cls(np.array(found, np.int64), tuple(numbers))


@dataclass(frozen=True, slots=True)
class Observed:
    """N clips by column.

    `label` (N,) is 1 where it sounds, 0
    where it does not, -1 where nobody knows; `agreed` (N,) is 1 where all said the same, 0 where
    not, -1 where that is not known. `selected` (N,) clips were picked by somebody: no share of
    everything may be told from them, so they stand beside it.
    """

    verbs: Words
    nouns: Words
    label: NDArray[np.int8]
    agreed: NDArray[np.int8]
    selected: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VerbRow:
    """A verb (None: no verb was found) with its clips. `sounds` and `unanimous` leave the selected
    clips out, `selected` is the share that sounds among them; `nouns` are the most frequent."""

    verb: str | None
    clips: int
    sounds: Share
    unanimous: Share
    selected: Share
    nouns: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Clips of one verb and one noun; shares as in `VerbRow`."""

    verb: str | None
    noun: str | None
    clips: int
    sounds: Share
    selected: Share


@dataclass(frozen=True, slots=True)
class LongTail:
    """Groups, the largest first. The first `for_half` of them hold half of the clips; `singles`
    have a single clip."""

    groups: tuple[GroupRow, ...]
    for_half: int
    singles: int


def verb_table(observed: Observed, nouns: int = 3) -> tuple[VerbRow, ...]:
    """One row a verb, the most frequent first, with its `nouns` most frequent nouns."""
    verb_of, verbs = observed.verbs.of, observed.verbs.names
    clips = np.bincount(verb_of, minlength=len(verbs))
    sounds = _shares(verb_of, len(verbs), observed.label, ~observed.selected)
    unanimous = _shares(verb_of, len(verbs), observed.agreed, ~observed.selected)
    selected = _shares(verb_of, len(verbs), observed.label, observed.selected)
    frequent = _frequent_nouns(verb_of, len(verbs), observed.nouns, nouns)
    rows = [
        VerbRow(verb, int(clips[v]), sounds[v], unanimous[v], selected[v], frequent[v])
        for v, verb in enumerate(verbs)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.clips, row.verb is None, row.verb or "")))


def long_tail(observed: Observed) -> LongTail:
    """One group a verb and noun that occur together, the largest first."""
    verb_of, verbs = observed.verbs.of, observed.verbs.names
    noun_of, nouns = observed.nouns.of, observed.nouns.names
    pairs, group_of, clips = np.unique(
        verb_of * max(len(nouns), 1) + noun_of, return_inverse=True, return_counts=True
    )
    sounds = _shares(group_of, len(pairs), observed.label, ~observed.selected)
    selected = _shares(group_of, len(pairs), observed.label, observed.selected)
    sizes: list[int] = clips.tolist()
    rows = [
        GroupRow(verbs[pair // len(nouns)], nouns[pair % len(nouns)], size, *shares)
        for pair, size, *shares in zip(pairs.tolist(), sizes, sounds, selected, strict=True)
    ]
    rows.sort(key=lambda row: (-row.clips, row.verb or "", row.noun or ""))
    reached = np.cumsum([row.clips for row in rows])
    half = int(np.searchsorted(reached, len(verb_of) / 2)) + 1 if rows else 0
    return LongTail(tuple(rows), half, sizes.count(1))


def _shares(
    group_of: Ints, groups: int, said: NDArray[np.int8], counted: NDArray[np.bool_]
) -> list[Share]:
    """By group, the share of 1 among the counted clips of which something is known."""
    known = counted & (said != UNKNOWN)
    total: list[int] = np.bincount(group_of[known], minlength=groups).tolist()
    yes: list[int] = np.bincount(group_of[known & (said == 1)], minlength=groups).tolist()
    return [wilson(*pair) for pair in zip(yes, total, strict=True)]


def _frequent_nouns(
    verb_of: Ints, verbs: int, words: Words, count: int
) -> list[tuple[tuple[str, int], ...]]:
    """By verb, its most frequent nouns; ties by the alphabet."""
    found: list[tuple[tuple[str, int], ...]] = [()] * verbs
    noun_of, nouns = words.of, words.names
    named = np.array([noun is not None for noun in nouns], bool)
    if not named.any():
        return found
    there = named[noun_of]
    pairs, sizes = np.unique(verb_of[there] * len(nouns) + noun_of[there], return_counts=True)
    rank = np.empty(len(nouns), np.int64)
    rank[sorted(range(len(nouns)), key=lambda n: nouns[n] or "")] = np.arange(len(nouns))
    verb, noun = np.divmod(pairs, len(nouns))
    order = np.lexsort((rank[noun], -sizes, verb))
    starts = np.searchsorted(verb[order], np.arange(verbs + 1))
    for v in range(verbs):
        first = order[starts[v] : min(starts[v] + count, starts[v + 1])]
        found[v] = tuple((str(nouns[noun[row]]), int(sizes[row])) for row in first)
    return found
