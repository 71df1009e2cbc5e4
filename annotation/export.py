"""Rows of label files: from a clip's labels to plain values, and the answers back from them."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, cast

from annotation.csv_cells import escape, unescape
from annotation.label_rows import GivenAnswer, LabelRow, agreement_of, status_of
from annotation.labels import REASONS, VALUES

TEXT, NUMBER, COUNT, FLAG, MOMENT, ANSWERS = "text", "number", "count", "flag", "moment", "answers"

# fmt: off
COLUMNS: dict[str, str] = {
    "clip_id": TEXT, "video_uid": TEXT, "annotation_uid": TEXT, "source": TEXT, "narration": TEXT,
    "verb": TEXT, "noun": TEXT, "time_s": NUMBER, "start_s": NUMBER, "end_s": NUMBER, "split": TEXT,
    "batch": TEXT, "chosen": TEXT, "needed": COUNT, "waiting": COUNT, "status": TEXT,
    "label": TEXT, "verdict": TEXT, "tie": FLAG, "agreement": NUMBER,
    "yes": COUNT, "no": COUNT, "unsure": COUNT, "broken": COUNT, "surplus": COUNT,
    "adjudicated": TEXT, "adjudication_reason": TEXT, "adjudicated_by": TEXT,
    "adjudicated_at": MOMENT, "answers": ANSWERS,
}
ANSWER_FIELDS: dict[str, str] = {
    "person": TEXT, "kind": TEXT, "value": TEXT, "counted": FLAG, "answered_at": MOMENT,
    "reasons": "words", "decision_ms": COUNT, "shown_at": MOMENT, "plays": COUNT, "heard": FLAG,
    "volume": NUMBER, "rate": NUMBER, "gain_db": NUMBER, "guideline_version": COUNT,
    "studio_version": TEXT, "uuid": TEXT,
}
# fmt: on
assert set(ANSWER_FIELDS) == {field.name for field in fields(GivenAnswer)}

_LABEL = {True: "yes", False: "no", None: None}


class CellError(ValueError):
    """A value that cannot be read; the message names it, and says what is expected."""


def to_record(row: LabelRow) -> dict[str, Any]:
    """A row by column name, `answers` as a list of objects; moments are aware datetimes.

    `verdict` is the majority of the annotators; `label` what to use: a lead's decision, or else it.
    """
    verdict = row.verdict
    voted, decision = _LABEL[verdict.label], row.decision
    return {
        "clip_id": row.clip_id,
        "video_uid": row.video_uid,
        "annotation_uid": row.annotation_uid,
        "source": row.source,
        "narration": row.narration,
        "verb": row.verb,
        "noun": row.noun,
        "time_s": row.time_s,
        "start_s": row.start_s,
        "end_s": row.end_s,
        "split": row.split,
        "batch": row.batch,
        "chosen": row.chosen,
        "needed": row.needed,
        "waiting": row.waiting,
        "status": status_of(row, verdict),
        "label": voted if decision is None else decision.label,
        "verdict": voted,
        "tie": verdict.tie,
        "agreement": agreement_of(verdict),
        "yes": verdict.yes,
        "no": verdict.no,
        "unsure": verdict.unsure,
        "broken": verdict.broken,
        "surplus": verdict.surplus,
        "adjudicated": None if decision is None else decision.label,
        "adjudication_reason": None if decision is None else decision.reason,
        "adjudicated_by": None if decision is None else decision.by,
        "adjudicated_at": None if decision is None else decision.at,
        "answers": [answer_record(answer) for answer in row.shown],
    }


def answer_record(answer: GivenAnswer) -> dict[str, Any]:
    record = {name: getattr(answer, name) for name in ANSWER_FIELDS}
    record["reasons"] = list(answer.reasons)
    return record


def json_answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer's record as JSON takes it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in answer.items()
    }


def to_cells(record: Mapping[str, Any]) -> list[str]:
    """A record as the cells of one CSV line, in the order of COLUMNS."""
    return [_cell(kind, record[name]) for name, kind in COLUMNS.items()]


def from_cells(cells: Mapping[str, str]) -> dict[str, Any]:
    """The record that a CSV line's cells stand for; unknown columns are left out.

    Raises CellError naming the column.
    """
    return {
        name: _value(name, kind, cells[name]) for name, kind in COLUMNS.items() if name in cells
    }


def read_answer(found: object) -> GivenAnswer:
    """An answer from a record or a JSON object. Raises CellError naming the field."""
    if not isinstance(found, Mapping):
        raise CellError(f"an answer is {found!r:.40}, no object with a person and a value")
    given = cast(Mapping[str, Any], found)
    known = {name: given[name] for name in ANSWER_FIELDS if given.get(name) is not None}
    for name, value in known.items():
        known[name] = typed(name, ANSWER_FIELDS[name], value)
    if not known.get("person"):
        raise CellError("an answer names no person")
    if known.get("value") not in VALUES:
        raise CellError(
            f"the answer of {known['person']} is {given.get('value')!r:.40}, "
            f"not one of {', '.join(VALUES)}"
        )
    if odd := [reason for reason in known.get("reasons", ()) if reason not in REASONS]:
        raise CellError(f"a reason is {odd[0]!r:.40}, not one of {', '.join(REASONS)}")
    if not re.fullmatch(r"[\w-]{1,36}", known.get("uuid", "none")):
        raise CellError(f"the uuid of {known['person']}'s answer is {known['uuid']!r:.60}, no uuid")
    if not re.fullmatch(r"[^\0]{0,32}", known.get("studio_version", "")):
        raise CellError(f"studio_version is {known['studio_version']!r:.60}, longer than 32 signs")
    if known.get("kind", "human") not in ("human", "simulated"):
        raise CellError(f"{known['person']} is {known['kind']!r:.40}, not human or simulated")
    return GivenAnswer(**known)


def typed(name: str, kind: str, value: Any) -> Any:
    """A value of JSON or Parquet as its field holds it. Raises CellError."""
    if kind == MOMENT:
        return _moment(name, value)
    if kind == "words":
        words: list[Any] = list(value) if isinstance(value, list | tuple) else [None]
        if not all(isinstance(word, str) and word and "," not in word for word in words):
            raise CellError(f"{name} is {value!r:.40}, no list of words")
        return tuple(words)
    if kind == FLAG and isinstance(value, bool):
        return value
    if kind == TEXT and isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        if kind == NUMBER:
            return float(value)
        if kind == COUNT and isinstance(value, int) and abs(value) < 2**31:
            return value
    raise CellError(f"{name} is {value!r:.40}, no {kind}")


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == TEXT:
        return escape(value)
    if kind == FLAG:
        return "true" if value else "false"
    if kind == MOMENT:
        return value.isoformat()
    if kind == ANSWERS:
        answers = [json_answer(answer) for answer in value]
        return json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
    return repr(value)


def _value(name: str, kind: str, cell: str) -> Any:
    if kind == TEXT:
        return unescape(cell) or None
    if kind == ANSWERS:
        try:
            found: Any = json.loads(cell) if cell.strip() else []
        except (ValueError, RecursionError) as error:
            raise CellError(f"{name} holds no complete JSON ({error})") from None
        if not isinstance(found, list):
            raise CellError(f"{name} holds no JSON list")
        return cast(list[Any], found)
    if not cell.strip():
        return None
    if kind == FLAG:
        if cell.strip().lower() not in ("true", "false"):
            raise CellError(f"{name} is {cell[:40]!r}, not true or false")
        return cell.strip().lower() == "true"
    if kind == MOMENT:
        return _moment(name, cell.strip())
    try:
        return int(cell) if kind == COUNT else float(cell)
    except ValueError:
        raise CellError(f"{name} is {cell[:40]!r}, no number") from None


def _moment(name: str, value: Any) -> datetime:
    """An aware moment in UTC; a time without a zone is taken as UTC."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise CellError(f"{name} is {value!r:.40}, no time such as 2026-01-31T09:30:00Z") from None
