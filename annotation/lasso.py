"""Which points lie inside a drawn line."""

import numpy as np
from numpy.typing import NDArray


def inside(points: NDArray[np.float32], polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Even-odd rule: (N,) True where a point (N, 2) lies inside the closed polygon (V, 2), V >= 3.

    One pass over the edges, each over all points. A point is inside when a ray to the right crosses
    the line an odd number of times; points that are NaN are outside.
    """
    x, y = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
    found = np.zeros(len(points), bool)
    for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        spans = (y1 > y) != (y2 > y)
        found ^= spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found
