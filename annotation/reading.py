"""What a label file says about a clip, and what is wrong with it, before any database is asked."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.export import COLUMNS, CellError, read_answer, typed
from annotation.label_rows import Decision, GivenAnswer, count
from annotation.labels import FILLS_A_SLOT, Value

MOST_PLACES = 99
DECISIONS = ("yes", "no", "unusable")
_DECISION = ("adjudicated", "adjudication_reason", "adjudicated_by", "adjudicated_at")
CHOSEN = ("random", "stratum", "selection")
# How other tools write it; compared in lower case.
_YES = ("yes", "1", "1.0", "true", "sounds")
_NO = ("no", "0", "0.0", "false", "does not sound")
_UNSURE = ("unsure", "can't tell", "cannot tell")
WORDS: dict[str, Value] = {
    **dict.fromkeys(_YES, "yes"),
    **dict.fromkeys(_NO, "no"),
    **dict.fromkeys(_UNSURE, "unsure"),
    **dict.fromkeys(("broken", "broken clip"), "broken"),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One clip of a label file, and where it stands: `number` is its row, `lines` its answers' own.

    None where the file does not say. `claims` are the file's own counts and verdict, which must
    follow from its answers.
    """

    number: int
    clip_id: str
    answers: tuple[GivenAnswer, ...] = ()
    lines: tuple[int, ...] = ()
    batch: str | None = None
    chosen: str | None = None
    needed: int | None = None
    waiting: int | None = None
    decision: Decision | None = None
    claims: tuple[tuple[str, Any], ...] = ()


def file_row(number: int, record: Mapping[str, Any]) -> FileRow:
    """A row from its record by column name (see annotation.export). Raises CellError."""
    record = dict(record)
    for name in ("clip_id", "batch", "chosen", "needed", "waiting", *_DECISION):
        if record.get(name) is not None:
            record[name] = typed(name, COLUMNS[name], record[name])
    clip_id = record.get("clip_id")
    if not clip_id:
        raise CellError("it names no clip_id")
    answers = tuple(read_answer(found) for found in record.get("answers") or ())
    for name in ("needed", "waiting"):
        if not 0 <= (record.get(name) or 0) <= MOST_PLACES:
            raise CellError(f"{name} is {record[name]}, not 0 to {MOST_PLACES}")
    chosen = record.get("chosen")
    if chosen is not None and chosen not in CHOSEN:
        raise CellError(f"chosen is {chosen!r:.40}, not one of {', '.join(CHOSEN)}")
    return FileRow(
        number,
        clip_id,
        answers,
        (number,) * len(answers),
        batch=record.get("batch") or None,
        chosen=chosen,
        needed=record.get("needed"),
        waiting=record.get("waiting"),
        decision=_decision(record),
        claims=tuple((name, record[name]) for name in ("yes", "no", "verdict") if name in record),
    )


def word(said: str) -> Value:
    """A value as another tool writes it. Raises CellError."""
    value = WORDS.get(said.strip().lower().replace("’", "'"))
    if value is None:
        raise CellError(f"the value is {said[:40]!r}, not yes, no, unsure or broken")
    return value


def by_clip(rows: Sequence[FileRow]) -> list[FileRow]:
    """One row a clip from rows of one answer each."""
    found: dict[str, list[FileRow]] = {}
    for row in rows:
        found.setdefault(row.clip_id, []).append(row)
    return [
        FileRow(
            same[0].number,
            clip_id,
            tuple(answer for row in same for answer in row.answers),
            tuple(line for row in same for line in row.lines),
        )
        for clip_id, same in found.items()
    ]


def problems_of(rows: Sequence[FileRow]) -> list[tuple[int, str]]:
    """(row number, what is wrong): everything that the file alone can tell."""
    found: list[tuple[int, str]] = []
    clips: dict[str, int] = {}
    uuids: dict[str, int] = {}
    for row in rows:
        first = clips.setdefault(row.clip_id, row.number)
        if first != row.number:
            found.append((row.number, f"clip {row.clip_id} stands in row {first} already"))
        people: dict[str, int] = {}
        for line, answer in zip(row.lines, row.answers, strict=True):
            key = folded(answer.person)
            if key in people:
                where = f" (also in row {people[key]})" if people[key] != line else ""
                found.append((line, f"{answer.person} answers clip {row.clip_id} twice{where}"))
            people[key] = line
            if answer.uuid is not None and answer.uuid in uuids:
                where = uuids[answer.uuid]
                found.append((line, f"the uuid {answer.uuid} is an answer's of row {where} too"))
            elif answer.uuid is not None:
                uuids[answer.uuid] = line
        found += [(row.number, text) for text in _contradictions(row)]
    return found


def folded(name: str) -> str:
    """What makes two spellings one person, as the database has it."""
    shown = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") else sign
        for sign in unicodedata.normalize("NFC", name)
    )
    return unicodedata.normalize("NFKC", " ".join(shown.split())).casefold()


def _contradictions(row: FileRow) -> list[str]:
    odd = [a for a in row.answers if a.counted and a.value not in FILLS_A_SLOT]
    found = [f"{a.person}'s “{a.value}” cannot be counted" for a in odd]
    votes = sum(1 for a in row.answers if a.counted and a.value in FILLS_A_SLOT)
    if row.needed is not None:
        if row.needed < 0 or votes > row.needed:
            found.append(f"{votes} answers are counted where {row.needed} are needed")
        elif row.waiting is not None and not 0 <= row.waiting <= row.needed - votes:
            found.append(f"{row.waiting} places cannot wait: {row.needed} needed, {votes} counted")
    if any(a.counted is None for a in row.answers):
        return found  # what counts is decided where it is stored
    verdict = count(row.clip_id, row.answers, row.needed or 0)
    voted = {True: "yes", False: "no", None: None}[verdict.label]
    follows = {"yes": verdict.yes, "no": verdict.no, "verdict": voted}
    found += [
        f"{name} is {claim}, but {follows[name]} follows from its answers"
        for name, claim in row.claims
        if claim != follows[name]
    ]
    return found


def _decision(record: Mapping[str, Any]) -> Decision | None:
    label = record.get("adjudicated")
    if label is None:
        return None
    if label not in DECISIONS:
        raise CellError(f"adjudicated is {label!r:.40}, not one of {', '.join(DECISIONS)}")
    at = record.get("adjudicated_at")
    if at is None:
        raise CellError("it is adjudicated, but adjudicated_at is empty")
    reason, by = record.get("adjudication_reason"), record.get("adjudicated_by")
    return Decision(label, reason or "", by or None, at)
