"""Discovery figures equal scikit-learn's, ties and all, and say when they are undefined."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_auc_score

from mc3core.evaluation.discovery import discovery


def scored(n: int, seed: int, digits: int | None) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Scores that know something about the labels; rounded to `digits` they tie."""
    draw = np.random.default_rng(seed)
    labels = draw.random(n) < 0.54
    labels[:2] = True, False
    scores = draw.normal(size=n) + labels
    return (scores if digits is None else scores.round(digits)), labels


@pytest.mark.parametrize("digits", [None, 1, 0])
@pytest.mark.parametrize("n", [2, 3, 50, 1000])
def test_areas_equal_sklearns(n: int, digits: int | None) -> None:
    scores, labels = scored(n, n, digits)
    found = discovery(scores, labels, bootstrap=0)
    assert found.roc_auc == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)
    assert found.average_precision == pytest.approx(
        average_precision_score(labels, scores), abs=1e-12
    )
    precision, recall, _ = precision_recall_curve(labels, scores)
    assert found.pr_trapezoid == pytest.approx(auc(recall, precision), abs=1e-12)
    assert (found.positives, found.negatives) == (labels.sum(), (~labels).sum())


def test_scores_that_say_nothing_are_chance() -> None:
    labels = np.arange(100) % 4 == 0
    found = discovery(np.zeros(100), labels)
    assert found.roc_auc == 0.5
    assert found.average_precision == pytest.approx(0.25)


def test_the_interval_is_that_of_resampling_clips_by_hand() -> None:
    scores, labels = scored(120, 0, 1)
    order = np.argsort(-scores, kind="stable")  # clips are drawn by their place in this order
    scores, labels = scores[order], labels[order]
    draw, by_hand = np.random.default_rng(5), list[tuple[float, float]]()
    for row in draw.integers(120, size=(400, 120)):
        if 0 < labels[row].sum() < 120:
            by_hand.append(
                (
                    float(roc_auc_score(labels[row], scores[row])),
                    float(average_precision_score(labels[row], scores[row])),
                )
            )
    low, high = np.percentile(np.array(by_hand), [2.5, 97.5], axis=0)
    found = discovery(scores, labels, bootstrap=400, seed=5)
    assert found.roc_auc_ci == pytest.approx((low[0], high[0]), abs=1e-12)
    assert found.average_precision_ci == pytest.approx((low[1], high[1]), abs=1e-12)


def test_the_interval_narrows_with_clips_and_follows_the_seed() -> None:
    few, many = (discovery(*scored(n, 1, None)) for n in (60, 3000))
    assert few.roc_auc_ci and many.roc_auc_ci and few.roc_auc is not None
    assert few.roc_auc_ci[0] < few.roc_auc < few.roc_auc_ci[1]
    assert many.roc_auc_ci[1] - many.roc_auc_ci[0] < few.roc_auc_ci[1] - few.roc_auc_ci[0]
    assert discovery(*scored(60, 1, None)) == few
    assert discovery(*scored(60, 1, None), seed=1).roc_auc_ci != few.roc_auc_ci


@pytest.mark.parametrize(
    ("labels", "reason"),
    [([], "no clip has a label"), ([True], "is silent"), ([False, False], "sounds")],
)
def test_what_cannot_be_computed_is_none_with_its_reason(labels: list[bool], reason: str) -> None:
    found = discovery([0.5] * len(labels), labels)
    assert found.roc_auc is None and found.average_precision is None and found.roc is None
    assert found.undefined is not None and reason in found.undefined


def test_curves_end_in_their_corners_and_are_thin() -> None:
    found = discovery(*scored(5000, 2, None), bootstrap=0)
    assert found.roc is not None and found.pr is not None
    assert (found.roc.x[0], found.roc.y[0]) == (0, 0)
    assert (found.roc.x[-1], found.roc.y[-1]) == (1, 1)
    assert (found.pr.x[0], found.pr.x[-1]) == (0, 1)
    assert len(found.roc.x) <= 400 and len(found.roc.x) == len(found.roc.threshold)
    assert list(found.roc.x) == sorted(found.roc.x)


def test_each_point_is_what_its_threshold_gives() -> None:
    scores, labels = scored(200, 3, 1)
    found = discovery(scores, labels, bootstrap=0)
    assert found.roc is not None and found.pr is not None
    for x, y, cut in list(zip(found.roc.x, found.roc.y, found.roc.threshold, strict=True))[1:]:
        assert x == pytest.approx((scores[~labels] >= cut).mean())
        assert y == pytest.approx((scores[labels] >= cut).mean())


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        discovery([0.1, float("nan")], [True, False])
    with pytest.raises(ValueError, match="do not fit"):
        discovery([0.1], [True, False])
