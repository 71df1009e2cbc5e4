"""Training-sized frames, made once from the cache: square, raw and memory-mapped.

cache/derived/<side>x<count>/frames.u8     uint8 (rows, count, side, side, 3)
                             rows.json     clip ids in row order; the file is real up to there
"""

import fcntl
import json
import re
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback
from mc3core.training.run_dir import write_json

Frames = NDArray[np.uint8]


class DerivedCache:
    """Frames uint8 (count, side, side, 3) of every clip that has pictures, in constant time."""

    def __init__(self, folder: Path, side: int, count: int) -> None:
        self._shape = (count, side, side, 3)
        self._folder = folder
        self._rows = {clip_id: row for row, clip_id in enumerate(_clip_ids(folder))}
        self._frames: Frames = (
            np.memmap(folder / "frames.u8", np.uint8, "r", shape=(len(self._rows), *self._shape))
            if self._rows
            else np.empty((0, *self._shape), np.uint8)
        )

    def __contains__(self, clip_id: str) -> bool:
        return clip_id in self._rows

    def frames(self, clip_id: str) -> Frames:
        """A view (count, side, side, 3); (0, side, side, 3) where the clip has no pictures."""
        row = self._rows.get(clip_id)
        return self._frames[row] if row is not None else np.empty((0, *self._shape[1:]), np.uint8)


def extend(
    folder: Path,
    side: int,
    count: int,
    clip_ids: Sequence[str],
    read: Callable[[str], Frames],
    progress: ProgressCallback,
) -> DerivedCache:
    """Append the clips that are not there yet, one at a time, and open the result.

    `read` gives a clip's frames uint8 (count, height, width, 3), or none of them. Several processes
    may call this: the second waits, and finds the work done.
    """
    if side < 1 or count < 1:
        raise InputError(
            f"Frames of side {side}, {count} a clip, cannot be made: both must be at least 1."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        done, row_bytes = _clip_ids(folder), count * side * side * 3
        if _size(folder / "frames.u8") < len(done) * row_bytes:
            done = []  # damaged: all of it can be made again
        known = set(done)
        missing = [clip_id for clip_id in clip_ids if clip_id not in known]
        if missing:
            with (folder / "frames.u8").open("ab") as file:
                file.truncate(
                    len(done) * row_bytes
                )  # a run that was killed may have left half a row
                for number, clip_id in enumerate(missing):
                    progress(Progress("shrink frames", number, len(missing)))
                    frames = read(clip_id)
                    if len(frames):
                        file.write(square(frames, side).tobytes())
                        done.append(clip_id)
            write_json(folder / "rows.json", done)
            progress(Progress("shrink frames", len(missing), len(missing)))
    return DerivedCache(folder, side, count)


def forget_rows(folder: Path, clip_ids: Collection[str]) -> int:
    """Take clips out of a folder of small frames; returns how many were there.

    The file is written anew and replaced: who reads the old one reads on. Frames that no list names
    go with them.
    """
    match = re.fullmatch(r"(\d+)x(\d+)", folder.name)
    with locked(folder / ".lock"):
        rows, frames = _clip_ids(folder), folder / "frames.u8"
        row_bytes = int(match[1]) ** 2 * 3 * int(match[2]) if match else 0
        if not match or _size(frames) < len(rows) * row_bytes:
            rows = []  # not ours, or damaged: all of it can be made again
        kept = [row for row, clip_id in enumerate(rows) if clip_id not in clip_ids]
        if len(kept) == len(rows) and _size(frames) == len(rows) * row_bytes:
            return 0
        partial = folder / "frames.partial"
        with partial.open("wb") as new:
            if kept:
                with frames.open("rb") as old:
                    for row in kept:
                        old.seek(row * row_bytes)
                        new.write(old.read(row_bytes))
        # First the frames: a list that is longer than its file counts as damaged, never as right.
        partial.replace(frames)
        write_json(folder / "rows.json", [rows[row] for row in kept])
        return len(rows) - len(kept)


def square(frames: Frames, side: int) -> Frames:
    """Central square of frames (n, height, width, 3) by area averaging: (n, side, side, 3)."""
    _, height, width, _ = frames.shape
    if height == width == side:
        return frames
    short = min(height, width)
    left, top = (width - short) / 2, (height - short) / 2
    box = (left, top, left + short, top + short)
    small = [Image.fromarray(f).resize((side, side), Image.Resampling.BOX, box) for f in frames]
    return np.stack([np.asarray(image) for image in small])


def _clip_ids(folder: Path) -> list[str]:
    """The rows there are; none where the list is missing or damaged, then all are made again."""
    try:
        found: Any = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [str(row) for row in cast(list[Any], found)] if isinstance(found, list) else []


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def locked(path: Path) -> Generator[None]:
    """One process at a time; others wait. Given back by the system when a process dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
