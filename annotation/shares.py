"""A share with its interval and its n."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """`yes` of `total` said yes. `low` and `high` are Wilson's 95 % interval; all three figures are
    None where there was nobody to ask."""

    yes: int
    total: int
    share: float | None
    low: float | None
    high: float | None


def share_of(answers: Iterable[bool | None], z: float = 1.959964) -> Share:
    """The share of True among the answers that are not None."""
    known = [answer for answer in answers if answer is not None]
    return wilson(sum(known), len(known), z)


def wilson(yes: int, total: int, z: float = 1.959964) -> Share:
    """`yes` of `total` with Wilson's interval (1927); z = 1.96 makes it a 95 % one."""
    if total == 0:
        return Share(0, 0, None, None, None)
    share = yes / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return Share(yes, total, share, max(0.0, centre - half), min(1.0, centre + half))
