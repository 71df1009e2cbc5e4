"""The map is the same for the same seed, and small sets have one too."""

import numpy as np
import pytest
from numpy.typing import NDArray

from annotation.projection import principal_axes, project


def groups(count: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    kind = np.arange(count) % 3
    rows = rng.normal(size=(3, 16))[kind] + 0.3 * rng.normal(size=(count, 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), kind


@pytest.mark.xdist_group("umap")
def test_a_seed_gives_one_map_that_keeps_groups_apart_and_masked_clips_off() -> None:
    rows, kind = groups(90)
    present = np.ones(90, bool)
    present[[4, 50]] = False
    points = project(rows, present, seed=5)
    assert np.array_equal(points, project(rows, present, seed=5), equal_nan=True)
    assert points.dtype == np.float32
    assert np.isnan(points[~present]).all()
    middle = np.stack([points[present & (kind == k)].mean(axis=0) for k in range(3)])
    nearest = np.linalg.norm(points[:, None] - middle, axis=2)[present].argmin(axis=1)
    assert (nearest == kind[present]).all()


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_under_ten_clips_take_their_main_axes(count: int) -> None:
    rows, _ = groups(9)
    present = np.arange(9) < count
    points = project(rows, present)
    assert np.isfinite(points[present]).all()
    assert np.array_equal(points[present], principal_axes(rows[present]))


def test_identical_clips_lie_on_one_point() -> None:
    rows = np.repeat(groups(1)[0], 40, axis=0)
    assert (project(rows, np.ones(40, bool)) == 0).all()


def test_main_axes_hold_the_most_variance_two_directions_can() -> None:
    rows, _ = groups(60)
    centred = rows - rows.mean(axis=0)
    largest = np.linalg.eigvalsh(centred.T @ centred)[-2:].sum()
    assert (principal_axes(rows) ** 2).sum() == pytest.approx(float(largest), rel=1e-4)
