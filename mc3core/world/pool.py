"""The same pure function over many items on all cores, results in order as they come."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

from mc3core.ctrl_c import children_deaf
from mc3core.errors import RunError

In = TypeVar("In")
Out = TypeVar("Out")


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[In], Out], items: Iterable[In], workers: int | None) -> Iterator[Out]:
    """`work(item)` for every item, in order; spawned processes, never more than a few items ahead.

    One worker means this very process. When the caller stops iterating, what has not begun is
    dropped. RunError where a process dies.
    """
    workers = workers or cores()
    if workers == 1:
        yield from map(work, items)
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
    source = iter(items)

    def begin(count: int) -> list[Future[Out]]:
        with children_deaf():  # on Ctrl-C a worker finishes its item and is then dismissed
            return [pool.submit(work, item) for item in islice(source, count)]

    try:
        waiting = begin(2 * workers)
        while waiting:
            result = waiting.pop(0).result()
            waiting += begin(1)
            yield result
    except BrokenProcessPool as error:
        raise RunError(
            "A rendering process died (too little memory?). Run again: what is finished is kept."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
