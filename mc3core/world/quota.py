"""Shares kept by quota instead of by luck: small worlds honour the stated law too."""

import math
from collections.abc import Sequence


def largest_remainder(weights: Sequence[float], total: int) -> list[int]:
    """Whole counts that sum to `total` and lie within one of `total * weight / sum(weights)`."""
    whole = math.fsum(weights)
    if total == 0 or whole <= 0:
        return [0] * len(weights)
    # Rounding to nine digits makes ties ties on every machine; the earlier one then wins.
    exact = [round(total * weight / whole, 9) for weight in weights]
    counts = [math.floor(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def spread(weights: Sequence[Sequence[float]]) -> list[int]:
    """Give every item one category: `weights[item][category]` -> category of each item.

    Totals over all items are the largest remainders of the summed weights; along the list each
    category keeps pace with what it should have by then, so every stretch of the list (one verb,
    say) has nearly its own share too.
    """
    if not weights:
        return []
    shares = [[value / math.fsum(row) for value in row] for row in weights]
    sums = [math.fsum(row[c] for row in shares) for c in range(len(weights[0]))]
    left = largest_remainder(sums, len(weights))
    due = [0.0] * len(left)
    chosen: list[int] = []
    for row in shares:
        due = [d + share for d, share in zip(due, row, strict=True)]
        open_ = [c for c in range(len(left)) if left[c] > 0]
        best = max(open_, key=lambda c: (row[c] > 0, round(due[c], 9), -c))
        due[best] -= 1.0
        left[best] -= 1
        chosen.append(best)
    return chosen


def flags(probabilities: Sequence[float]) -> list[bool]:
    """True for as many items as the probabilities say, spread evenly along the list."""
    return [choice == 0 for choice in spread([(p, 1.0 - p) for p in probabilities])]
