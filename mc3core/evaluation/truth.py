"""Known truth from a CSV file: which narrated actions sound."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mc3core.data.clips import Clip
from mc3core.data.ego4d import seconds_of
from mc3core.data.tables import read_table
from mc3core.errors import InputError

LABELS = {"1": True, "0": False, "1.0": True, "0.0": False, "true": True, "false": False}
SOUNDS = {"yes": True, "no": False}
UNCLEAR = {"unclear", "", "tie", "unsure"}


@dataclass(frozen=True, slots=True)
class Truth:
    """`labels` by clip id. `unclear` clips are left out: the file does not decide, or contradicts
    itself. `unmatched` rows name no clip of this workspace."""

    labels: dict[str, bool]
    unclear: int
    unmatched: int


def read_truth(path: Path, clips: Sequence[Clip]) -> Truth:
    """Match the rows of a CSV (or tab-separated) file to clips.

    Columns: `annotation_uid`, or `video_uid` and `timestamp_sec`, or all three; and `label` (1 or
    0) or `sounds` (yes, no, unclear). InputError names the file and the row or column at fault.
    """
    rows = _rows(path)
    column = "label" if "label" in rows[0][1] else "sounds"
    by_uid, by_time = _index(clips)
    answers: defaultdict[str, set[bool | None]] = defaultdict(set)
    unmatched = 0
    for number, row in rows:
        answer = _answer(row, column, path, number)
        found = _matching(row, by_uid, by_time, path, number)
        unmatched += not found
        for clip in found:
            answers[clip.clip_id].add(answer)
    labels = {clip_id: True in given for clip_id, given in answers.items() if _decided(given)}
    return Truth(labels, unclear=len(answers) - len(labels), unmatched=unmatched)


def _decided(given: set[bool | None]) -> bool:
    return given in ({True}, {False})


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows by column name, each with the number of its line."""
    table = read_table(path, "--truth")
    columns = set(table.header)
    if not {"label", "sounds"} & columns:
        raise InputError(f"{path} needs a column `label` (1 or 0) or `sounds` (yes, no, unclear).")
    if "annotation_uid" not in columns and not {"video_uid", "timestamp_sec"} <= columns:
        raise InputError(
            f"{path} needs a column `annotation_uid`, or `video_uid` and `timestamp_sec`."
        )
    rows: list[tuple[int, dict[str, str]]] = []
    for line in table.lines:
        if line.problem is not None:
            raise InputError(f"{path}, row {line.number}: {line.problem}.")
        rows.append((line.number, dict(zip(table.header, line.values, strict=False))))
    if not rows:
        raise InputError(f"{path} holds no rows below its header.")
    return rows


def _index(
    clips: Iterable[Clip],
) -> tuple[dict[str, list[Clip]], dict[tuple[str, int], list[Clip]]]:
    by_uid: defaultdict[str, list[Clip]] = defaultdict(list)
    by_time: defaultdict[tuple[str, int], list[Clip]] = defaultdict(list)
    for clip in clips:
        by_uid[clip.annotation_uid].append(clip)
        by_time[clip.video_uid, _milliseconds(clip.time_s)].append(clip)
    return by_uid, by_time


def _matching(
    row: dict[str, str],
    by_uid: dict[str, list[Clip]],
    by_time: dict[tuple[str, int], list[Clip]],
    path: Path,
    number: int,
) -> list[Clip]:
    """Clips of a row: by annotation uid, narrowed by video where one uid stands in several."""
    if row.get("annotation_uid"):
        found = by_uid.get(row["annotation_uid"], [])
        same_video = [clip for clip in found if clip.video_uid == row.get("video_uid")]
        return same_video or found
    if not row.get("video_uid") or not row.get("timestamp_sec"):
        raise InputError(f"{path}, row {number}, names no clip: its columns are empty.")
    time_s = seconds_of(row["timestamp_sec"])
    if time_s is None:
        raise InputError(
            f"{path}, row {number}: timestamp_sec is {row['timestamp_sec'][:40]!r}, not a number "
            "of seconds."
        )
    return by_time.get((row["video_uid"], _milliseconds(time_s)), [])


def _answer(row: dict[str, str], column: str, path: Path, number: int) -> bool | None:
    value = row.get(column, "").lower()
    if value in UNCLEAR:
        return None
    answer = (LABELS | SOUNDS).get(value)
    if answer is None:
        expected = "1 or 0" if column == "label" else "yes, no or unclear"
        raise InputError(f"{path}, row {number}: {column} is {value[:40]!r}, not {expected}.")
    return answer


def _milliseconds(time_s: float) -> int:
    return round(time_s * 1000)
