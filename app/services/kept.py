"""Figures that cost too much for every request: computed once for what they are made from."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from db.columns import utc_now

T = TypeVar("T")
# What takes longer than this is not waited for again: the older figures are shown meanwhile.
PATIENCE_S = 0.2


@dataclass(frozen=True, slots=True)
class Figures(Generic[T]):
    """`value` of `at`; `stale` while newer ones are being computed."""

    value: T
    at: datetime
    stale: bool


@dataclass(slots=True)
class _Entry:
    made_from: Hashable
    value: Any
    at: datetime
    took_s: float


class Kept:
    """By name: the figures last computed, and what from."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._at_work: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, name: str, made_from: Hashable, compute: Callable[[], T]) -> Figures[T]:
        """The figures of `made_from`. The first time, or where it is quick, they are waited for;
        else older ones come at once and newer ones are computed behind them."""
        with self._lock:
            entry = self._entries.get(name)
            work = self._at_work.setdefault(name, threading.Lock())
        if entry is not None and entry.made_from == made_from:
            return _figures(entry, False)
        if entry is not None and entry.took_s > PATIENCE_S:
            if work.acquire(blocking=False):
                threading.Thread(
                    target=self._behind, args=(name, made_from, compute, work), daemon=True
                ).start()
            return _figures(entry, True)
        with work:
            entry = self._entries.get(name)
            if entry is None or entry.made_from != made_from:
                entry = self._compute(name, made_from, compute)
        return _figures(entry, False)

    def _behind(
        self, name: str, made_from: Hashable, compute: Callable[[], object], work: threading.Lock
    ) -> None:
        try:
            self._compute(name, made_from, compute)
        finally:
            work.release()

    def _compute(self, name: str, made_from: Hashable, compute: Callable[[], object]) -> _Entry:
        start = time.perf_counter()
        value = compute()
        entry = _Entry(made_from, value, utc_now(), time.perf_counter() - start)
        with self._lock:
            self._entries[name] = entry
        return entry


def _figures(entry: _Entry, stale: bool) -> Figures[Any]:
    return Figures(entry.value, entry.at, stale)
