"""Reads narrations from a plain table: video_uid, timestamp_sec, narration_text[, annotation_uid].

Comma, semicolon or tab, UTF-8 (or what spreadsheets call Unicode), columns in any order, others
ignored. Without `annotation_uid` a row is named by what it says, so that it is found again.
"""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mc3core.data.ego4d import read_text, seconds_of
from mc3core.data.narration import Narration, writable
from mc3core.errors import InputError

REQUIRED = ("video_uid", "timestamp_sec", "narration_text")
MAX_FIELD = 10_000_000
_TABLE = "table"  # stands where Ego4D names one of its two passes


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the number of its (last) line, and its values, stripped; or what is wrong with it.
    It may be shorter or longer than the header."""

    number: int
    values: tuple[str, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Column names in lower case, and the rows that are not empty."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(path: Path, option: str) -> Table:
    """A table as a file holds it; InputError, naming the command's `option`, where it is missing,
    empty or cannot be read."""
    csv.field_size_limit(MAX_FIELD)
    text = read_text(path, option)
    header_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: tuple[str, ...] | None = None
    lines: list[Line] = []
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return Table(header or (), tuple(lines))
        except csv.Error as error:
            lines.append(Line(reader.line_num, (), str(error)))
            continue
        stripped = tuple(map(writable, values))
        if header is None:
            header = tuple(name.lower() for name in stripped)
        elif any(stripped):
            lines.append(Line(reader.line_num, stripped))


def read_csv(path: Path) -> list[Narration]:
    """All rows of a table; a row that cannot be used carries its `problem` with its line number.

    InputError where the file is missing or lacks a column.
    """
    table = read_table(path, "--narrations")
    missing = [name for name in REQUIRED if name not in table.header]
    if missing:
        like_json = path.suffix.lower() == ".json"
        raise InputError(
            f"{path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}: its "
            f"first line must name {', '.join(REQUIRED)} (annotation_uid may be added)."
            + (" For Ego4D's JSON use --format ego4d." if like_json else "")
        )
    if not table.lines:
        raise InputError(f"{path} holds no narrations below its first line.")
    return [_row(table.header, line) for line in table.lines]


def _row(header: Sequence[str], line: Line) -> Narration:
    if line.problem is not None:
        problem = f"bad row {line.number}: {line.problem}"
        return Narration("", "", _TABLE, None, "", problem=problem)
    fields = dict(zip(header, line.values, strict=False))
    time_text = fields.get("timestamp_sec", "")
    time_s, problem = seconds_of(time_text), None
    if len(line.values) != len(header):
        problem = (
            f"bad row {line.number}: {len(line.values)} columns where the first line has "
            f"{len(header)} (quote a text that holds the separator)"
        )
    elif time_s is None:
        problem = (
            f"bad row {line.number}: timestamp_sec is {time_text[:40]!r}"
            if time_text
            else "no timestamp"
        )
    elif not fields["video_uid"]:
        problem = f"bad row {line.number}: no video_uid"
    uid, text = fields.get("video_uid", ""), fields.get("narration_text", "")
    name = fields.get("annotation_uid") or _name(uid, time_text, text)
    return Narration(uid, name, _TABLE, time_s, text, problem=problem)


def _name(*parts: str) -> str:
    return "row-" + hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()
