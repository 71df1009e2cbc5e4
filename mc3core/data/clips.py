"""The clip, and the manifest that lists every clip of a workspace. Torch-free, cheap to import."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from mc3core.json_files import read_lines

Split = Literal["train", "val", "test"]
Modality = Literal["audio", "video", "text"]

SPLITS: tuple[Split, ...] = ("train", "val", "test")
MODALITIES: tuple[Modality, ...] = ("audio", "video", "text")
MANIFEST_NAME = "manifest.jsonl"
INGEST_AGAIN = "Delete this file and ingest again: labels and runs stay."


@dataclass(frozen=True, slots=True)
class Clip:
    """One narrated moment of a video.

    `time_s` is the narration's time in its video; the clip is [`start_s`, `end_s`], clamped to the
    file. `modalities` lists what is really there: a video without a sound track has no "audio", a
    digitally silent one keeps its sound for people but has no "audio" for training.
    """

    clip_id: str
    video_uid: str
    annotation_uid: str
    source: str
    narration: str
    time_s: float
    start_s: float
    end_s: float
    split: Split
    verb: str | None
    noun: str | None
    modalities: tuple[Modality, ...]
    flags: tuple[str, ...] = ()


def clip_id_for(
    video_uid: str,
    annotation_uid: str,
    narration_pass: str,
    time_s: float,
    text: str,
    copy: int = 0,
) -> str:
    """Name a clip by what its narration says, so that ingesting again finds it again.

    The id is 16 hex digits: safe as a file name and in a URL whatever the narration file holds.
    `copy` counts identical narrations of one file, which are kept apart.
    """
    return _hash(video_uid, annotation_uid, narration_pass, f"{time_s:.3f}", text, str(copy)).hex()


def split_for(video_uid: str, seed: int, train: float = 0.7, val: float = 0.1) -> Split:
    """Put a whole video into one split by a seeded hash: disjoint, and stable when data grow."""
    position = int.from_bytes(_hash(str(seed), video_uid), "big") / 2**64
    if position < train:
        return "train"
    return "val" if position < train + val else "test"


def _hash(*parts: str) -> bytes:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=8).digest()


def write_manifest(clips: Iterable[Clip], path: Path) -> None:
    """Write one JSON object a line, in the order given, replacing the file in one step."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        for clip in clips:
            file.write(json.dumps(asdict(clip), ensure_ascii=False) + "\n")
    partial.replace(path)


def append_manifest(clips: Iterable[Clip], path: Path) -> None:
    """Add clips to a manifest, one process at a time."""
    lines = "".join(json.dumps(asdict(clip), ensure_ascii=False) + "\n" for clip in clips)
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


def read_manifest(path: Path) -> list[Clip]:
    """Read a manifest; an absent one is empty, a last line still being written is left out.

    InputError names a line that is damaged.
    """
    return read_lines(path, _clip, INGEST_AGAIN)


def _clip(row: dict[str, Any]) -> Clip:
    row["modalities"] = tuple(row["modalities"])
    row["flags"] = tuple(row["flags"])
    return Clip(**row)
