"""The runs of a workspace as pages show them: state, configuration, curve points, time left."""

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.services import processes
from app.workspace import Workspace
from mc3core.config import RunConfig
from mc3core.errors import InputError
from mc3core.training.run_dir import RunDir, RunStatus

ACTIVE = frozenset({"starting", "running"})
PROCESS_MARK = "train"
DIED = (
    "The process ended without a word: it was killed, ran out of memory, or the machine restarted. "
    "Resume goes on from the last checkpoint."
)
POINTS = 1500
TRAIN = b'"kind": "train"'
# Seconds a step on two cores, until a run on this machine says better.
SECONDS_A_STEP = {"tiny": 0.35, "paper": 60.0}
START_UP_S = 15.0


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the page lists it; `stages` have a checkpoint, `embedded` have embeddings."""

    status: RunStatus
    method: str
    preset: str
    size: str
    seed: int
    batch_size: int
    train_clips: int | None
    sources: tuple[str, ...]
    stages: tuple[str, ...]
    embedded: tuple[str, ...]

    @property
    def active(self) -> bool:
        return self.status.state in ACTIVE


def find_run(workspace: Workspace, run: str) -> RunDir:
    """A run by its id, looked up among the folders that exist; never joined to a path."""
    for run_dir in _run_dirs(workspace):
        if run_dir.run == run:
            return run_dir
    known = ", ".join(r.run for r in _run_dirs(workspace)) or "none yet"
    raise InputError(f"There is no run {run!r}. Runs here: {known}.")


def list_runs(workspace: Workspace) -> list[RunView]:
    """Newest first."""
    views = [_view(run_dir) for run_dir in _run_dirs(workspace)]
    return sorted(views, key=lambda view: view.status.started_at_s, reverse=True)


def reconcile(workspace: Workspace) -> None:
    """A run that claims to train although its process is gone says so from now on."""
    for run_dir in _run_dirs(workspace):
        _honest_status(run_dir)


def run_view(workspace: Workspace, run: str) -> RunView:
    return _view(find_run(workspace, run))


def metrics(run_dir: RunDir, from_step: int) -> dict[str, Any]:
    """Curve points from a step on, thinned to what a screen can show; the newest is always in."""
    lines = run_dir.metric_lines(from_step)
    every = max(-(-len(lines) // POINTS), 1)
    rows = [  # thinned before parsing, which is what takes time
        json.loads(line)
        for place, line in enumerate(lines)
        if TRAIN not in line or place % every == 0 or place == len(lines) - 1
    ]
    return {"rows": rows, "last_step": rows[-1]["step"] if rows else None}


def total_steps(config: RunConfig, train_clips: int) -> int:
    """Steps of all stages, as the trainer will count them."""
    epoch = max(1, train_clips // config.batch_size)
    full = sum(stage.steps or max(1, round(stage.epochs * epoch)) for stage in config.stages)
    return full if config.max_steps is None else min(full, config.max_steps)


def estimate_s(workspace: Workspace, config: RunConfig, train_clips: int) -> float:
    """Seconds a run will take, from what a step of the same size took here before."""
    measured: list[float] = []
    for run_dir in _run_dirs(workspace):
        if _config(run_dir).get("size") == config.size:
            measured.extend(_seconds_a_step(run_dir))
    each = statistics.median(measured) if measured else SECONDS_A_STEP.get(config.size, 1.0)
    return START_UP_S + each * total_steps(config, train_clips)


def _seconds_a_step(run_dir: RunDir) -> list[float]:
    lines = [line for line in run_dir.metric_lines() if TRAIN in line]
    if len(lines) < 5:
        return []
    try:
        first, last = (
            json.loads(lines[2]),
            json.loads(lines[-1]),
        )  # the first steps also fill caches
        return [(last["seconds"] - first["seconds"]) / max(last["step"] - first["step"], 1)]
    except (ValueError, KeyError, TypeError):
        return []  # damaged: another run may say how long a step takes


def _run_dirs(workspace: Workspace) -> Iterator[RunDir]:
    if not workspace.runs.is_dir():
        return
    for folder in sorted(workspace.runs.iterdir()):
        if (folder / "config.json").exists():
            yield RunDir(folder)


def _view(run_dir: RunDir) -> RunView:
    config = _config(run_dir)
    return RunView(
        status=_honest_status(run_dir),
        method=str(config.get("method", "?")),
        preset=str(config.get("preset", "?")),
        size=str(config.get("size", "?")),
        seed=int(config.get("seed", 0)),
        batch_size=int(config.get("batch_size", 0)),
        train_clips=config.get("train_clips"),
        sources=tuple(config.get("sources", ())),
        stages=tuple(run_dir.stages()) if config else (),
        embedded=tuple(_embedded(run_dir.path)),
    )


def _config(run_dir: RunDir) -> dict[str, Any]:
    try:
        return run_dir.config()
    except (OSError, ValueError):
        return {}


def _embedded(path: Path) -> list[str]:
    return sorted(found.parent.name for found in path.glob("*/embeddings.safetensors"))


def _honest_status(run_dir: RunDir) -> RunStatus:
    status = _status(run_dir)
    just_started = status.pid == 0 and time.time() - status.updated_at_s < 60
    if status.state not in ACTIVE or just_started or processes.is_ours(status.pid, PROCESS_MARK):
        return status
    again = _status(run_dir)  # it may have ended, in order, while we looked
    if again.state not in ACTIVE:
        return again
    if run_dir.stop_path.exists():
        ended = replace(status, state="stopped", seconds_left=None)
        run_dir.stop_path.unlink(missing_ok=True)
    else:
        said = processes.last_words(run_dir.path / "stderr.log")
        ended = replace(status, state="failed", error=said or DIED, seconds_left=None)
    run_dir.write_status(ended)
    return ended


def _status(run_dir: RunDir) -> RunStatus:
    try:
        return run_dir.status()
    except (OSError, ValueError, TypeError):
        at = run_dir.config_path.stat().st_mtime
        return RunStatus(run_dir.run, "stopped", "", 0, 0, 0, at, at)
