"""Does the database still hold what it promises? Every broken promise, by name and row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from annotation.labels import FILLS_A_SLOT
from db.clip_state import MAIN, RETRACTED
from db.label_tables import Adjudication, Answer, Assignment, Batch, Slot
from db.person_tables import Person
from db.present import present

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that does not hold: in how many places, and the first of them."""

    promise: str
    count: int
    where: tuple[str, ...]


def check(session: Session) -> list[Finding]:
    """All promises; none of them is repaired here."""
    found = list(_engine(session))
    for promise, query, told in _PROMISES:
        rows = session.execute(query()).all()
        if rows:
            shown = tuple(told.format(*row) for row in rows[:SHOWN])
            found.append(Finding(promise, len(rows), shown))
    return found


PROMISES_OF_SQLITE = ("the file is sound", "every reference has its row")


def promises(dialect: str) -> tuple[str, ...]:
    """What `check` looks at."""
    return (*(PROMISES_OF_SQLITE if dialect == "sqlite" else ()), *(row[0] for row in _PROMISES))


def _engine(session: Session) -> Iterator[Finding]:
    """What SQLite finds itself; PostgreSQL enforces its references and checks its pages."""
    if session.get_bind().dialect.name != "sqlite":
        return
    said = list(session.scalars(text("PRAGMA integrity_check")))
    if said != ["ok"]:
        yield Finding(PROMISES_OF_SQLITE[0], len(said), tuple(map(str, said[:SHOWN])))
    rows = session.execute(text("PRAGMA foreign_key_check")).all()
    if rows:
        shown = tuple(f"{row[0]} row {row[1]} names no {row[2]}" for row in rows[:SHOWN])
        yield Finding(PROMISES_OF_SQLITE[1], len(rows), shown)


_Query = Select[*tuple[Any, ...]]


def _too_many() -> _Query:
    """Filled places of a clip, against its batch's number."""
    filled = func.count(Slot.id)
    return (
        select(Slot.clip_id, filled, Batch.slots_per_clip)
        .join(Batch, Batch.id == Slot.batch_id)
        .where(Slot.filled)
        .group_by(Slot.clip_id, Batch.id, Batch.slots_per_clip)
        .having(filled > Batch.slots_per_clip)
    )


def _several_batches() -> _Query:
    batches = func.count(Slot.batch_id.distinct())
    return select(Slot.clip_id, batches).group_by(Slot.clip_id).having(batches > 1)


def _filled_by_nothing() -> _Query:
    spoken = exists().where(
        Answer.assignment_id == Assignment.id,
        Answer.value.in_(FILLS_A_SLOT),
        present(Answer),
    )
    held = exists().where(
        Assignment.id == Slot.assignment_id,
        Assignment.clip_id == Slot.clip_id,
        Assignment.stream == MAIN,
        spoken,
    )
    return select(Slot.clip_id, Slot.k).where(Slot.filled, ~held)


def _shut_and_held() -> _Query:
    odd = or_(
        and_(Slot.shut, Slot.assignment_id.is_not(None)),
        and_(Slot.filled, Slot.assignment_id.is_(None)),
    )
    return select(Slot.clip_id, Slot.k).where(odd)


def _forked_answers() -> _Query:
    number = func.count(Answer.id)
    return (
        select(Answer.assignment_id, func.min(Answer.id), number)
        .group_by(Answer.assignment_id, func.coalesce(Answer.supersedes, 0))
        .having(number > 1)
    )


def _misplaced_answers() -> _Query:
    """An answer may only follow an older one of its own assignment."""
    before = aliased(Answer)
    broken: ColumnElement[bool] = or_(
        before.id.is_(None),
        before.id >= Answer.id,
        before.assignment_id != Answer.assignment_id,
    )
    return (
        select(Answer.id, Answer.supersedes)
        .outerjoin(before, before.id == Answer.supersedes)
        .where(Answer.supersedes.is_not(None), broken)
    )


def _rootless_answers() -> _Query:
    root = aliased(Answer)
    rooted = exists().where(root.assignment_id == Answer.assignment_id, root.supersedes.is_(None))
    return (
        select(Answer.assignment_id, func.min(Answer.id))
        .where(~rooted)
        .group_by(Answer.assignment_id)
    )


def _twice_on_a_clip() -> _Query:
    number = func.count(Assignment.id)
    return (
        select(Person.name, Assignment.clip_id, Assignment.stream, number)
        .join(Person, Person.id == Assignment.person_id)
        .group_by(Person.id, Person.name, Assignment.clip_id, Assignment.stream)
        .having(number > 1)
    )


def _two_places() -> _Query:
    number = func.count(Slot.id)
    return (
        select(Slot.assignment_id, func.min(Slot.clip_id), number)
        .where(Slot.assignment_id.is_not(None))
        .group_by(Slot.assignment_id)
        .having(number > 1)
    )


def _silent_answered() -> _Query:
    """Somebody is down as having answered, and there is no word of theirs."""
    return select(Assignment.id, Assignment.clip_id).where(
        Assignment.state == "answered", ~exists().where(Answer.assignment_id == Assignment.id)
    )


def _forked_decisions() -> _Query:
    number = func.count(Adjudication.id)
    return (
        select(Adjudication.clip_id, number)
        .group_by(Adjudication.clip_id, func.coalesce(Adjudication.supersedes, 0))
        .having(number > 1)
    )


def _two_decisions() -> _Query:
    number = func.count(Adjudication.id)
    return (
        select(Adjudication.clip_id, number)
        .where(Adjudication.label != RETRACTED, present(Adjudication))
        .group_by(Adjudication.clip_id)
        .having(number > 1)
    )


_PROMISES: tuple[tuple[str, Callable[[], _Query], str], ...] = (
    ("no clip counts more answers than it needs", _too_many, "clip {0}: {1} of {2}"),
    ("a clip is in one batch", _several_batches, "clip {0}: {1} batches"),
    (
        "every filled place has a present yes or no of its own clip",
        _filled_by_nothing,
        "clip {0}, place {1}",
    ),
    ("a shut place is empty, a filled one is held", _shut_and_held, "clip {0}, place {1}"),
    (
        "answers are a chain without forks",
        _forked_answers,
        "assignment {0}: {2} rows, the first is answer {1}, follow the same one",
    ),
    (
        "an answer follows an older one of its assignment",
        _misplaced_answers,
        "answer {0} follows {1}",
    ),
    ("every chain of answers begins", _rootless_answers, "assignment {0}: answer {1}"),
    ("nobody has a clip twice", _twice_on_a_clip, "{0}, clip {1} ({2}): {3} times"),
    ("an assignment holds one place", _two_places, "assignment {0}, clip {1}: {2} places"),
    ("whoever answered has an answer", _silent_answered, "assignment {0}, clip {1}"),
    ("decisions are a chain without forks", _forked_decisions, "clip {0}: {1} rows"),
    ("one decision of a clip is in force", _two_decisions, "clip {0}: {1}"),
)
