"""The lasso takes exactly the points inside its line."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.lasso import inside

places = st.tuples(st.integers(-40, 40), st.integers(-40, 40))


def slow_inside(x: float, y: float, polygon: list[tuple[int, int]]) -> bool:
    """Count the edges that a ray to the right crosses, one by one."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(places, min_size=3, max_size=12), st.integers(0, 1000))
def test_every_point_is_where_a_ray_says(polygon: list[tuple[int, int]], seed: int) -> None:
    # Off the grid of the corners, so that no point lies on the line itself.
    points = (np.random.default_rng(seed).integers(-40, 40, (80, 2)) + 0.37).astype(np.float32)
    found = inside(points, np.array(polygon, np.float64))
    assert found.tolist() == [slow_inside(float(x), float(y), polygon) for x, y in points]


def test_a_star_is_hollow_in_the_middle() -> None:
    turns = np.arange(5) * 2 * (2 * np.pi / 5)
    star = np.stack([np.sin(turns), np.cos(turns)], axis=1)
    points = np.array([[0, 0], [0, 0.9], [2, 2]], np.float32)
    assert inside(points, star).tolist() == [False, True, False]


def test_points_without_a_place_are_outside() -> None:
    square = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], np.float64)
    assert inside(np.full((2, 2), np.nan, np.float32), square).tolist() == [False, False]
