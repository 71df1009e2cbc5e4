"""Label files as text: CSV, EgoVLP's TSV, Label Studio's JSON."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from annotation import egovlp
from annotation.export import COLUMNS, to_cells, to_record
from annotation.label_rows import LabelRow
from annotation.label_studio import to_task


def write_csv(path: Path, rows: Iterable[LabelRow]) -> int:
    """One line a clip, its answers as JSON in the last cell."""
    number = 0
    # Lines end as RFC 4180 has it: with "\n" alone a "\r" inside a cell would stand unquoted.
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for number, row in enumerate(rows, 1):  # noqa: B007
            writer.writerow(to_cells(to_record(row)))
    return number


def write_tsv(path: Path, rows: Iterable[LabelRow]) -> int:
    """One line a clip that has a label; the others are left out."""
    number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\r\n")
        writer.writerow(egovlp.COLUMNS)
        for row in rows:
            line = egovlp.to_line(to_record(row), row.video_s)
            if line is not None:
                writer.writerow(line)
                number += 1
    return number


def write_label_studio(path: Path, rows: Iterable[LabelRow]) -> int:
    """A JSON list, one task a line."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, row in enumerate(rows, 1):
            file.write("\n" if number == 1 else ",\n")
            file.write(json.dumps(to_task(to_record(row)), ensure_ascii=False))
        file.write("\n]\n")
    return number
