"""Answers become codes, whatever their order; gaps stay gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.ratings import NO, UNSURE, YES, collect

ANSWERS = [
    ("b", "ann", "yes"),
    ("a", "ann", "no"),
    ("b", "bo", "broken"),
    ("a", "bo", "unsure"),
    ("a", "cy", "no"),
]


def columns(rows: list[tuple[str, str, str]]) -> tuple[list[str], list[str], list[str]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def test_codes_lead_back_to_names_and_broken_clips_are_left_out() -> None:
    ratings, rows = collect(*columns(ANSWERS))
    assert (ratings.clips, ratings.people) == (("a", "b"), ("ann", "bo", "cy"))
    assert rows.tolist() == [0, 1, 3, 4]
    assert ratings.values.tolist() == [YES, NO, UNSURE, NO]
    assert ratings.table().tolist() == [[2, 0, 1], [0, 1, 0]]


@given(st.permutations(ANSWERS))
def test_the_table_does_not_know_the_order_of_answers(rows: list[tuple[str, str, str]]) -> None:
    assert collect(*columns(rows))[0].table().tolist() == [[2, 0, 1], [0, 1, 0]]


def test_a_part_keeps_the_codes_of_the_whole() -> None:
    ratings, _ = collect(*columns(ANSWERS))
    part = ratings.only(ratings.raters == ratings.people.index("ann"))
    assert part.clips == ratings.clips
    assert part.table().tolist() == [[1, 0, 0], [0, 1, 0]]
    assert len(ratings.only(np.zeros(4, np.bool_))) == 0


def test_numpy_columns_and_other_categories_are_taken() -> None:
    values = np.array(["tap", "pan", "pan"])
    ratings, _ = collect(
        np.array(["a", "a", "b"]).tolist(), ["x", "y", "x"], values.tolist(), ("pan", "tap")
    )
    assert ratings.table().tolist() == [[1, 1], [1, 0]]


def test_nobody_counts_twice_on_one_clip() -> None:
    with pytest.raises(ValueError, match="ann answered clip b more than once"):
        collect(["b", "b"], ["ann", "ann"], ["yes", "no"])


def test_unknown_values_and_uneven_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown value 'maybe'"):
        collect(["a"], ["ann"], ["maybe"])
    with pytest.raises(ValueError, match="unequal"):
        collect(["a"], ["ann", "bo"], ["yes"])
    assert len(collect([], [], [])[0]) == 0
