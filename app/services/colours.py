"""What the points of a map are coloured by: one small code a point, and what the codes mean."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.services.atlas import Atlas
from app.services.verdicts import Verdicts, opinion

OPINIONS = ("sounds", "silent", "disagreement", "unsure", "broken", "unlabelled")
VERBS = 20
# A continuous score is drawn as this many steps: one trace a step is what Plotly draws fastest.
SCORE_STEPS = 16


@dataclass(frozen=True, slots=True)
class Category:
    """`role` picks the colour in the page: a fixed meaning, a step of a scale, or a place in the
    palette."""

    name: str
    role: str
    count: int


@dataclass(frozen=True, slots=True)
class Colours:
    """`codes` (M,) uint16 point at `categories`, one for each point on the map."""

    categories: tuple[Category, ...]
    codes: NDArray[np.uint16]


def colours(atlas: Atlas, by: str, clusters: int, verdicts: Verdicts) -> Colours:
    """Colour the points by cluster, label, score (cosine of sound and picture), verb, or source.

    Raises KeyError for another word.
    """
    clips = [atlas.space.clips[row] for row in atlas.rows]
    if by == "cluster":
        return _by_cluster(atlas, clusters)
    if by == "label":
        words = [opinion(verdicts.of.get(clip.clip_id)) for clip in clips]
        there = set(words)
        return _named(words, [word for word in OPINIONS if word in there], meaning=True)
    if by == "verb":
        verbs = [clip.verb for clip in clips]
        usual = _ranked(verb for verb in verbs if verb)[:VERBS]
        words = [verb if verb in usual else "other" if verb else "no verb" for verb in verbs]
        rest = [word for word in ("other", "no verb") if word in words]
        return _named(words, [*usual, *rest])
    if by == "source":
        words = [f"{clip.source} · {clip.split}" for clip in clips]
        return _named(words, sorted(set(words)))
    return _by_score(atlas, {"score": "av", "score_al": "al"}[by])


def _by_cluster(atlas: Atlas, clusters: int) -> Colours:
    made = atlas.cut(clusters)
    kinds = tuple(Category(group.name, "palette", len(group.rows)) for group in made.groups)
    return Colours(kinds, made.labels[atlas.rows].astype(np.uint16))


def _named(words: Sequence[str], order: Sequence[str], *, meaning: bool = False) -> Colours:
    number = {word: code for code, word in enumerate(order)}
    counts = Counter(words)
    fixed = {"other", "no verb"}
    kinds = tuple(
        Category(word, word if meaning else "rest" if word in fixed else "palette", counts[word])
        for word in order
    )
    return Colours(kinds, np.array([number[word] for word in words], np.uint16))


def _by_score(atlas: Atlas, name: str) -> Colours:
    """Equal steps between the 1st and the 99th percentile, low to high; then "no score"."""
    scores = atlas.scores[name][atlas.rows]
    known = scores[~np.isnan(scores)]
    if known.size == 0:
        return Colours(
            (Category("no score", "rest", scores.size),), np.zeros(scores.size, np.uint16)
        )
    low, high = np.percentile(known, (1, 99))
    edges = np.linspace(low, max(high, low + 1e-6), SCORE_STEPS + 1)
    codes = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, SCORE_STEPS - 1)
    codes[np.isnan(scores)] = SCORE_STEPS
    counts = np.bincount(codes, minlength=SCORE_STEPS + 1)
    kinds = [
        Category(f"{edges[step]:.2f} to {edges[step + 1]:.2f}", f"scale:{step}", int(counts[step]))
        for step in range(SCORE_STEPS)
    ]
    if counts[SCORE_STEPS]:
        kinds.append(Category("no score", "rest", int(counts[SCORE_STEPS])))
    return Colours(tuple(kinds), codes.astype(np.uint16))


def _ranked(words: Iterable[str]) -> list[str]:
    """Distinct words, the most frequent first; ties by the alphabet."""
    return [word for word, _ in sorted(Counter(words).items(), key=lambda p: (-p[1], p[0]))]
