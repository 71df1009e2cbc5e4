"""Training: a run is prepared here, and trains in a process of its own that outlives the studio."""

import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, replace

from app.context import open_database
from app.services import processes
from app.services.manifest import manifest
from app.services.runs import ACTIVE, PROCESS_MARK, find_run, run_view
from app.workspace import Workspace
from db.labelling import verdicts
from mc3core.config import RunConfig, build_config
from mc3core.data.cache import ClipCache
from mc3core.errors import InputError
from mc3core.methods.registry import METHODS, method_info
from mc3core.progress import ProgressCallback, silent
from mc3core.training.run_dir import RunDir, RunStatus, write_json

PLAIN = {"audio": "sound", "video": "pictures", "text": "text"}


def ask(
    method: str,
    preset: str | None,
    size: str | None,
    seed: int | None,
    settings: Sequence[str],
) -> RunConfig:
    """The configuration asked for, `settings` as key=value; InputError lists what exists."""
    overrides: dict[str, str] = {}
    for text in settings:
        key, found, value = text.partition("=")
        if not found or not key:
            raise InputError(f"--set {text}: write it as key=value, such as --set max_steps=100.")
        overrides[key.strip()] = value.strip()
    return configuration(method, preset, size, seed, overrides)


def configuration(
    method: str,
    preset: str | None,
    size: str | None,
    seed: int | None,
    overrides: Mapping[str, str],
) -> RunConfig:
    """As `ask`, from parsed parts. Without a preset it is the method's first one."""
    if preset is None:
        info = METHODS.get(method)
        preset = next(iter(info.presets)) if info else "scaled"
    seeded = dict(overrides) if seed is None else {**overrides, "seed": str(seed)}
    return build_config(method, preset, size, seeded)


def train_clips(workspace: Workspace, method: str) -> int:
    """How many clips have what a method reads. InputError where fewer than two do."""
    needed = method_info(method).modalities
    count = sum(
        clip.split == "train" and set(needed) <= set(clip.modalities)
        for clip in manifest(workspace)
    )
    if count < 2:
        *first, last = (PLAIN[modality] for modality in needed)
        raise InputError(
            f"{workspace.root} has {count or 'no'} clips in its train split that have "
            f"{', '.join(first)} and {last}; training needs two at least. Ingest more videos: the "
            "split is drawn per video."
        )
    return count


def prepare(workspace: Workspace, config: RunConfig) -> RunDir:
    """Make a run directory that says what is asked, so that the run shows before it trains."""
    train_clips(workspace, config.method)
    run_dir = _new_run_dir(workspace, f"{config.method}-{config.preset}")
    write_json(run_dir.config_path, asdict(config))
    now = time.time()
    first = config.stages[0].name
    run_dir.write_status(RunStatus(run_dir.run, "starting", first, 0, 0, 0, now, now))
    return run_dir


def reopen(workspace: Workspace, run: str) -> RunDir:
    """A run to go on with; InputError when it trains already or is finished."""
    run_dir = find_run(workspace, run)
    view = run_view(workspace, run)
    if view.active and view.status.pid not in (0, os.getpid()):
        raise InputError(f"Run {run!r} is training already (process {view.status.pid}).")
    if view.status.state == "finished" and not _lost_its_end(run_dir):
        raise InputError(f"Run {run!r} is finished: start a new one to train more.")
    return run_dir


def _lost_its_end(run_dir: RunDir) -> bool:
    """Whether the last stage's checkpoint was removed, because it was damaged say."""
    left = run_dir.stages()
    return bool(left) and left[-1] != run_dir.config()["stages"][-1]["name"]


def fit_here(
    workspace: Workspace, run_dir: RunDir, progress: ProgressCallback = silent
) -> RunStatus:
    """Train in this process, until the run is finished or stopped."""
    from mc3core.training.trainer import resume

    write_verdicts(workspace, run_dir)
    return resume(workspace.cache, run_dir, progress)


def launch(workspace: Workspace, run_dir: RunDir) -> None:
    """Train in a process of its own, in the background."""
    run_dir.stop_path.unlink(missing_ok=True)
    status = replace(run_dir.status(), state="starting", error=None, pid=0)
    run_dir.write_status(status)
    (run_dir.path / "stderr.log").unlink(missing_ok=True)
    command = ["train", "--workspace", str(workspace.root), "--resume", run_dir.run, "--json"]
    process = processes.start(processes.python_module("app.cli", command), run_dir.path, {})
    run_dir.write_status(replace(status, pid=process.pid))
    threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie


def stop(workspace: Workspace, run: str) -> None:
    """Ask a run to stop with a checkpoint at its next step; asked again, signal its process."""
    run_dir = find_run(workspace, run)
    status = run_view(workspace, run).status
    if status.state not in ACTIVE:
        return
    if run_dir.stop_path.exists() and processes.is_ours(status.pid, PROCESS_MARK):
        with suppress(ProcessLookupError):
            os.kill(status.pid, signal.SIGTERM)
    run_dir.request_stop()


def write_verdicts(workspace: Workspace, run_dir: RunDir) -> None:
    """Put the labels of validation clips beside the run: only its scoring reads them."""
    clips = ClipCache.open(workspace.cache).clips
    validation = [clip.clip_id for clip in clips if clip.split == "val"]
    with closing(open_database(workspace)) as database, database.read() as session:
        found = verdicts(session, validation)
    rows = [f"{v.clip_id},{int(v.label)}\n" for v in found.values() if v.label is not None]
    run_dir.verdicts_path.write_text("clip_id,label\n" + "".join(sorted(rows)), encoding="utf-8")


def _new_run_dir(workspace: Workspace, name: str) -> RunDir:
    stem = f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
    for suffix in ("", *(f"-{n}" for n in range(2, 100))):
        path = workspace.runs / f"{stem}{suffix}"
        with suppress(FileExistsError):
            path.mkdir(parents=True)
            return RunDir(path)
    raise InputError(f"{workspace.runs} holds a hundred runs of this second: wait one.")
