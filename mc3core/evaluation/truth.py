"""Known truth from a CSV file: which narrated actions sound."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mc3core.data.clips import Clip
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
    column = "label" if "label" in rows[0] else "sounds"
    by_uid, by_time = _index(clips)
    answers: defaultdict[str, set[bool | None]] = defaultdict(set)
    unmatched = 0
    for number, row in enumerate(rows, start=2):
        answer = _answer(row, column, path, number)
        found = _matching(row, by_uid, by_time, path, number)
        unmatched += not found
        for clip in found:
            answers[clip.clip_id].add(answer)
    labels = {clip_id: True in given for clip_id, given in answers.items() if _decided(given)}
    return Truth(labels, unclear=len(answers) - len(labels), unmatched=unmatched)


def _decided(given: set[bool | None]) -> bool:
    return given in ({True}, {False})


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a UTF-8 CSV file: {error}.") from error
    lines = text.splitlines()
    if len(lines) < 2:
        raise InputError(f"{path} holds no rows below its header.")
    reader = csv.DictReader(lines, delimiter="\t" if "\t" in lines[0] else ",")
    columns = set(reader.fieldnames or ())
    if not {"label", "sounds"} & columns:
        raise InputError(f"{path} needs a column `label` (1 or 0) or `sounds` (yes, no, unclear).")
    if "annotation_uid" not in columns and not {"video_uid", "timestamp_sec"} <= columns:
        raise InputError(
            f"{path} needs a column `annotation_uid`, or `video_uid` and `timestamp_sec`."
        )
    return [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]


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
    try:
        time_s = float(row["timestamp_sec"])
    except ValueError:
        raise InputError(
            f"{path}, row {number}: timestamp_sec is {row['timestamp_sec']!r}, not a number."
        ) from None
    return by_time.get((row["video_uid"], _milliseconds(time_s)), [])


def _answer(row: dict[str, str], column: str, path: Path, number: int) -> bool | None:
    value = row.get(column, "").lower()
    if value in UNCLEAR:
        return None
    answer = (LABELS | SOUNDS).get(value)
    if answer is None:
        expected = "1 or 0" if column == "label" else "yes, no or unclear"
        raise InputError(f"{path}, row {number}: {column} is {value!r}, not {expected}.")
    return answer


def _milliseconds(time_s: float) -> int:
    return round(time_s * 1000)
