"""Which points lie inside a drawn line."""

import numpy as np
from numpy.typing import NDArray


def inside(points: NDArray[np.float32], polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Even-odd rule: (N,) True where a point (N, 2) lies inside the closed polygon (V, 2), V >= 3.

    A point is inside when a ray to the right crosses the line an odd number of times; points that
    are NaN are outside. Each edge looks only at the points between the heights of its ends.
    """
    order = np.argsort(points[:, 1], kind="stable")  # NaN last
    x, y = points[order].astype(np.float64).T
    odd = np.zeros(len(points), bool)
    for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        low, high = np.searchsorted(y, (min(y1, y2), max(y1, y2)))
        odd[low:high] ^= x[low:high] < (x2 - x1) * (y[low:high] - y1) / ((y2 - y1) or 1.0) + x1
    found = np.empty_like(odd)
    found[order] = odd
    return found
