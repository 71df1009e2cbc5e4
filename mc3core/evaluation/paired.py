"""Two scores of the same clips: their difference, resampled over clips with the same draws."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mc3core.evaluation.areas import (
    Counts,
    Floats,
    areas,
    counts,
    interval,
    ranked,
    resamples,
    weighted_areas,
)
from mc3core.evaluation.discovery import checked
from mc3core.evaluation.queries import QueryHits

Figure = Literal["roc_auc", "average_precision"]

FIGURES: tuple[Figure, ...] = ("roc_auc", "average_precision")


class Difference(NamedTuple):
    """First minus second, and the 95 % percentile interval of its resamples."""

    difference: float
    low: float
    high: float


def paired_difference(
    scores_a: Sequence[float] | NDArray[np.floating],
    scores_b: Sequence[float] | NDArray[np.floating],
    labels: Sequence[bool] | NDArray[np.bool_],
    bootstrap: int = 1000,
    seed: int = 0,
    figure: Figure = "roc_auc",
) -> Difference:
    """What score A has over score B in one figure; see `paired_differences`."""
    return paired_differences(scores_a, scores_b, labels, bootstrap, seed)[figure]


def paired_differences(
    scores_a: Sequence[float] | NDArray[np.floating],
    scores_b: Sequence[float] | NDArray[np.floating],
    labels: Sequence[bool] | NDArray[np.bool_],
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[Figure, Difference]:
    """A minus B in ROC-AUC and average precision, every resample of clips weighing both.

    Args:
        scores_a, scores_b: (N,) finite numbers, row by row of the same clips.
        labels: (N,) True where the action sounds.
        bootstrap: resamples; at least 1.
        seed: of the resampling: the same clips and seed are the same resamples for any two scores.

    Raises:
        ValueError: lengths differ, a score is not finite, one of the two labels is absent.
    """
    a, label = checked(scores_a, labels)
    b, _ = checked(scores_b, labels)
    if bootstrap < 1:
        raise ValueError("An interval needs at least one resample.")
    if label.all() or not label.any():
        raise ValueError("A difference needs clips that sound and clips that are silent.")
    first, second = ranked(a, label), ranked(b, label)
    known = [np.subtract(areas(*counts(first)), areas(*counts(second)))]
    drawn = [
        np.subtract(weighted_areas(first, weights), weighted_areas(second, weights))  # (2, R)
        for weights in resamples(len(label), bootstrap, seed)
    ]
    return {
        figure: _difference(float(known[0][row]), np.concatenate([d[row] for d in drawn]))
        for row, figure in enumerate(FIGURES)
    }


def paired_retrieval(
    a: Mapping[str, QueryHits],
    b: Mapping[str, QueryHits],
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, dict[str, Difference]]:
    """A minus B in every figure (`any_hit@5`, ...) of the directions that both have, resampled over
    queries. ValueError where the queries or the pool are not the same."""
    found: dict[str, dict[str, Difference]] = {}
    for name in a:
        if name not in b:
            continue
        one, other = a[name], b[name]
        if one.query_ids != other.query_ids or one.pool_ids != other.pool_ids:
            raise ValueError(f"{name}: the two were not asked the same queries of the same pool.")
        if not one.query_ids:
            continue
        mine, theirs = one.figures(), other.figures()
        gaps = np.stack([mine[figure] - theirs[figure] for figure in mine])  # (figures, Q)
        drawn = np.concatenate(
            [_means(weights, gaps) for weights in resamples(gaps.shape[1], bootstrap, seed)], axis=1
        )
        found[name] = {
            figure: _difference(float(gaps[row].mean()), drawn[row])
            for row, figure in enumerate(mine)
        }
    return found


def _means(weights: Counts, values: Floats) -> Floats:
    """Means (figures, R) of values (figures, Q) over R resamples (R, Q)."""
    return values @ weights.T.astype(np.float64) / values.shape[1]


def _difference(known: float, drawn: Floats) -> Difference:
    ends = interval(drawn)
    return Difference(known, *(ends or (float("nan"), float("nan"))))
