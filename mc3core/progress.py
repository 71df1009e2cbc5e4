"""How long work says where it stands; the caller decides whether that becomes a bar or a file."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units of `task` are finished; `detail` is one short human line."""

    task: str
    done: int
    total: int
    detail: str = ""


ProgressCallback = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Report to nobody."""
