"""Areas under ROC and precision-recall from one sort, for the clips and for their resamples."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

BLOCK_CELLS = 500_000


@dataclass(frozen=True, slots=True)
class Ranked:
    """N clips from high score to low; clips of equal score form one of G groups.

    `order` (N,) are rows of the clips, `truth` (N,) their labels in that order, `cut` (G,) the
    score of each group and `ends` (G,) the place of its last clip.
    """

    order: Counts
    truth: NDArray[np.bool_]
    cut: Floats
    ends: Counts


def ranked(scores: Floats, labels: NDArray[np.bool_]) -> Ranked:
    """Sort (N,) scores once; N is at least 1. Which of two tied clips comes first never matters."""
    order = np.argsort(scores)[::-1]
    values = scores[order]
    last = np.empty(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=last[:-1])
    last[-1] = True
    ends = np.flatnonzero(last)
    return Ranked(order, labels[order], values[ends], ends)


def counts(found: Ranked) -> tuple[Counts, Counts]:
    """Positives and negatives (G,) down to the end of each group."""
    true = np.cumsum(found.truth, dtype=np.int64)[found.ends]
    return true, found.ends + 1 - true


def areas(true: Counts, false: Counts) -> tuple[float, float]:
    """ROC-AUC and average precision of running counts (G,), from high score to low.

    A tied pair counts half for ROC-AUC. NaN where one of the two labels is absent.
    """
    roc, average = _areas(true[None], false[None])
    return float(roc[0]), float(average[0])


def roc_auc_and_average_precision(
    scores: NDArray[np.floating], labels: NDArray[np.bool_]
) -> tuple[float, float]:
    """Both areas of (N,) scores, N at least 1; NaN where one of the two labels is absent."""
    found = ranked(np.asarray(scores, np.float64), np.asarray(labels, bool))
    return areas(*counts(found))


def weighted_areas(found: Ranked, weights: Counts) -> tuple[Floats, Floats]:
    """Areas (R,) of R weightings (R, N) of the clips, in the order of the rows that were ranked."""
    placed = weights[:, found.order]
    true = np.cumsum(placed * found.truth, axis=1)
    drawn = np.cumsum(placed, axis=1)
    if len(found.ends) < len(found.order):
        true, drawn = true[:, found.ends], drawn[:, found.ends]
    return _areas(true, drawn - true)


def resamples(size: int, number: int, seed: int) -> Iterator[Counts]:
    """`number` bootstrap resamples of `size` clips, as how often each was drawn: blocks (R, size).

    The same size, number and seed give the same resamples, whatever they weigh.
    """
    draw = np.random.default_rng(seed)
    block = max(1, BLOCK_CELLS // max(size, 1))
    for begin in range(0, number, block):
        rows = min(block, number - begin)
        drawn = draw.integers(size, size=(rows, size)) + size * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)


def interval(values: Floats) -> tuple[float, float] | None:
    """The middle 95 % of (R,) resampled figures; those that a resample left undefined are left
    out."""
    defined = values[np.isfinite(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)


def _areas(true: Counts, false: Counts) -> tuple[Floats, Floats]:
    hits, misses = _steps(true), _steps(false)
    positives, negatives = true[:, -1], false[:, -1]
    with np.errstate(invalid="ignore", divide="ignore"):
        # Positives above a negative of each group, those beside it as half: twice, as integers.
        roc = np.einsum("rg,rg->r", misses, 2 * true - hits) / (2.0 * positives * negatives)
        seen = np.maximum(true + false, 1)  # leading groups that a resample left empty
        average = np.einsum("rg,rg->r", hits, true / seen) / positives
    average[negatives == 0] = np.nan
    return roc, average


def _steps(running: Counts) -> Counts:
    steps = running.copy()
    steps[:, 1:] -= running[:, :-1]
    return steps
