"""A share is never told without its interval."""

import math

import pytest

from annotation.shares import share_of, wilson


@pytest.mark.parametrize(
    ("yes", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 2, 0.0945, 0.9055),
        (93, 100, 0.8625, 0.9657),
    ],
)
def test_the_interval_is_wilsons(yes: int, total: int, low: float, high: float) -> None:
    """Newcombe (1998), method 3."""
    share = wilson(yes, total)
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


def test_the_interval_ends_where_a_score_test_just_rejects() -> None:
    share, z = wilson(7, 30), 1.959964
    for end in (share.low, share.high):
        assert end is not None
        assert abs(7 / 30 - end) / math.sqrt(end * (1 - end) / 30) == pytest.approx(z)


def test_clips_without_a_label_do_not_count() -> None:
    share = share_of([True, None, False, None, True])
    assert (share.yes, share.total) == (2, 3)


def test_no_label_is_no_share() -> None:
    assert share_of([None]) == share_of([])
    assert share_of([]).share is None
