"""Which questions an exam asks, and which examples warm up a day."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

T = TypeVar("T")

WARMUPS = 3


def draw(pool: Sequence[tuple[int, str, int]], count: int) -> list[int]:
    """`count` of (question, label, times asked before), as many yes as no where there are.

    Those asked least before come first, within a label in the order given. Where one label runs
    out, the other fills up.
    """
    by_use = sorted(pool, key=lambda one: one[2])
    sides = [[number for number, label, _ in by_use if label == side] for side in ("yes", "no")]
    half = [-(-count // 2), count // 2]
    if len(sides[0]) < len(sides[1]):
        half.reverse()  # the odd question goes where there are more
    first, second = (side[:share] for side, share in zip(sides, half, strict=True))
    left = [
        number
        for side, got in zip(sides, (first, second), strict=True)
        for number in side[len(got) :]
    ]
    use = {number: times for number, _, times in pool}
    left.sort(key=lambda number: use[number])
    return [*first, *second, *left[: count - len(first) - len(second)]]


def of_the_day(pool: Sequence[T], day: date, count: int = WARMUPS) -> list[T]:
    """`count` of the pool, others each day until all had their turn."""
    start = day.toordinal() * count % len(pool) if pool else 0
    turned = [*pool[start:], *pool[:start]]
    return turned[:count]
