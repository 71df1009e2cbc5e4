"""Known truth from a CSV file: which narrated actions sound."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mc3core.data.clips import Clip
from mc3core.data.tables import read_table
from mc3core.errors import InputError
from mc3core.evaluation.matching import COLUMNS, ClipIndex, names_clips

LABELS = {"1": True, "0": False, "1.0": True, "0.0": False, "true": True, "false": False}
SOUNDS = {"yes": True, "no": False}
UNCLEAR = {"unclear", "", "tie", "unsure"}


@dataclass(frozen=True, slots=True)
class Truth:
    """`labels` by clip id. `unclear` clips are left out: the file does not decide, or contradicts
    itself. `unmatched` rows name no clip of this workspace. `regions` by clip id say why a clip
    does not count as sounding, where the file has that column (see `regions.py`)."""

    labels: dict[str, bool]
    unclear: int
    unmatched: int
    regions: dict[str, str] = field(default_factory=dict[str, str])


def read_truth(path: Path, clips: Sequence[Clip]) -> Truth:
    """Match the rows of a CSV (or tab-separated) file to clips.

    Columns: `annotation_uid`, or `video_uid` and `timestamp_sec`, or all three; and `label` (1 or
    0) or `sounds` (yes, no, unclear); `region` may be there. InputError names the file and the row
    or column at fault.
    """
    rows = _rows(path)
    column = "label" if "label" in rows[0][1] else "sounds"
    index = ClipIndex(clips)
    answers: defaultdict[str, set[bool | None]] = defaultdict(set)
    regions: dict[str, str] = {}
    unmatched = 0
    for number, row in rows:
        answer = _answer(row, column, path, number)
        found = index.of_row(row, path, number)
        unmatched += not found
        for clip in found:
            answers[clip.clip_id].add(answer)
            if row.get("region"):
                regions[clip.clip_id] = row["region"]
    labels = {clip_id: True in given for clip_id, given in answers.items() if _decided(given)}
    return Truth(labels, len(answers) - len(labels), unmatched, regions)


def _decided(given: set[bool | None]) -> bool:
    return given in ({True}, {False})


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows by column name, each with the number of its line."""
    table = read_table(path, "--truth")
    columns = set(table.header)
    if not {"label", "sounds"} & columns:
        raise InputError(f"{path} needs a column `label` (1 or 0) or `sounds` (yes, no, unclear).")
    if not names_clips(columns):
        raise InputError(f"{path} needs {COLUMNS}.")
    rows: list[tuple[int, dict[str, str]]] = []
    for line in table.lines:
        if line.problem is not None:
            raise InputError(f"{path}, row {line.number}: {line.problem}.")
        rows.append((line.number, dict(zip(table.header, line.values, strict=False))))
    if not rows:
        raise InputError(f"{path} holds no rows below its header.")
    return rows


def _answer(row: dict[str, str], column: str, path: Path, number: int) -> bool | None:
    value = row.get(column, "").lower()
    if value in UNCLEAR:
        return None
    answer = (LABELS | SOUNDS).get(value)
    if answer is None:
        expected = "1 or 0" if column == "label" else "yes, no or unclear"
        raise InputError(f"{path}, row {number}: {column} is {value[:40]!r}, not {expected}.")
    return answer
