"""Where a command stands: a bar for a person at a terminal, a file for the studio, or neither."""

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mc3core.progress import Progress, ProgressCallback
from mc3core.training.run_dir import write_json

PROGRESS_FILE = "SOUNDING_PROGRESS_FILE"
FILE_EVERY_S = 0.25


@contextmanager
def reporting() -> Generator[ProgressCallback]:
    """A callback for long work. The bar goes to standard error, so that standard output stays
    one JSON object; the file is named by the environment variable SOUNDING_PROGRESS_FILE."""
    path = os.environ.get(PROGRESS_FILE)
    if path:
        yield ProgressFile(Path(path))
    elif sys.stderr.isatty():
        with _bar() as callback:
            yield callback
    else:
        yield _quiet


class ProgressFile:
    """Replaces a small JSON file a few times a second, and always at the end of a task."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written_at = 0.0
        self._task = ""

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        ends = progress.done >= progress.total or progress.task != self._task
        if not ends and now - self._written_at < FILE_EVERY_S:
            return
        self._written_at, self._task = now, progress.task
        with suppress(OSError):  # a full disk must not end the work it reports on
            write_json(self._path, {**asdict(progress), "at_s": time.time()})


def read_progress(path: Path) -> dict[str, Any] | None:
    """The last progress a job wrote, or None."""
    import json

    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _quiet(_: Progress) -> None:
    """Neither a terminal nor a studio is watching."""


@contextmanager
def _bar() -> Generator[ProgressCallback]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[detail]}", markup=False),
        console=Console(stderr=True),
        transient=False,
    )
    tasks: dict[str, Any] = {}

    def show(progress: Progress) -> None:
        if progress.task not in tasks:
            tasks[progress.task] = bar.add_task(progress.task, total=progress.total, detail="")
        bar.update(
            tasks[progress.task],
            completed=progress.done,
            total=progress.total,
            detail=progress.detail[:60],
        )

    with bar:
        yield show
