"""Label files in: every format as rows, and every row that cannot be read by its number."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from annotation.export import COLUMNS, CellError, from_cells, read_answer
from annotation.label_studio import from_task
from annotation.reading import FileRow, by_clip, file_row, word
from mc3core.errors import InputError

Source = Literal["csv", "parquet", "hf", "label-studio"]
PLAIN = ("clip_id", "person", "value")
OURS = ("clip_id", "answers")
MAX_CELL = 10_000_000

Numbered = tuple[int, Mapping[str, Any]]


@dataclass
class LabelFile:
    """The rows of a label file, and (row, what is wrong) of those that cannot be read."""

    rows: list[FileRow] = field(default_factory=list[FileRow])
    problems: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


def read_labels(path: Path, source: Source | None = None) -> LabelFile:
    """Read a label file. InputError where it is missing, empty, or of another kind."""
    if not path.exists():
        raise InputError(f"{path} does not exist. Check the file given to import.")
    match source or _kind(path):
        case "csv":
            return _read_csv(path)
        case "label-studio":
            return _rows(_tasks(path), lambda found: file_row(found[0], from_task(found[1])))
        case _:
            return _rows(_parquet_rows(path), lambda found: file_row(*found))


def _kind(path: Path) -> Source:
    kinds: dict[str, Source] = {".csv": "csv", ".parquet": "parquet", ".json": "label-studio"}
    kind = "hf" if path.is_dir() else kinds.get(path.suffix.lower())
    if kind is None:
        raise InputError(
            f"{path} is no .csv, .parquet, .json or folder: say what it is by --format csv, "
            "parquet, hf or label-studio."
        )
    return kind


def _rows(found: Iterable[Any], read: Callable[[Any], FileRow]) -> LabelFile:
    file = LabelFile()
    for one in found:
        try:
            file.rows.append(read(one))
        except CellError as error:
            file.problems.append((one[0], str(error)))
    return file


def _read_csv(path: Path) -> LabelFile:
    header, lines = _table(path)
    if set(OURS) <= set(header):
        return _rows(lines, lambda line: file_row(line[0], from_cells(_cells(header, line[1]))))
    if set(PLAIN) <= set(header):
        file = _rows(lines, lambda line: _plain(line[0], _cells(header, line[1])))
        return LabelFile(by_clip(file.rows), file.problems)
    if "positive" in header:
        raise InputError(
            f"{path} holds verdicts, and does not say who gave them: it cannot become answers. "
            "To score a run against it, give a CSV with a column `label` to sounding evaluate "
            "--truth."
        )
    raise InputError(
        f"{path} is no label file: its first line must name {', '.join(PLAIN)} (one line an "
        f"answer), or the columns of sounding labels export. It names {', '.join(header)[:200]}."
    )


def _plain(number: int, cells: Mapping[str, str]) -> FileRow:
    """One answer a line, as other tools write it; what they know beside it is taken along."""
    if not (clip_id := cells["clip_id"].strip()):
        raise CellError("it names no clip_id")
    names = ("decision_ms", "answered_at", "plays")
    known: dict[str, Any] = {name: cells[name].strip() for name in names if cells.get(name)}
    for name in ("decision_ms", "plays"):
        if name in known:
            try:
                known[name] = round(float(known[name]))
            except (ValueError, OverflowError):
                raise CellError(f"{name} is {known[name][:40]!r}, no number") from None
    answer = read_answer(
        {**known, "person": cells["person"].strip(), "value": word(cells["value"])}
    )
    return FileRow(number, clip_id, (answer,), (number,))


def _cells(header: tuple[str, ...], values: list[str]) -> dict[str, str]:
    if len(values) != len(header):
        raise CellError(
            f"it has {len(values)} columns where the first line has {len(header)} (quote a text "
            "that holds the separator)"
        )
    return dict(zip(header, values, strict=True))


def _table(path: Path) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]:
    """The header, and the lines with the number of their row (the header is row 1)."""
    csv.field_size_limit(MAX_CELL)
    text = _text(path)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = tuple(name.strip().lower() for name in next(reader))
    except csv.Error as error:
        raise InputError(f"{path}, row 1: {error}.") from None
    if twice := {name for name in header if name in COLUMNS and header.count(name) > 1}:
        raise InputError(f"{path}, row 1: the column {min(twice)} stands there twice.")
    return header, _lines(path, reader)


def _lines(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    number = 1
    while True:
        number += 1
        try:
            values: list[str] = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A quote that does not end would swallow every row that follows.
            raise InputError(
                f"{path}, row {number}: {error}. A quoted text must end, and a quote in it be "
                "doubled."
            ) from None
        if any(value.strip() for value in values):
            yield number, values


def _text(path: Path) -> str:
    """UTF-8, with or without a mark, or what spreadsheets call Unicode (UTF-16)."""
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a file, or --format hf.")
    data = path.read_bytes()
    if not data.strip():
        raise InputError(f"{path} is empty: nothing to import.")
    if data.startswith((b"PAR1", b"PK\x03\x04")):
        kind = (
            "a Parquet file (--format parquet)" if data[:1] + data[1:2] == b"PA" else "a workbook"
        )
        raise InputError(f"{path} is {kind}, no text. Save a workbook as CSV (UTF-8) first.")
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path} is not in UTF-8 (line {line}, byte {error.start}): save it again as CSV "
            "UTF-8, so that no name or narration is changed."
        ) from None


def _tasks(path: Path) -> Iterator[tuple[int, object]]:
    try:
        found: Any = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no complete JSON: {error}.") from None
    tasks = cast(list[object], found) if isinstance(found, list) else None
    if tasks is None or not tasks or not all(isinstance(t, dict) and "data" in t for t in tasks):
        raise InputError(
            f"{path} is no list of Label Studio tasks: export the project there as JSON (not "
            "JSON-MIN)."
        )
    return iter(enumerate(tasks, 1))


def _parquet_rows(path: Path) -> Iterator[Numbered]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = [path] if path.is_file() else sorted((path / "data").glob("*.parquet"))
    if not files:
        raise InputError(f"{path} is no dataset folder: it has no data/*.parquet.")
    number = 0
    for file in files:
        try:
            with pq.ParquetFile(file) as table:
                names: list[str] = table.schema_arrow.names
                if missing := [name for name in OURS if name not in names]:
                    raise InputError(
                        f"{file} is no label file: it lacks the column {missing[0]}, which "
                        "sounding labels export writes."
                    )
                wanted = [name for name in COLUMNS if name in names]
                for batch in table.iter_batches(batch_size=4000, columns=wanted):
                    for record in batch.to_pylist():
                        number += 1
                        yield number, record
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{file} is no Parquet file, or damaged ({error}).") from None
