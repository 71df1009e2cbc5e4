"""Ctrl-C reaches every process of a terminal: only the one that was asked shall answer it."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def children_deaf() -> Generator[None]:
    """Processes started inside the block never hear Ctrl-C, not even while they still import; the
    parent hears one that comes meanwhile when the block ends.

    The mask is what children inherit. In the parent another thread may still take the signal, and
    Python then interrupts the main one, maybe half-way through a start: so it is put off there too.
    """
    heard: list[int] = []
    main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number)) if main else None
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if main:
            signal.signal(signal.SIGINT, signal.SIG_DFL if handler is None else handler)
        if heard:
            signal.raise_signal(signal.SIGINT)
