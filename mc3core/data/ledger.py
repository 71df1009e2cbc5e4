"""What became of every narration: a clip, or a row that names the reason; and the videos seen."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mc3core.data.clips import INGEST_AGAIN, Clip
from mc3core.json_files import read_lines

DROPPED_NAME, VIDEOS_NAME = "dropped.jsonl", "videos.jsonl"
NO_FILE = "no video file"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A narration that became no clip. `clip_id` is the id it would have had."""

    video_uid: str
    annotation_uid: str
    reason: str
    narration: str
    time_s: float | None
    clip_id: str = ""


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A video as it was read. `width`, `height` and `fps` are 0 without pictures; `file_bytes` and
    `modified_ns` tell whether the file has changed since."""

    video_uid: str
    file: str
    duration_s: float
    fps: float
    width: int
    height: int
    has_audio: bool
    file_bytes: int = 0
    modified_ns: int = 0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Totals of a cache after an ingest, and how many clips (`new`) this one added."""

    clips: tuple[Clip, ...]
    dropped: tuple[Dropped, ...]
    videos: tuple[VideoInfo, ...]
    new: int

    @property
    def narrations(self) -> int:
        return len(self.clips) + len(self.dropped)

    @property
    def flagged(self) -> dict[str, int]:
        """How many clips carry each flag."""
        flags = [flag for clip in self.clips for flag in clip.flags]
        return {flag: flags.count(flag) for flag in sorted(set(flags))}

    def to_json(self) -> dict[str, Any]:
        """`narrations`, `clips`, `new`: counts; `dropped`, `flagged`: rows."""
        return {
            "narrations": self.narrations,
            "clips": len(self.clips),
            "new": self.new,
            "dropped": [asdict(row) for row in self.dropped],
            "flagged": [
                {
                    "video_uid": clip.video_uid,
                    "annotation_uid": clip.annotation_uid,
                    "clip_id": clip.clip_id,
                    "flag": flag,
                }
                for clip in self.clips
                for flag in clip.flags
            ],
        }


class Ledger:
    """The dropped narrations and the videos of a cache, kept on disk as they come."""

    def __init__(self, cache_dir: Path) -> None:
        self._dropped_path = cache_dir / DROPPED_NAME
        self._videos_path = cache_dir / VIDEOS_NAME
        _end_line(self._dropped_path)
        _end_line(self._videos_path)
        self.dropped = {row.clip_id: row for row in read_dropped(cache_dir)}
        self.videos = {info.video_uid: info for info in read_videos(cache_dir)}

    def add(self, dropped: Sequence[Dropped], info: VideoInfo | None = None) -> list[Dropped]:
        """Note rows and a video at once; the rows that were not known are returned."""
        fresh = [row for row in dropped if self.dropped.get(row.clip_id) != row]
        self.dropped.update({row.clip_id: row for row in fresh})
        _append(self._dropped_path, fresh)
        if info is not None and self.videos.get(info.video_uid) != info:
            self.videos[info.video_uid] = info
            _append(self._videos_path, [info])
        return fresh

    def close(self, clips: Iterable[Clip]) -> None:
        """Write both files anew, in order, without what has become a clip since."""
        for clip in clips:
            self.dropped.pop(clip.clip_id, None)
        rows = sorted(
            self.dropped.values(), key=lambda r: (r.video_uid, r.time_s or 0.0, r.clip_id)
        )
        self.dropped = {row.clip_id: row for row in rows}
        _replace(self._dropped_path, rows)
        _replace(self._videos_path, [self.videos[uid] for uid in sorted(self.videos)])

    def forget(self, video_uid: str) -> None:
        """Take a video out, and what was said in it: its narrations stay as rows without words."""
        words = [
            i for i, row in self.dropped.items() if row.video_uid == video_uid and row.narration
        ]
        for clip_id in words:
            self.dropped[clip_id] = replace(self.dropped[clip_id], narration="")
        if words:
            _replace(self._dropped_path, list(self.dropped.values()))
        if self.videos.pop(video_uid, None) is not None:
            _replace(self._videos_path, list(self.videos.values()))


def read_dropped(cache_dir: Path) -> list[Dropped]:
    """The dropped rows of a cache; where one was noted twice, the later. While an ingest runs, some
    may have become clips already: it takes them out when it ends."""
    rows = read_lines(cache_dir / DROPPED_NAME, lambda row: Dropped(**row), INGEST_AGAIN)
    return list({row.clip_id: row for row in rows}.values())


def read_videos(cache_dir: Path) -> list[VideoInfo]:
    """The videos of a cache."""
    infos = read_lines(cache_dir / VIDEOS_NAME, lambda row: VideoInfo(**row), INGEST_AGAIN)
    return list({info.video_uid: info for info in infos}.values())


def _end_line(path: Path) -> None:
    """Cut off a last line that a kill left half written: the next one must not be glued to it."""
    if path.exists():
        with path.open("rb+") as file:
            file.truncate(file.read().rfind(b"\n") + 1)


def _append(path: Path, rows: Sequence[Dropped] | Sequence[VideoInfo]) -> None:
    if rows:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(row)) + "\n" for row in rows)


def _replace(path: Path, rows: Sequence[Dropped] | Sequence[VideoInfo]) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(row)) + "\n" for row in rows)
    partial.replace(path)
