"""Scores that another model gave: a table with one number a clip, higher where it should sound."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mc3core.data.clips import Clip
from mc3core.data.tables import read_table
from mc3core.errors import InputError
from mc3core.evaluation.matching import COLUMNS, ClipIndex, names_clips

OPTION = "--scores"


@dataclass(frozen=True, slots=True)
class Scores:
    """`of` clips by id. Rows left out, each counted once: `unmatched` name no clip of this
    workspace, `non_finite` have no number (empty, nan, inf), `duplicates` name a clip again, whose
    first number counts."""

    of: dict[str, float]
    unmatched: int
    non_finite: int
    duplicates: int


def read_scores(path: Path, clips: Sequence[Clip]) -> Scores:
    """Read a CSV (or tab-separated) file: `clip_id` or `annotation_uid` (or `video_uid` and
    `timestamp_sec`), and `score`.

    InputError names the column that is missing, or the row whose score is no number.
    """
    table = read_table(path, OPTION)
    columns = set(table.header)
    if not columns:
        raise InputError(f"{path} is empty: it needs a header, `clip_id,score`, and a row a clip.")
    if "score" not in columns:
        raise InputError(f"{path} needs a column `score`: a number for each clip.")
    if "clip_id" not in columns and not names_clips(columns):
        raise InputError(f"{path} needs a column `clip_id`, or {COLUMNS}.")
    if not table.lines:
        raise InputError(f"{path} holds no rows below its header.")
    index, of = ClipIndex(clips), dict[str, float]()
    unmatched = non_finite = duplicates = 0
    for line in table.lines:
        if line.problem is not None:
            raise InputError(f"{path}, row {line.number}: {line.problem}.")
        row = dict(zip(table.header, line.values, strict=False))
        score = _number(row.get("score", ""), path, line.number)
        found = (
            index.with_id(row["clip_id"])
            if row.get("clip_id")
            else index.of_row(row, path, line.number)
        )
        if not found:
            unmatched += 1
        elif not math.isfinite(score):
            non_finite += 1
        elif all(clip.clip_id in of for clip in found):
            duplicates += 1
        else:
            for clip in found:
                of.setdefault(clip.clip_id, score)
    return Scores(of, unmatched, non_finite, duplicates)


def _number(text: str, path: Path, number: int) -> float:
    """The score of a row; an empty one is not a number (NaN)."""
    try:
        return float(text or "nan")
    except ValueError:
        raise InputError(f"{path}, row {number}: score is {text[:40]!r}, not a number.") from None
