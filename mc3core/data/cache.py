"""The training cache: decoded clips by id, read without torch and without loading a shard.

cache/cache.json             CacheInfo: what the frames and the sound are
      manifest.jsonl         one Clip a line
      dropped.jsonl          one narration a line that became no clip, and why
      videos.jsonl           one VideoInfo a line
      shards/<key>.safetensors       one a video (mc3core/data/shards.py)
      derived/<side>x<count>/        smaller frames, made when first asked for (derived.py)
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from mc3core.data.clips import MANIFEST_NAME, Clip, append_manifest, read_manifest, write_manifest
from mc3core.data.derived import DerivedCache, extend
from mc3core.data.shards import Shard, ShardWriter, encode_frames, shard_path
from mc3core.errors import InputError, RunError
from mc3core.json_files import read_object
from mc3core.progress import ProgressCallback, silent
from mc3core.training.run_dir import write_json

__all__ = [
    "CacheInfo",
    "CacheWriter",
    "ClipCache",
    "DerivedCache",
    "data_fingerprint",
    "frame_indices",
]

CACHE_FORMAT = 1
INDEX_RULE = "floor((i + 0.5) * stored / count)"
OPEN_SHARDS = 64


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What a cache holds: `frames` pictures a clip with a short side of `short_side` pixels, mono
    sound at `sample_rate_hz`, the window around the narration, and the seed of the splits."""

    frames: int = 16
    short_side: int = 224
    sample_rate_hz: int = 16_000
    before_s: float = 0.5
    after_s: float = 1.0
    split_seed: int = 0
    index_rule: str = INDEX_RULE
    format: int = CACHE_FORMAT


def frame_indices(stored: int, count: int) -> list[int]:
    """Which of `stored` frames make a smaller (or larger) set: the centres of `count` equal parts,
    floor((i + 0.5) * stored / count)."""
    return [(2 * i + 1) * stored // (2 * count) for i in range(count)] if stored else []


def data_fingerprint(clips: Iterable[Clip]) -> str:
    """32 hex digits that change when any clip, its split, text or modalities do, in any order."""
    rows = sorted(json.dumps(asdict(clip), sort_keys=True) for clip in clips)
    return hashlib.blake2b("\n".join(rows).encode(), digest_size=16).hexdigest()


class ClipCache:
    """The clips of a cache in manifest order, with their frames and sound. Safe to share by
    threads; pickled without its open shards, so that worker processes open their own."""

    def __init__(self, cache_dir: Path, info: CacheInfo, clips: list[Clip]) -> None:
        self.cache_dir = cache_dir
        self.info = info
        self.clips = clips
        self._shards: OrderedDict[str, Shard] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, cache_dir: Path) -> Self:
        """Open a cache folder; InputError where there is none or it is of a newer version."""
        info = read_info(cache_dir)
        if info is None:
            raise InputError(f"{cache_dir} holds no clips yet: run `sounding ingest` first.")
        return cls(cache_dir, info, read_manifest(cache_dir / MANIFEST_NAME))

    def __reduce__(self) -> tuple[object, ...]:
        return (ClipCache, (self.cache_dir, self.info, self.clips))

    def frames(self, clip: Clip, count: int = 16) -> NDArray[np.uint8]:
        """Frames uint8 (count, height, width, 3), aspect kept; (0, ...) without pictures."""
        shard = self._shard(clip)
        chosen = frame_indices(shard.frame_count(clip.clip_id), count)
        if not chosen:
            return np.empty((0, self.info.short_side, self.info.short_side, 3), np.uint8)
        try:
            pictures = {i: simplejpeg.decode_jpeg(shard.jpeg(clip.clip_id, i)) for i in set(chosen)}
        except ValueError as error:
            raise RunError(
                f"The pictures of clip {clip.clip_id} in {self.cache_dir} are damaged ({error}). "
                f"Delete {self.cache_dir} and ingest again: labels and runs stay."
            ) from error
        return np.stack([pictures[i] for i in chosen])

    def audio(self, clip: Clip) -> NDArray[np.int16]:
        """Mono sound int16 (samples,) at `info.sample_rate_hz`; empty where there is none, also
        where the sound track is digitally silent."""
        return self._shard(clip).pcm(clip.clip_id)

    def derived(
        self, *, side: int, count: int, progress: ProgressCallback = silent
    ) -> DerivedCache:
        """Frames of every clip as squares of `side` pixels, `count` a clip; made once and kept."""
        by_id = {clip.clip_id: clip for clip in self.clips if "video" in clip.modalities}
        folder = self.cache_dir / "derived" / f"{side}x{count}"
        return extend(
            folder,
            side,
            count,
            list(by_id),
            lambda clip_id: self.frames(by_id[clip_id], count),
            progress,
        )

    def _shard(self, clip: Clip) -> Shard:
        with self._lock:
            shard = self._shards.get(clip.video_uid)
            if shard is None or clip.clip_id not in shard:
                shard = Shard(shard_path(self.cache_dir, clip.video_uid))
                self._shards[clip.video_uid] = shard
                if len(self._shards) > OPEN_SHARDS:
                    self._shards.popitem(last=False)
            self._shards.move_to_end(clip.video_uid)
        if clip.clip_id not in shard:
            raise RunError(
                f"Clip {clip.clip_id} is in the manifest of {self.cache_dir} but in no shard."
            )
        return shard


def read_info(cache_dir: Path) -> CacheInfo | None:
    """What `cache.json` says, or None where there is no cache."""
    path = cache_dir / "cache.json"
    if not path.exists():
        return None
    way_out = f"Delete {cache_dir} and ingest again: labels and runs stay."
    stated = read_object(path, way_out)
    if isinstance(stated.get("format"), int) and stated["format"] > CACHE_FORMAT:
        raise InputError(
            f"{cache_dir} was made by a newer version of sounding-actions: update to read it."
        )
    for field in fields(CacheInfo):
        if not isinstance(stated.get(field.name), int | float | str):
            raise InputError(f"{path} is damaged (it says no {field.name}). {way_out}")
    return CacheInfo(**{field.name: stated[field.name] for field in fields(CacheInfo)})


class CacheWriter:
    """Adds clips to a cache. Shards of different videos may be written by different processes
    (`write_shard`); the manifest is appended by one (`append`)."""

    def __init__(self, cache_dir: Path, info: CacheInfo) -> None:
        """Open or begin a cache; InputError where one made with other settings is there."""
        there = read_info(cache_dir)
        if there is not None and there != info:
            differing = ", ".join(
                f"{f.name} is {getattr(there, f.name)}, not {getattr(info, f.name)}"
                for f in fields(CacheInfo)
                if getattr(there, f.name) != getattr(info, f.name)
            )
            raise InputError(
                f"{cache_dir} was made with other settings ({differing}). "
                "Use the same ones, or ingest into another workspace."
            )
        self.cache_dir = cache_dir
        self.clips = read_manifest(cache_dir / MANIFEST_NAME)
        self.known = {clip.clip_id for clip in self.clips}
        if there is None:
            write_json(cache_dir / "cache.json", asdict(info))
        elif self.clips:
            write_manifest(
                self.clips, cache_dir / MANIFEST_NAME
            )  # drops a line cut short by a kill

    def add_video(
        self, video_uid: str, clips: Sequence[tuple[Clip, NDArray[np.uint8], NDArray[np.int16]]]
    ) -> None:
        """Write one video's clips: (clip, frames uint8 (n, height, width, 3), sound int16 (m,))."""
        write_shard(self.cache_dir, video_uid, clips)
        self.append([clip for clip, _, _ in clips])

    def append(self, clips: Sequence[Clip]) -> None:
        """Append clips whose shards are written to the manifest. One process only."""
        append_manifest(clips, self.cache_dir / MANIFEST_NAME)
        self.clips += clips
        self.known.update(clip.clip_id for clip in clips)

    def close(self) -> list[Clip]:
        """Put the manifest in order of video and time, whichever process was first; the clips."""
        self.clips.sort(key=lambda clip: (clip.video_uid, clip.time_s, clip.clip_id))
        if self.clips:
            write_manifest(self.clips, self.cache_dir / MANIFEST_NAME)
        return self.clips


def write_shard(
    cache_dir: Path,
    video_uid: str,
    clips: Sequence[tuple[Clip, NDArray[np.uint8], NDArray[np.int16]]],
) -> None:
    """Write the shard of one video, in any process. Same clips, same bytes."""
    with ShardWriter(shard_path(cache_dir, video_uid)) as shard:
        for clip, frames, pcm in clips:
            shard.add(clip.clip_id, encode_frames(frames), pcm)
