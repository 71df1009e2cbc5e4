"""Which clips a row of a person's table means: by clip id, by annotation, or by video and time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from mc3core.data.clips import Clip
from mc3core.data.ego4d import seconds_of
from mc3core.errors import InputError

COLUMNS = "a column `annotation_uid`, or `video_uid` and `timestamp_sec`"


def names_clips(columns: Iterable[str]) -> bool:
    """Whether a table with these columns can say which clips its rows mean."""
    known = set(columns)
    return "annotation_uid" in known or {"video_uid", "timestamp_sec"} <= known


class ClipIndex:
    """Finds clips by what a narration file says of them."""

    def __init__(self, clips: Iterable[Clip]) -> None:
        self._by_id: dict[str, Clip] = {}
        self._by_uid: defaultdict[str, list[Clip]] = defaultdict(list)
        self._by_time: defaultdict[tuple[str, int], list[Clip]] = defaultdict(list)
        for clip in clips:
            self._by_id[clip.clip_id] = clip
            self._by_uid[clip.annotation_uid].append(clip)
            self._by_time[clip.video_uid, _milliseconds(clip.time_s)].append(clip)

    def with_id(self, clip_id: str) -> list[Clip]:
        found = self._by_id.get(clip_id)
        return [found] if found else []

    def of_row(self, row: Mapping[str, str], path: Path, number: int) -> list[Clip]:
        """Clips of a row: by annotation uid, narrowed by video where one uid stands in several.

        InputError names `path` and the row where its columns are empty or its time is no number.
        """
        if row.get("annotation_uid"):
            found = self._by_uid.get(row["annotation_uid"], [])
            same_video = [clip for clip in found if clip.video_uid == row.get("video_uid")]
            return same_video or found
        if not row.get("video_uid") or not row.get("timestamp_sec"):
            raise InputError(f"{path}, row {number}, names no clip: its columns are empty.")
        time_s = seconds_of(row["timestamp_sec"])
        if time_s is None:
            raise InputError(
                f"{path}, row {number}: timestamp_sec is {row['timestamp_sec'][:40]!r}, not a "
                "number of seconds."
            )
        return self._by_time.get((row["video_uid"], _milliseconds(time_s)), [])


def _milliseconds(time_s: float) -> int:
    return round(time_s * 1000)
