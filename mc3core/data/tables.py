"""Reads narrations from a plain table: video_uid, timestamp_sec, narration_text[, annotation_uid].

Comma, semicolon or tab, UTF-8 (or what spreadsheets call Unicode), columns in any order, others
ignored. Without `annotation_uid` a row is named by what it says, so that it is found again.
"""

import csv
import hashlib
import io
from pathlib import Path

from mc3core.data.ego4d import read_text, seconds_of
from mc3core.data.narration import Narration, writable
from mc3core.errors import InputError

REQUIRED = ("video_uid", "timestamp_sec", "narration_text")
MAX_FIELD = 10_000_000
_TABLE = "table"  # stands where Ego4D names one of its two passes


def read_csv(path: Path) -> list[Narration]:
    """All rows of a table; a row that cannot be used carries its `problem` with its line number.

    InputError where the file is missing or lacks a column.
    """
    csv.field_size_limit(MAX_FIELD)
    text = read_text(path)
    header_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header_line.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip().lower() for name in next(lines, [])]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise InputError(
            f"{path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}: its "
            f"first line must name {', '.join(REQUIRED)} (annotation_uid may be added)."
        )
    rows: list[Narration] = []
    while True:
        try:
            values = next(lines)
        except StopIteration:
            break
        except csv.Error as error:
            problem = f"bad row {lines.line_num}: {error}"
            rows.append(Narration("", "", _TABLE, None, "", problem=problem))
            continue
        if values and any(value.strip() for value in values):
            rows.append(_row(header, values, lines.line_num))
    if not rows:
        raise InputError(f"{path} holds no narrations below its first line.")
    return rows


def _row(header: list[str], values: list[str], line: int) -> Narration:
    fields = dict(zip(header, map(writable, values), strict=False))
    time_text = fields.get("timestamp_sec", "")
    time_s, problem = seconds_of(time_text), None
    if len(values) != len(header):
        problem = (
            f"bad row {line}: {len(values)} columns where the first line has {len(header)} "
            "(quote a text that holds the separator)"
        )
    elif time_s is None:
        problem = (
            f"bad row {line}: timestamp_sec is {time_text[:40]!r}" if time_text else "no timestamp"
        )
    elif not fields["video_uid"]:
        problem = f"bad row {line}: no video_uid"
    uid, text = fields.get("video_uid", ""), fields.get("narration_text", "")
    name = fields.get("annotation_uid") or _name(uid, time_text, text)
    return Narration(uid, name, _TABLE, time_s, text, problem=problem)


def _name(*parts: str) -> str:
    return "row-" + hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()
