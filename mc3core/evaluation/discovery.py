"""Sounding-action discovery: does a clip's score rank what sounds above what does not?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

CURVE_POINTS = 400
BLOCK_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve, thinned to at most 400, with the score that each point cuts at."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    threshold: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DiscoveryReport:
    """ROC and precision-recall figures of n = `positives` + `negatives` clips.

    Areas are None where they are undefined, and `undefined` says why. Intervals are 95 % percentile
    bootstrap over clips. `average_precision` is the step-wise area; `pr_trapezoid` the trapezoid
    one, which some papers report as PR-AUC; a random scorer has the share of positives in both.
    """

    positives: int
    negatives: int
    roc_auc: float | None
    roc_auc_ci: tuple[float, float] | None
    average_precision: float | None
    average_precision_ci: tuple[float, float] | None
    pr_trapezoid: float | None
    roc: Curve | None
    pr: Curve | None
    undefined: str | None = None


def discovery(
    scores: Sequence[float] | NDArray[np.floating],
    labels: Sequence[bool] | NDArray[np.bool_],
    bootstrap: int = 1000,
    seed: int = 0,
) -> DiscoveryReport:
    """ROC-AUC, average precision and their curves from one sort; ties count exactly.

    Args:
        scores: (N,) finite numbers, higher means more likely to sound.
        labels: (N,) True where the action sounds.
        bootstrap: resamples for the intervals; 0 for none.
        seed: of the resampling.

    Raises:
        ValueError: lengths differ, or a score is not finite.
    """
    score, label = np.asarray(scores, np.float64), np.asarray(labels, bool)
    if score.shape != label.shape or score.ndim != 1:
        raise ValueError(f"{score.shape} scores do not fit {label.shape} labels.")
    if not np.isfinite(score).all():
        raise ValueError("Every score must be a finite number: leave masked clips out.")
    positives = int(label.sum())
    negatives = len(label) - positives
    if not positives or not negatives:
        kind = "sounds" if not positives else "is silent"
        why = "no clip has a label" if not len(label) else f"no labelled clip {kind}"
        return DiscoveryReport(
            positives, negatives, None, None, None, None, None, None, None, f"{why}."
        )

    order = np.argsort(-score, kind="stable")
    ranked, truth = score[order], label[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])  # one group a distinct score
    hits, misses = _group_counts(truth[None], np.ones((1, len(truth)), np.int64), starts)
    roc, average = _areas(hits, misses)
    true, false = np.cumsum(hits[0]), np.cumsum(misses[0])
    precision, recall = true / (true + false), true / positives
    trapezoid = float(np.trapezoid(np.r_[1.0, precision], np.r_[0.0, recall]))
    resampled = _bootstrap(truth, starts, bootstrap, seed)
    cut = ranked[starts]
    return DiscoveryReport(
        positives=positives,
        negatives=negatives,
        roc_auc=float(roc[0]),
        roc_auc_ci=_interval(resampled[0]),
        average_precision=float(average[0]),
        average_precision_ci=_interval(resampled[1]),
        pr_trapezoid=trapezoid,
        roc=_curve(np.r_[0.0, false / negatives], np.r_[0.0, recall], np.r_[cut[0], cut]),
        pr=_curve(np.r_[0.0, recall], np.r_[1.0, precision], np.r_[cut[0], cut]),
    )


def _group_counts(
    truth: NDArray[np.bool_], weights: Counts, starts: Counts
) -> tuple[Counts, Counts]:
    """Weighted positives and negatives of every group of tied scores, each (R, groups)."""
    hits = np.add.reduceat(weights * truth, starts, axis=1)
    return hits, np.add.reduceat(weights, starts, axis=1) - hits


def _areas(hits: Counts, misses: Counts) -> tuple[Floats, Floats]:
    """ROC-AUC and average precision of R weightings (R, groups), groups from high score to low.

    A tied pair counts half for ROC-AUC. NaN for a row that lacks one of the two labels.
    """
    true, false = np.cumsum(hits, axis=1), np.cumsum(misses, axis=1)
    positives, negatives = true[:, -1], false[:, -1]
    with np.errstate(invalid="ignore", divide="ignore"):
        above = true - hits / 2  # positives above a negative of this group, ties as half
        roc = (misses * above).sum(axis=1) / (positives * negatives)
        seen = np.maximum(true + false, 1)  # leading groups that a resample left empty
        average = (hits * (true / seen)).sum(axis=1) / positives
    average[negatives == 0] = np.nan
    return roc, average


def _bootstrap(
    truth: NDArray[np.bool_], starts: Counts, resamples: int, seed: int
) -> tuple[Floats, Floats]:
    """Areas of resampled clips. A resample is a weight for every clip on the one sort."""
    size, draw = len(truth), np.random.default_rng(seed)
    block = max(1, BLOCK_CELLS // size)
    roc, average = [np.empty(0)], [np.empty(0)]
    for begin in range(0, resamples, block):
        rows = min(block, resamples - begin)
        drawn = draw.integers(size, size=(rows, size)) + size * np.arange(rows)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
        areas = _areas(*_group_counts(truth[None], weights, starts))
        roc.append(areas[0])
        average.append(areas[1])
    return np.concatenate(roc), np.concatenate(average)


def _interval(values: Floats) -> tuple[float, float] | None:
    defined = values[np.isfinite(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)


def _curve(x: Floats, y: Floats, threshold: Floats) -> Curve:
    keep = np.unique(np.linspace(0, len(x) - 1, min(len(x), CURVE_POINTS)).round().astype(int))
    x, y, threshold = x[keep], y[keep], threshold[keep]
    return Curve(tuple(x.tolist()), tuple(y.tolist()), tuple(threshold.tolist()))
