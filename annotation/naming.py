"""Names for clusters, from the verbs and nouns that are more frequent in them than elsewhere."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Clips' worth of the whole set mixed into each cluster, so that one odd clip makes no name.
PSEUDO_CLIPS = 2.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word that `count` clips of a cluster have, `lift` times its usual share."""

    word: str
    count: int
    lift: float


@dataclass(frozen=True, slots=True)
class Usual:
    """How often each word is met among all `total` clips; counted once for all clusters."""

    counts: Mapping[str, int]
    total: int


def usual_words(words: Sequence[str | None]) -> Usual:
    """Count the words of all clips; a missing word is None."""
    return Usual(Counter(word for word in words if word), len(words))


def over_represented(
    inside: Sequence[str | None], everywhere: Usual, count: int = 3
) -> tuple[Word, ...]:
    """Words whose share inside is above their share everywhere, the most telling first.

    Lift is the smoothed share inside over the share everywhere. The order is by count * log(lift),
    each word's part in the log likelihood ratio (Dunning 1993), so that a frequent word comes
    before a rare one with a freak lift; ties go by count, then by the alphabet. A missing word is
    None.
    """
    found: list[tuple[float, Word]] = []
    for word, here in Counter(word for word in inside if word).items():
        share = everywhere.counts.get(word, 0) / max(everywhere.total, 1)
        smoothed = (here + PSEUDO_CLIPS * share) / (len(inside) + PSEUDO_CLIPS)
        lift = smoothed / share if share else math.inf
        if lift > 1:
            found.append((here * math.log(lift), Word(word, here, lift)))
    found.sort(key=lambda pair: (-pair[0], -pair[1].count, pair[1].word))
    return tuple(word for _, word in found[:count])


def names(verbs: Sequence[Sequence[Word]], nouns: Sequence[Sequence[Word]]) -> list[str]:
    """One name a cluster, all different: its first verb and noun, longer only where two agree.

    `verbs[i]` and `nouns[i]` are the over-represented words of cluster i, best first.
    """
    candidates = [_longer(v, n) for v, n in zip(verbs, nouns, strict=True)]
    shortest = Counter(names[0] for names in candidates)
    taken: set[str] = set()
    chosen: list[str] = []
    for options in candidates:
        free = options if shortest[options[0]] == 1 else [*options[1:], *options]
        name = next((option for option in free if option not in taken), None)
        name = name or _numbered(options[-1], taken)
        taken.add(name)
        chosen.append(name)
    return chosen


def _longer(verbs: Sequence[Word], nouns: Sequence[Word]) -> list[str]:
    """Ever longer names of one cluster; a noun nearly as frequent as the first stands with it."""
    parts = [[word.word for word in verbs], [word.word for word in nouns]]
    even = 2 if len(nouns) > 1 and nouns[1].count >= 0.8 * nouns[0].count else 1
    options = [
        " · ".join(
            ", ".join(words[:size]) for words, size in zip(parts, sizes, strict=True) if words
        )
        for sizes in ((1, even), (1, 2), (2, 2), (3, 3))
    ]
    return list(dict.fromkeys(options)) if any(parts) else ["mixed"]


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
