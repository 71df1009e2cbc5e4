"""Asking a run to stop: Ctrl-C, SIGTERM, or a file named `stop` in its directory."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from mc3core.progress import Progress, ProgressCallback
from mc3core.training.run_dir import RunDir


class StoppedEarlyError(Exception):
    """The run was asked to stop before its first step."""


class StopRequest:
    """Whether somebody asked. Looked at between steps; a second Ctrl-C does not wait for that."""

    def __init__(self, run_dir: RunDir) -> None:
        self._run_dir = run_dir
        self._signalled = False

    def __bool__(self) -> bool:
        return self._signalled or self._run_dir.stop_path.exists()

    def signal(self, number: int, frame: FrameType | None) -> None:
        if self._signalled:
            raise KeyboardInterrupt
        self._signalled = True

    def honoured(self) -> None:
        """Forget the request, so that a resume does not stop at once."""
        self._run_dir.stop_path.unlink(missing_ok=True)

    def interrupting(self, progress: ProgressCallback) -> ProgressCallback:
        """A callback that ends preparation, which has no steps, where a stop was asked for."""

        def report(state: Progress) -> None:
            if self:
                raise StoppedEarlyError
            progress(state)

        return report


@contextmanager
def stop_requests(run_dir: RunDir) -> Generator[StopRequest]:
    """Listen while the block runs. Signals reach only the main thread; elsewhere the file does."""
    request = StopRequest(run_dir)
    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, request.signal)
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
