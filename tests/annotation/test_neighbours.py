"""Blocked neighbours equal the full matrix, ties and all."""

import numpy as np
import pytest
from numpy.typing import NDArray

from annotation.neighbours import nearest, nearest_to


def unit_rows(count: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(3).normal(size=(count, 6))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("block", [1, 7, 64])
def test_blocks_do_not_show(block: int) -> None:
    rows = unit_rows(50)
    whole = rows @ rows.T
    np.fill_diagonal(whole, np.inf)
    found = nearest(rows, 9, block)
    assert np.array_equal(found.rows, np.argsort(-whole, axis=1, kind="stable")[:, :9])
    assert np.array_equal(found.rows[:, 0], np.arange(50))
    assert (found.distances[:, 0] == 0).all()
    assert (np.diff(found.distances, axis=1) >= 0).all()


def test_equally_near_rows_come_in_the_order_of_their_numbers() -> None:
    found = nearest(np.repeat(unit_rows(1), 6, axis=0), 4)
    assert found.rows[2].tolist() == [2, 0, 1, 3]


def test_there_are_never_more_neighbours_than_rows() -> None:
    assert nearest(unit_rows(3), 15).rows.shape == (3, 3)
    assert nearest_to(unit_rows(3)[0], unit_rows(3), 15).tolist()[0] == 0
