"""Rows of label files become what every format holds, and come back from it."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from annotation.export import (
    ANSWER_FIELDS,
    COLUMNS,
    CellError,
    from_cells,
    read_answer,
    to_cells,
    to_record,
)
from annotation.label_rows import Decision, GivenAnswer, LabelRow, status_of
from annotation.label_studio import from_task, to_task
from annotation.reading import file_row, problems_of
from tests.annotation.label_examples import rows

AT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def a_row(*said: GivenAnswer, waiting: int = 0, decision: Decision | None = None) -> LabelRow:
    return LabelRow(
        *("00000000000000aa", "v", "a", "test", "#C C chops", "chop", None),
        *(1.0, 0.5, 2.0, None, "test", "batch", "random", 3, waiting, said, decision),
    )


def word(person: str, value: str, counted: bool = True) -> GivenAnswer:
    return GivenAnswer(person, value, counted=counted, answered_at=AT, uuid=person)


def through_csv(row: LabelRow) -> dict[str, Any]:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerow(to_cells(to_record(row)))
    (cells,) = csv.reader(io.StringIO(file.getvalue(), newline=""), strict=True)
    return from_cells(dict(zip(COLUMNS, cells, strict=True)))


@given(rows())
@settings(deadline=None)
def test_a_csv_line_holds_the_whole_row(row: LabelRow) -> None:
    found = through_csv(row)
    read = file_row(1, found)
    assert read.answers == row.answers
    assert read.decision == row.decision
    assert (read.batch, read.chosen) == (row.batch, row.chosen)
    assert (read.needed, read.waiting) == (row.needed, row.waiting)
    record = to_record(row)
    for name in COLUMNS:
        if name not in ("answers", "adjudication_reason"):  # where "" and nothing are one
            assert found[name] == record[name], name


@given(rows())
@settings(deadline=None)
def test_so_does_a_task_of_label_studio(row: LabelRow) -> None:
    task = json.loads(json.dumps(to_task(to_record(row)), ensure_ascii=False))
    read = file_row(1, from_task(task))
    assert read.answers == row.answers
    assert read.decision == row.decision
    assert (read.batch, read.needed, read.waiting) == (row.batch, row.needed, row.waiting)


@given(rows())
@settings(deadline=None)
def test_what_was_exported_has_no_problems(row: LabelRow) -> None:
    found = [text for _, text in problems_of([file_row(2, through_csv(row))])]
    assert [text for text in found if "twice" not in text and "uuid" not in text] == []


@pytest.mark.parametrize(
    ("said", "waiting", "status", "label", "agreement"),
    [
        ((), 3, "open", None, None),
        ((word("a", "yes"),), 2, "open", None, 1.0),
        ((word("a", "yes"), word("b", "no"), word("c", "yes")), 0, "complete", "yes", 2 / 3),
        # The third place is not offered: two agree, and the batch stops there.
        ((word("a", "no"), word("b", "no")), 0, "complete", "no", 1.0),
        ((word("a", "no"), word("b", "no")), 1, "open", "no", 1.0),
        ((word("a", "unsure", False), word("b", "broken", False)), 0, "adjudication", None, None),
        ((word("a", "yes"), word("b", "yes", False)), 2, "open", None, 1.0),
    ],
)
def test_status_and_agreement(
    said: tuple[GivenAnswer, ...],
    waiting: int,
    status: str,
    label: str | None,
    agreement: float | None,
) -> None:
    record = to_record(a_row(*said, waiting=waiting))
    assert (record["status"], record["label"]) == (status, label)
    assert record["agreement"] == agreement


def test_a_tie_waits_for_a_lead_until_one_decides() -> None:
    row = LabelRow(*("0" * 16, "v", "a", "s", "n", None, None), *(1.0, 0.5, 2.0, None, "test"),
                   "b", "random", 2, 0, (word("a", "yes"), word("b", "no")))  # fmt: skip
    assert status_of(row, row.verdict) == "tie"
    decided = to_record(a_row(word("a", "yes"), decision=Decision("no", "hum", "Lea", AT)))
    assert (decided["status"], decided["label"], decided["verdict"]) == ("complete", "no", None)
    assert (decided["adjudicated"], decided["adjudication_reason"]) == ("no", "hum")


def test_hidden_answers_are_counted_all_the_same() -> None:
    row = a_row(word("a", "yes"), word("b", "unsure", False), waiting=2)
    record = to_record(replace(row, voices="counted"))
    assert [answer["person"] for answer in record["answers"]] == ["a"]
    assert (record["yes"], record["unsure"]) == (1, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"person": None}, "no person"),
        ({"value": "maybe"}, "not one of yes"),
        ({"value": None}, "not one of yes"),
        ({"reasons": ["loud"]}, "a reason is 'loud'"),
        ({"reasons": "not_visible"}, "no list of words"),
        ({"kind": "robot"}, "not human or simulated"),
        ({"answered_at": "yesterday"}, "no time"),
        ({"plays": "many"}, "plays is 'many'"),
        ({"plays": 2**40}, "plays is"),
        ({"volume": float("nan")}, "volume is nan"),
        ({"heard": "yes"}, "heard is 'yes'"),
        ({"uuid": "x" * 37}, "no uuid"),
        ({"studio_version": "x" * 33}, "longer than 32"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], said: str) -> None:
    record = {"person": "Ada", "value": "yes", **change}
    assert set(record) <= set(ANSWER_FIELDS)
    with pytest.raises(CellError, match=said):
        read_answer(record)
