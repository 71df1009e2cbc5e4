"""Labels as Parquet, and as a folder that Hugging Face's `datasets` loads."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from annotation.export import ANSWER_FIELDS, ANSWERS, COLUMNS, to_record
from annotation.label_rows import LabelRow
from app.services.label_card import Split, card

AT_ONCE = 4000  # clips in memory, and in a row group
FOLDER = frozenset({"README.md", "data"})
_SPLITS = {"val": "validation"}  # as `datasets` calls it


def schema() -> Any:
    """The columns of annotation.export; answers as a list of structs."""
    import pyarrow as pa

    plain: dict[str, Any] = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int64(),
        "flag": pa.bool_(),
        "moment": pa.timestamp("us", tz="UTC"),
        "words": pa.list_(pa.string()),
    }
    answer = pa.struct([pa.field(name, plain[kind]) for name, kind in ANSWER_FIELDS.items()])
    return pa.schema(
        [
            pa.field(name, pa.list_(answer) if kind == ANSWERS else plain[kind])
            for name, kind in COLUMNS.items()
        ]
    )


def write_parquet(path: Path, rows: Iterable[LabelRow]) -> int:
    """One row a clip, in row groups of the same size."""
    import pyarrow.parquet as pq

    number = 0
    columns = schema()
    with pq.ParquetWriter(path, columns, compression="zstd") as writer:
        for some in _some(rows):
            writer.write_table(_table(some, columns))
            number += len(some)
    return number


def write_folder(path: Path, rows: Iterable[LabelRow]) -> int:
    """README.md with the card, data/<split>-00000-of-00001.parquet."""
    import pyarrow.parquet as pq

    data = path / "data"
    data.mkdir(parents=True)
    columns = schema()
    writers: dict[str, Any] = {}
    splits: dict[str, Split] = {}
    with ExitStack() as stack:
        for some in _some(rows):
            for name in dict.fromkeys(_split(row) for row in some):
                table = _table([row for row in some if _split(row) == name], columns)
                if name not in writers:
                    file = data / f"{name}-00000-of-00001.parquet"
                    writer = pq.ParquetWriter(file, columns, compression="zstd")
                    writers[name] = stack.enter_context(writer)
                writers[name].write_table(table)
                before = splits.get(name, Split(name, 0, 0, 0))
                splits[name] = Split(
                    name, before.rows + table.num_rows, before.bytes + table.nbytes, 0
                )
    found = [
        Split(split.name, split.rows, split.bytes, file.stat().st_size)
        for name, split in splits.items()
        if (file := data / f"{name}-00000-of-00001.parquet")
    ]
    (path / "README.md").write_text(card(found), encoding="utf-8")
    return sum(split.rows for split in found)


def _split(row: LabelRow) -> str:
    name = _SPLITS.get(row.split, row.split)
    return name if re.fullmatch(r"\w+", name) else "other"


def _table(rows: list[LabelRow], columns: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist([to_record(row) for row in rows], schema=columns)


def _some(rows: Iterable[LabelRow]) -> Iterator[list[LabelRow]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some
