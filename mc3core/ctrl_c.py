"""Ctrl-C reaches every process of a terminal: only the one that was asked shall answer it."""

import signal
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def children_deaf() -> Generator[None]:
    """Processes started inside the block never hear Ctrl-C, not even while they still import; the
    parent hears one that comes meanwhile when the block ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
