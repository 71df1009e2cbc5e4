"""Seeded draws that are the same on every machine and with every version of every library."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def seed_of(*parts: object) -> int:
    """A 63-bit seed for whatever `parts` name (their `repr` counts)."""
    digest = blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class Dice:
    """Draws from BLAKE2b in counter mode: only integers and exactly rounded floats leave it.

    numpy promises the same stream for a bit generator, not for what a Generator makes of it; a plan
    that must be byte-equal anywhere cannot lean on that.
    """

    def __init__(self, *parts: object) -> None:
        self._key = repr(parts).encode()
        self._counter = 0
        self._stock: list[int] = []

    def raw(self) -> int:
        """64 random bits."""
        if not self._stock:
            block = blake2b(self._key + b"#%d" % self._counter).digest()
            self._counter += 1
            self._stock = [int.from_bytes(block[i : i + 8], "big") for i in range(0, 64, 8)]
        return self._stock.pop()

    def unit(self) -> float:
        """Uniform in [0, 1), 53 bits."""
        return (self.raw() >> 11) * 2.0**-53

    def below(self, count: int) -> int:
        """Uniform integer in [0, count)."""
        return self.raw() * count >> 64

    def between(self, low: float, high: float, digits: int = 3) -> float:
        """Uniform in [low, high], rounded to `digits`."""
        return round(low + (high - low) * self.unit(), digits)

    def chance(self, probability: float) -> bool:
        return self.unit() < probability

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list in random order (Fisher-Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result
