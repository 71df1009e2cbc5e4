"""Takes a video out of a training cache: nothing of it can be read from the files afterwards.

Every step can be done again, so a process that dies half-way is finished by the next one. Files are
replaced, never changed in place: who has one open, such as a run that trains on other videos, reads
on undisturbed.
"""

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from mc3core.data.clips import MANIFEST_NAME, read_manifest, write_manifest
from mc3core.data.derived import forget_rows
from mc3core.data.ledger import Ledger
from mc3core.data.shards import Shard, shard_path, video_key
from mc3core.errors import RunError


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went: rows of the manifest, clips of the shard, rows of small frames, rows of what
    frozen encoders made of the clips."""

    manifest: int = 0
    shard: int = 0
    derived: int = 0
    features: int = 0


def clip_ids_of(cache_dir: Path, video_uid: str) -> set[str]:
    """Every clip of a video that the cache knows of, also those an interrupted ingest left."""
    found = {
        c.clip_id for c in read_manifest(cache_dir / MANIFEST_NAME) if c.video_uid == video_uid
    }
    path = shard_path(cache_dir, video_uid)
    if path.exists():
        with suppress(RunError):  # damaged: it goes as it is
            found.update(Shard(path).clip_ids)
    return found


def forget_video(cache_dir: Path, video_uid: str, clip_ids: Collection[str]) -> Forgotten:
    """Remove a video with all its clips, of which `clip_ids` may name more than are found here."""
    if not cache_dir.is_dir():
        return Forgotten()
    gone = clip_ids_of(cache_dir, video_uid) | set(clip_ids)
    manifest = _forget_manifest(cache_dir, gone)
    derived = sum(forget_rows(folder, gone) for folder in _folders(cache_dir / "derived"))
    features = sum(_forget_features(folder, gone) for folder in _folders(cache_dir / "features"))
    shard = _forget_shard(cache_dir, video_uid)
    Ledger(cache_dir).forget(video_uid)
    for left_over in cache_dir.glob("*.partial"):
        left_over.unlink(missing_ok=True)
    return Forgotten(manifest, shard, derived, features)


def _forget_manifest(cache_dir: Path, gone: Collection[str]) -> int:
    path = cache_dir / MANIFEST_NAME
    clips = read_manifest(path)
    kept = [clip for clip in clips if clip.clip_id not in gone]
    if len(kept) < len(clips):
        write_manifest(kept, path)
    return len(clips) - len(kept)


def _forget_shard(cache_dir: Path, video_uid: str) -> int:
    path = shard_path(cache_dir, video_uid)
    for left_over in path.parent.glob(f"{video_key(video_uid)}.*.partial"):
        left_over.unlink(missing_ok=True)
    if not path.exists():
        return 0
    try:
        clips = len(Shard(path).clip_ids)
    except RunError:
        clips = 0
    path.unlink()
    return clips


def _forget_features(folder: Path, gone: Collection[str]) -> int:
    """Rewrite the parts (see mc3core/encoders/frozen.py) that hold rows of these clips."""
    for left_over in folder.glob("*.partial"):
        left_over.unlink(missing_ok=True)
    removed = 0
    for path in folder.glob("*.safetensors"):
        part = _read_part(path)
        if part is None:  # damaged: computed again when asked for
            path.unlink()
            continue
        clip_ids, rows = part
        keep = np.array([clip_id not in gone for clip_id in clip_ids], bool)
        if keep.all():
            continue
        removed += int((~keep).sum())
        if not keep.any():
            path.unlink()
            continue
        left = [clip_id for clip_id, kept in zip(clip_ids, keep, strict=True) if kept]
        partial = path.with_suffix(".partial")
        partial.write_bytes(save({"rows": rows[keep]}, {"clips": json.dumps(left)}))
        partial.replace(path)
    return removed


def _read_part(path: Path) -> tuple[list[str], NDArray[np.generic]] | None:
    try:
        with safe_open(path, framework="np") as file:
            clip_ids: list[str] = json.loads(file.metadata()["clips"])
            return clip_ids, np.array(file.get_tensor("rows"))
    except (SafetensorError, OSError, KeyError, TypeError, ValueError):
        return None


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.glob("*") if path.is_dir())
