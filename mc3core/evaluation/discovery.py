"""Sounding-action discovery: does a clip's score rank what sounds above what does not?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mc3core.evaluation.areas import (
    Floats,
    areas,
    counts,
    interval,
    ranked,
    resamples,
    weighted_areas,
)

CURVE_POINTS = 400


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
    score, label = checked(scores, labels)
    positives = int(label.sum())
    negatives = len(label) - positives
    if not positives or not negatives:
        kind = "sounds" if not positives else "is silent"
        why = "no clip has a label" if not len(label) else f"no labelled clip {kind}"
        return DiscoveryReport(
            positives, negatives, None, None, None, None, None, None, None, f"{why}."
        )

    order = ranked(score, label)
    true, false = counts(order)
    roc, average = areas(true, false)
    precision, recall = true / (true + false), true / positives
    trapezoid = float(np.trapezoid(np.r_[1.0, precision], np.r_[0.0, recall]))
    drawn = [weighted_areas(order, w) for w in resamples(len(label), bootstrap, seed)]
    cut = np.r_[order.cut[0], order.cut]
    return DiscoveryReport(
        positives=positives,
        negatives=negatives,
        roc_auc=roc,
        roc_auc_ci=interval(np.concatenate([np.empty(0), *(a[0] for a in drawn)])),
        average_precision=average,
        average_precision_ci=interval(np.concatenate([np.empty(0), *(a[1] for a in drawn)])),
        pr_trapezoid=trapezoid,
        roc=_curve(np.r_[0.0, false / negatives], np.r_[0.0, recall], cut),
        pr=_curve(np.r_[0.0, recall], np.r_[1.0, precision], cut),
    )


def checked(
    scores: Sequence[float] | NDArray[np.floating], labels: Sequence[bool] | NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Scores and labels as arrays (N,). ValueError: lengths differ, or a score is not finite."""
    score, label = np.asarray(scores, np.float64), np.asarray(labels, bool)
    if score.shape != label.shape or score.ndim != 1:
        raise ValueError(f"{score.shape} scores do not fit {label.shape} labels.")
    if not np.isfinite(score).all():
        raise ValueError("Every score must be a finite number: leave masked clips out.")
    return score, label


def _curve(x: Floats, y: Floats, threshold: Floats) -> Curve:
    keep = np.unique(np.linspace(0, len(x) - 1, min(len(x), CURVE_POINTS)).round().astype(int))
    x, y, threshold = x[keep], y[keep], threshold[keep]
    return Curve(tuple(x.tolist()), tuple(y.tolist()), tuple(threshold.tolist()))
