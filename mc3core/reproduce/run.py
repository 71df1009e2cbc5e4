"""Trains what is missing on all cores, one cell a core, and writes each as it ends."""

import fcntl
import os
import time
from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback
from mc3core.reproduce.cells import align_cell, is_trained, train
from mc3core.reproduce.figures import scored
from mc3core.reproduce.plan import ALIGN, BY_KEY, Budget, Cell
from mc3core.reproduce.results import Results
from mc3core.reproduce.worlds import DONE, make_world, world_dir
from mc3core.training.device import KEEP_MEMORY
from mc3core.world.pool import cores

Todo = Callable[[], list[Cell]]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a worker sends back."""

    figures: dict[str, Any]
    seconds: float


def run_all(workspace: Path, results: Results, todo: Todo, progress: ProgressCallback) -> None:
    """Do everything that `todo` names, asking again after each cell that ends; what it waits for
    (a seed's clips, its align stage) comes first, once. RunError of a cell ends the run; what is
    finished stays."""
    budget = results.budget
    os.environ.update(KEEP_MEMORY)  # read by the workers' C library when they start
    with _alone(workspace), ProcessPoolExecutor(cores(), get_context("spawn")) as pool:
        running: dict[Future[Finished | None], Cell] = {}
        ended = 0
        while True:
            waiting = todo()
            for cell in _ready(workspace, waiting, list(running.values())):
                if len(running) < cores():
                    running[pool.submit(_work, workspace, cell, budget)] = cell
            left = sum(cell.row != ALIGN.key for cell in waiting)
            progress(Progress("reproduce", ended, ended + left, _said(running)))
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                cell, finished = running.pop(future), future.result()
                if finished is not None:
                    results.write(cell, finished.figures, finished.seconds)
                    ended += 1


@contextmanager
def _alone(workspace: Path) -> Generator[None]:
    """Two that render the same world would write its clips twice: InputError for the second."""
    workspace.mkdir(parents=True, exist_ok=True)
    with (workspace / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"{workspace} is in use by another run: wait for it, or name another --workspace."
            ) from None
        yield


def _ready(workspace: Path, waiting: list[Cell], running: list[Cell]) -> list[Cell]:
    """Cells that can start now, or the align stage they wait for; none that is already running."""
    found: list[Cell] = []
    busy = {(cell.training, cell.seed, cell.variant) for cell in running}
    rendering = {(c.seed, c.variant) for c in running if c.row == ALIGN.key}
    for wanted in waiting:
        cell, align = wanted, align_cell(wanted)
        if cell.row == ALIGN.key:
            if is_trained(workspace, cell):
                continue
        elif BY_KEY[cell.row].align and not is_trained(workspace, align):
            cell = align
        elif (cell.seed, cell.variant) in rendering and not _has_clips(workspace, cell):
            continue  # another process makes this world's clips
        name = (cell.training, cell.seed, cell.variant)
        if name not in busy:
            busy.add(name)
            if cell.row == ALIGN.key:
                rendering.add((cell.seed, cell.variant))
            found.append(cell)
    return found


def _has_clips(workspace: Path, cell: Cell) -> bool:
    return (world_dir(workspace, cell.seed, cell.variant) / DONE).exists()


def _work(workspace: Path, cell: Cell, budget: Budget) -> Finished | None:
    """Train a cell in this worker process and score it; an align stage has no figures."""
    began = time.monotonic()
    make_world(workspace, cell.seed, cell.variant, budget)
    train(workspace, cell, budget)
    if cell.row == ALIGN.key:
        return None
    return Finished(scored(workspace, cell, budget), time.monotonic() - began)


def _said(running: dict[Future[Finished | None], Cell]) -> str:
    names = ", ".join(f"{cell.training} of seed {cell.seed}" for cell in running.values())
    return names or "nothing left"
