"""Exact nearest neighbours by blocked matrix products: never all pairs at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`rows` (N, k) int64 and cosine distances (N, k) float32, the nearest first. Every row is its
    own first neighbour, at distance 0."""

    rows: NDArray[np.int64]
    distances: Floats


def nearest(vectors: Floats, count: int, block: int = 1024) -> Neighbours:
    """The `count` nearest of the unit rows (N, D) to each of them, itself first.

    `count` is clipped to N. Equally near rows come in the order of their numbers.
    """
    total = len(vectors)
    count = min(count, total)
    rows = np.empty((total, count), np.int64)
    distances = np.empty((total, count), np.float32)
    for start in range(0, total, block):
        own = np.arange(start, min(start + block, total))
        cosines = vectors[own] @ vectors.T
        cosines[own - start, own] = np.inf
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
        rows[own] = order
        distances[own] = np.maximum(1 - np.take_along_axis(cosines, order, axis=1), 0)
    return Neighbours(rows, distances)


def nearest_to(query: Floats, vectors: Floats, count: int) -> NDArray[np.int64]:
    """Rows of `vectors` (N, D) by falling cosine to `query` (D,), at most `count` of them."""
    return np.argsort(-(vectors @ query), kind="stable")[:count].astype(np.int64)
