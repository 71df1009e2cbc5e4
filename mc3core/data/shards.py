"""One shard a video: JPEG frames and 16-bit sound of its clips, in safetensors, read by slices.

    jpeg           uint8 (bytes,)             all frames of all clips, one after another
    jpeg_offsets   int64 (frames + 1,)        where each frame's bytes begin
    clip_frames    int64 (clips + 1,)         where each clip's frames begin in `jpeg_offsets`
    pcm            int16 (samples,)           sound of all clips, one after another
    clip_samples   int64 (clips + 1,)         where each clip's sound begins
    metadata       {"clip_ids": JSON list}

An absent modality is an empty slice. JPEG quality 90 with 4:2:0 chroma costs 1.7/255 mean absolute
error and a seventh of the bytes. Any tool that reads safetensors can open a shard.
"""

import hashlib
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from mc3core.errors import RunError

Frames = NDArray[np.uint8]
Pcm = NDArray[np.int16]

JPEG_QUALITY = 90


def video_key(video_uid: str) -> str:
    """Name a video's shard: 32 hex digits whatever the uid holds, so that no uid becomes a path."""
    return hashlib.blake2b(video_uid.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def shard_path(cache_dir: Path, video_uid: str) -> Path:
    return cache_dir / "shards" / f"{video_key(video_uid)}.safetensors"


def encode_frames(frames: Frames) -> list[bytes]:
    """JPEG-encode frames uint8 (n, height, width, 3) in RGB."""
    return [
        simplejpeg.encode_jpeg(
            np.ascontiguousarray(frame), JPEG_QUALITY, colorspace="RGB", colorsubsampling="420"
        )
        for frame in frames
    ]


class Shard:
    """A shard opened for reading. Holds a memory map and the offsets, never the frames."""

    def __init__(self, path: Path) -> None:
        try:
            file: Any = safe_open(path, framework="np")
            self._jpeg: Any = file.get_slice("jpeg")
            self._pcm: Any = file.get_slice("pcm")
            self._jpeg_offsets: NDArray[np.int64] = file.get_tensor("jpeg_offsets")
            self._clip_frames: NDArray[np.int64] = file.get_tensor("clip_frames")
            self._clip_samples: NDArray[np.int64] = file.get_tensor("clip_samples")
            self.clip_ids: tuple[str, ...] = tuple(json.loads(file.metadata()["clip_ids"]))
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise RunError(
                f"{path} cannot be read ({error}). Delete {path.parent.parent} and ingest again: "
                "labels and runs stay."
            ) from error
        self._rows = {clip_id: row for row, clip_id in enumerate(self.clip_ids)}

    def __contains__(self, clip_id: str) -> bool:
        return clip_id in self._rows

    def frame_count(self, clip_id: str) -> int:
        row = self._rows[clip_id]
        return int(self._clip_frames[row + 1] - self._clip_frames[row])

    def jpeg(self, clip_id: str, frame: int) -> bytes:
        """The JPEG file of one frame."""
        at = self._clip_frames[self._rows[clip_id]] + frame
        return self._jpeg[int(self._jpeg_offsets[at]) : int(self._jpeg_offsets[at + 1])].tobytes()

    def pcm(self, clip_id: str) -> Pcm:
        """Sound int16 (samples,), empty where there is none."""
        row = self._rows[clip_id]
        start, end = int(self._clip_samples[row]), int(self._clip_samples[row + 1])
        return self._pcm[start:end] if end > start else np.empty(0, np.int16)


@dataclass(frozen=True, slots=True)
class _Entry:
    clip_id: str
    jpeg_sizes: tuple[int, ...]
    samples: int


class ShardWriter:
    """Writes a shard clip by clip with the bytes on disk, so that an hour of video needs no memory.

    Clips that the shard already holds are kept (written again, they are replaced). The file appears
    in one step when the `with` block ends; where it fails, the old shard stays.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: list[_Entry] = []

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._jpeg: IO[bytes] = tempfile.TemporaryFile(dir=self._path.parent)
        self._pcm: IO[bytes] = tempfile.TemporaryFile(dir=self._path.parent)
        return self

    def add(self, clip_id: str, jpegs: Sequence[bytes], pcm: Pcm) -> None:
        """Append one clip: its JPEG frames and its sound int16 (samples,)."""
        for jpeg in jpegs:
            self._jpeg.write(jpeg)
        self._pcm.write(np.ascontiguousarray(pcm, "<i2").tobytes())
        self._entries.append(_Entry(clip_id, tuple(map(len, jpegs)), len(pcm)))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._jpeg, self._pcm:
            if kind is None and self._entries:
                self._keep_old()
                self._finish()

    def _keep_old(self) -> None:
        if not self._path.exists():
            return
        old, new = Shard(self._path), {entry.clip_id for entry in self._entries}
        for clip_id in old.clip_ids:
            if clip_id not in new:
                jpegs = [old.jpeg(clip_id, frame) for frame in range(old.frame_count(clip_id))]
                self.add(clip_id, jpegs, old.pcm(clip_id))

    def _finish(self) -> None:
        sizes = [size for entry in self._entries for size in entry.jpeg_sizes]
        small = {
            "jpeg_offsets": _offsets(sizes),
            "clip_frames": _offsets([len(entry.jpeg_sizes) for entry in self._entries]),
            "clip_samples": _offsets([entry.samples for entry in self._entries]),
        }
        lengths = {name: ("I64", values.size, values.nbytes) for name, values in small.items()}
        pcm_bytes = self._pcm.tell()
        lengths |= {
            "pcm": ("I16", pcm_bytes // 2, pcm_bytes),
            "jpeg": ("U8", self._jpeg.tell(), self._jpeg.tell()),
        }
        partial = self._path.with_name(f"{self._path.stem}.{os.getpid()}.partial")
        with partial.open("wb") as file:
            file.write(_header(lengths, [entry.clip_id for entry in self._entries]))
            for values in small.values():
                file.write(values.tobytes())
            for part in (self._pcm, self._jpeg):
                part.seek(0)
                shutil.copyfileobj(part, file, 1 << 20)
        partial.replace(self._path)


def _offsets(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes, dtype="<i8")]).astype("<i8")


def _header(lengths: Mapping[str, tuple[str, int, int]], clip_ids: Sequence[str]) -> bytes:
    """The safetensors header (its format is 8 bytes of length, JSON, then the data back to back);
    written by hand because the library would want every frame in memory at once."""
    table: dict[str, Any] = {"__metadata__": {"clip_ids": json.dumps(clip_ids)}}
    start = 0
    for name, (dtype, size, nbytes) in lengths.items():
        table[name] = {"dtype": dtype, "shape": [size], "data_offsets": [start, start + nbytes]}
        start += nbytes
    text = json.dumps(table).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text
