"""What a random order of the pool gives: every retrieval figure's own chance, in closed form."""

import math

import numpy as np
from numpy.typing import NDArray

from mc3core.evaluation.queries import Measure, measured

Ints = NDArray[np.int64]


def chance_measure(name: Measure, pool: int, relevant: Ints, k: int) -> float:
    """Expected mean over queries of a measure at cutoff k, R (Q,) of the `pool` items being right.

    The hits among the first k are hypergeometric: k R / P of them are expected, and none at all has
    the probability C(P-R, k) / C(P, k).
    """
    shown = min(k, pool)
    if name == "any_hit":
        sizes, counts = np.unique(relevant, return_counts=True)
        every = math.comb(pool, shown)
        none = [math.comb(pool - size, shown) / every for size in sizes.tolist()]
        return float(1 - np.average(none, weights=counts))
    return float(measured(name, shown * relevant / pool, relevant, k).mean())


def chance_median_rank(pool: int, relevant: Ints) -> float:
    """Median over queries of the first right item's rank: the least r that half of them reach.

    The first r of a random order hold none of R right ones with probability
    prod_{i < r} (P - R - i) / (P - i).
    """
    sizes, counts = np.unique(relevant, return_counts=True)
    drawn = np.arange(pool)
    missed = np.zeros(pool)  # share of queries without a right item among the first r = 1 ... P
    for size, count in zip(sizes.tolist(), counts.tolist(), strict=True):
        missed += count * np.cumprod(np.maximum(pool - size - drawn, 0) / (pool - drawn))
    reached = missed / len(relevant) <= 0.5 + 1e-12
    return float(reached.argmax() + 1)
