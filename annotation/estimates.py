"""A figure with its bootstrap interval over clips, or the reason why there is none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESAMPLES = 1000
# Numbers drawn at a time: 32 MB of counts.
BLOCK = 4_000_000
# An interval from fewer defined resamples would be that of the lucky ones.
DEFINED = 0.95
NOBODY = "fewer than two clips"
ONE_CATEGORY = "a single category: chance agreement is certain"
RARE_CATEGORY = "a category too rare for an interval"
NO_SPREAD = "all clips alike: resampling sees no spread"


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` over `n` clips and the ends of its 95 % interval.

    None where it cannot be computed; `note` says why, or warns of an interval without width.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    note: str = ""


def estimate(value: float, resampled: Floats, n: int, undefined: str = ONE_CATEGORY) -> Estimate:
    """A value and the 2.5 and 97.5 percentiles of its resamples (B,); NaN is undefined."""
    if n < 2:
        return Estimate(None, None, None, n, NOBODY)
    if not np.isfinite(value):
        return Estimate(None, None, None, n, undefined)
    defined = resampled[np.isfinite(resampled)]
    if not len(defined) or len(defined) < DEFINED * len(resampled):
        return Estimate(float(value), None, None, n, RARE_CATEGORY if len(resampled) else "")
    low, high = np.quantile(defined, (0.025, 0.975))
    # Sums in another order differ in the last digit, which is no spread.
    note = NO_SPREAD if high - low < 1e-9 else ""
    return Estimate(float(value), float(low), float(high), n, note)


def resampled_sums(features: Floats, counts: Ints, resamples: int, seed: int) -> Floats:
    """Sums of features (rows, f) over clips drawn again with replacement: (resamples, f).

    Clips of a kind are one row, `counts` (rows,) says how many there are: drawing clips is drawing
    their multinomial counts, so that 33,000 clips of three answers cost as little as ten.
    """
    total = int(counts.sum())
    if not total or not resamples:
        return np.zeros((resamples, features.shape[1]))
    draw, shares = np.random.default_rng(seed), counts / total
    step = max(1, BLOCK // len(counts))
    parts = [
        draw.multinomial(total, shares, size=min(step, resamples - start)) @ features
        for start in range(0, resamples, step)
    ]
    return np.concatenate(parts)


def distinct(table: Ints) -> tuple[Ints, Ints]:
    """The different rows of a table (n, c), and how many there are of each.

    Rows become one number each where they fit, for numbers sort faster than rows.
    """
    if not len(table):
        return table, np.zeros(0, np.int64)
    base = int(table.max()) + 1
    if base ** table.shape[1] >= 2**62:
        rows, counts = np.unique(table, axis=0, return_counts=True)
        return rows, counts
    powers = base ** np.arange(table.shape[1], dtype=np.int64)
    _, first, counts = np.unique(table @ powers, return_index=True, return_counts=True)
    return table[first], counts
