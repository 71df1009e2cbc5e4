"""Takes a withdrawn video out of the files of a workspace: media, cache, runs, maps, logs.

Every step looks at what is there, so that it can be done again after a crash, and finds nothing the
second time. The source video and the narration file are the user's and stay.
"""

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotation.clusters import prune
from app.services.embedding import fingerprint
from app.services.map_files import MapFiles, load_map, save_map
from app.workspace import Workspace
from mc3core.data.forget import forget_video
from mc3core.embeddings import Embeddings, load_embeddings
from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.training.forget import forget_in_run
from mc3core.training.run_dir import RunDir

_MEDIA = re.compile(r"([0-9a-f]{16})\.(mp4|jpg|partial)")
SCRUBBED = "(This log told of a video that was withdrawn since; its text was removed.)\n"


@dataclass(frozen=True, slots=True)
class RunTouched:
    """What went out of a run: clips it was trained on, rows of embeddings, points of maps, maps
    that had to go whole because they fitted no embeddings, reports."""

    run: str
    trained: int
    embeddings: int
    points: int
    maps_dropped: int
    reports: int


@dataclass(frozen=True, slots=True)
class FilesForgotten:
    """What was found and removed; all zero and empty where nothing was left."""

    media_files: int = 0
    media_bytes: int = 0
    cached_clips: int = 0
    small_frames: int = 0
    features: int = 0
    logs: int = 0
    runs: tuple[RunTouched, ...] = field(default=())


def forget_files(
    workspace: Workspace,
    video_uid: str,
    clip_ids: Collection[str],
    words: Collection[str] = (),
    progress: ProgressCallback = silent,
) -> FilesForgotten:
    """Remove a video's clips from every file. Logs that name one of these clips, or one of `words`
    (the ids of narrations that were dropped), lose their text."""
    gone = frozenset(clip_ids)
    folders = [path.parent for path in sorted(workspace.runs.glob("*/config.json"))]
    steps = len(folders) + 3
    progress(Progress("withdraw", 0, steps, "media"))
    files, size = _remove_media(workspace.media, gone)
    progress(Progress("withdraw", 1, steps, "training cache"))
    cache = forget_video(workspace.cache, video_uid, gone)
    touched: list[RunTouched] = []
    for number, folder in enumerate(folders, 2):
        progress(Progress("withdraw", number, steps, f"run {folder.name}"))
        found = forget_run(RunDir(folder), video_uid, gone)
        if any((found.trained, found.embeddings, found.points, found.maps_dropped, found.reports)):
            touched.append(found)
    progress(Progress("withdraw", steps - 1, steps, "logs"))
    logs = _scrub_logs(workspace, gone | frozenset(words))
    progress(Progress("withdraw", steps, steps))
    return FilesForgotten(
        files, size, max(cache.manifest, cache.shard), cache.derived, cache.features, logs,
        tuple(touched),
    )  # fmt: skip


def forget_run(run_dir: RunDir, video_uid: str, gone: Collection[str]) -> RunTouched:
    """Remove clips from a run and from its maps, which open as before, without their points."""
    known = {folder: _embeddings(folder) for folder in _stages(run_dir)}
    maps: dict[Path, MapFiles] = {}
    for stage, embeddings in known.items():
        if embeddings is not None and any(clip_id in gone for clip_id in embeddings.clip_ids):
            before = fingerprint(embeddings)
            for folder in _map_folders(stage):
                if (found := load_map(folder, before)) is not None:
                    maps[folder] = found
    out = forget_in_run(run_dir, video_uid, gone)
    points = dropped = 0
    for stage, embeddings in known.items():
        now = _embeddings(stage)
        after = None if now is None else fingerprint(now)
        for folder in _map_folders(stage):
            if embeddings is not None and after is not None and folder in maps:
                keep = np.array([clip_id not in gone for clip_id in embeddings.clip_ids], bool)
                points += _prune_map(folder, maps[folder], keep, after)
            elif after is None or load_map(folder, after) is None:
                dropped += _drop_map(folder)  # of other rows than there are: nobody can open it
    return RunTouched(run_dir.run, out.trained, out.embeddings, points, dropped, out.reports)


def remove_orphans(workspace: Workspace, known: Collection[str]) -> int:
    """Remove media that belong to no clip: an ingest that was killed has left them, nobody knows
    of which video, and another ingest makes them again."""
    removed = 0
    for path in workspace.media.iterdir() if workspace.media.is_dir() else ():
        match = _MEDIA.fullmatch(path.name)
        if match and match[1] not in known:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def media_of(folder: Path, clip_ids: Collection[str]) -> Iterator[Path]:
    """The files that people play or see of these clips."""
    for clip_id in sorted(clip_ids):
        for suffix in ("mp4", "jpg", "partial"):
            if (path := folder / f"{clip_id}.{suffix}").exists():
                yield path


def _remove_media(folder: Path, clip_ids: Collection[str]) -> tuple[int, int]:
    files = size = 0
    for path in media_of(folder, clip_ids):
        files, size = files + 1, size + path.stat().st_size
        path.unlink()
    return files, size


def _stages(run_dir: RunDir) -> list[Path]:
    """Folders of a run that hold embeddings, or maps of some that are gone."""
    with_maps = {path.parents[2] for path in run_dir.path.glob("*/*/*/map.safetensors")}
    return sorted(with_maps | {path.parent for path in run_dir.path.glob("*/embeddings.*")})


def _map_folders(stage: Path) -> list[Path]:
    return sorted({path.parent for path in stage.glob("*/*/*.safetensors")})


def _embeddings(stage: Path) -> Embeddings | None:
    try:
        return load_embeddings(stage)
    except InputError:
        return None


def _prune_map(folder: Path, files: MapFiles, keep: NDArray[np.bool_], after: str) -> int:
    described = folder / "explore.json"
    stat = described.stat()
    (folder / "clusters.json").unlink(missing_ok=True)
    save_map(folder, MapFiles(prune(files.tree, keep), files.points[keep], files.seed), after)
    os.utime(described, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))  # as new as it was
    return int((~keep).sum())


def _drop_map(folder: Path) -> int:
    for name in ("explore.json", "clusters.json", "map.safetensors", "tree.safetensors"):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
    return 1


def _scrub_logs(workspace: Workspace, told: frozenset[str]) -> int:
    """What a command wrote for programs may list narrations; who is still writing is left alone."""
    scrubbed = 0
    for path in (*workspace.jobs.glob("*/*.log"), *workspace.runs.glob("*/*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if told.intersection(re.findall(r"[0-9a-f]{16}", text)):
            path.write_text(SCRUBBED, encoding="utf-8")
            scrubbed += 1
    return scrubbed
