"""Verdicts: rebuilt from the answers by one query, never stored."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from annotation.labels import Judgement, Verdict
from annotation.voting import majority
from db.clip_state import LEASED, MAIN, RETRACTED
from db.label_tables import Adjudication, Answer, Assignment, Slot
from db.person_tables import Person
from db.present import present


def verdicts(session: Session, clip_ids: Sequence[str] | None = None) -> dict[str, Verdict]:
    """The verdict of every clip that has slots or answers, or of these clips only.

    33,000 clips with three answers each take about half a second.
    """
    found: dict[str, Verdict] = {}
    for part in _parts(clip_ids):
        holders = _holders(session, part)
        decided = adjudicated(session, part)
        for row in map(tuple, session.execute(_query(part))):
            shut, yes, no, unsure, broken, surplus = map(int, row[2:])
            found[row[0]] = majority(
                row[0],
                yes=yes,
                no=no,
                unsure=unsure,
                broken=broken,
                needed=row[1],
                shut=shut,
                surplus=surplus,
                holders=holders.get(row[0], ()),
                adjudicated=decided.get(row[0]),
            )
    return found


def newest(session: Session) -> tuple[int, int, int]:
    """Ids of the newest answer, slot and adjudication: as long as they stay, so does every verdict.

    All three are only ever appended; a lease that ends or begins changes who is looking at a clip,
    and no count.
    """
    answer, slot, decision = (
        session.scalar(select(func.max(column))) or 0
        for column in (Answer.id, Slot.id, Adjudication.id)
    )
    return answer, slot, decision


def touched_since(session: Session, known: tuple[int, int, int]) -> list[str]:
    """Clips that have answers, slots or decisions newer than those `known` (see `newest`)."""
    answer, slot, decision = known
    answered = select(Assignment.clip_id).join(Answer).where(Answer.id > answer)
    added = select(Slot.clip_id).where(Slot.id > slot)
    decided = select(Adjudication.clip_id).where(Adjudication.id > decision)
    return list(session.scalars(answered.union(added, decided)))


def adjudicated(session: Session, clip_ids: Sequence[str] | None = None) -> dict[str, str]:
    """What leads decided, by clip: "yes", "no" or "unusable"."""
    query = select(Adjudication.clip_id, Adjudication.label).where(
        present(Adjudication), Adjudication.label != RETRACTED
    )
    if clip_ids is not None:
        query = query.where(Adjudication.clip_id.in_(clip_ids))
    return {row.clip_id: row.label for row in session.execute(query)}


def judgements(session: Session, clip_ids: Sequence[str] | None = None) -> list[Judgement]:
    """Everybody's present word, by clip and time: for agreement, export and a clip's own card."""
    query = (
        select(
            Assignment.clip_id,
            Person.name,
            Answer.value,
            Slot.id.is_not(None),
            Person.kind == "simulated",
            Answer.decision_ms,
            Answer.plays,
            Answer.heard,
            Answer.reasons,
        )
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(Slot, and_(Slot.assignment_id == Assignment.id, Slot.filled))
        .where(present(Answer), Answer.value != RETRACTED, Assignment.stream == MAIN)
        .order_by(Assignment.clip_id, Answer.id)
    )
    rows: list[Any] = []
    for part in _parts(clip_ids):
        some = query if part is None else query.where(Assignment.clip_id.in_(part))
        rows.extend(session.execute(some))
    return [Judgement(*row) for row in rows]


_NAMES = ("yes", "no", "unsure", "broken", "surplus")


def _query(clip_ids: Sequence[str] | None) -> Select[Any]:
    """Rows (clip id, slots, shut ones, then the numbers of `_NAMES`)."""
    counts = _counts(clip_ids)
    slots = select(
        Slot.clip_id,
        func.count().label("needed"),
        func.sum(case((Slot.shut, 1), else_=0)).label("shut"),
    ).group_by(Slot.clip_id)
    if clip_ids is not None:
        slots = slots.where(Slot.clip_id.in_(clip_ids))
    needed = slots.subquery()
    numbers = (func.coalesce(counts.c[name], 0) for name in _NAMES)
    return select(needed.c.clip_id, needed.c.needed, needed.c.shut, *numbers).outerjoin(
        counts, counts.c.clip_id == needed.c.clip_id
    )


def _counts(clip_ids: Sequence[str] | None) -> Subquery:
    fills = Slot.id.is_not(None)

    def number(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0)).label(name)

    is_vote = Answer.value.in_(("yes", "no"))
    query = (
        select(
            Assignment.clip_id,
            number(and_(Answer.value == "yes", fills), "yes"),
            number(and_(Answer.value == "no", fills), "no"),
            number(Answer.value == "unsure", "unsure"),
            number(Answer.value == "broken", "broken"),
            number(and_(is_vote, ~fills), "surplus"),
        )
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .outerjoin(Slot, and_(Slot.assignment_id == Assignment.id, Slot.filled))
        .where(present(Answer), Answer.value != RETRACTED, Assignment.stream == MAIN)
        .group_by(Assignment.clip_id)
    )
    # Narrowed inside the sums: a clip card must not wait for the sums of all clips.
    return (query if clip_ids is None else query.where(Assignment.clip_id.in_(clip_ids))).subquery()


def _holders(session: Session, clip_ids: Sequence[str] | None) -> dict[str, tuple[str, ...]]:
    """Who is looking at which clip now; a few leases, whatever the number of clips."""
    held = (
        select(Slot.clip_id, Person.name)
        .join(Assignment, Assignment.id == Slot.assignment_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.state == LEASED, ~Slot.filled)
        .order_by(Slot.clip_id, Slot.k)
    )
    if clip_ids is not None:
        held = held.where(Assignment.clip_id.in_(clip_ids))
    names: dict[str, tuple[str, ...]] = {}
    for clip_id, name in session.execute(held):
        names[clip_id] = (*names.get(clip_id, ()), name)
    return names


def _parts(clip_ids: Sequence[str] | None) -> Iterator[Sequence[str] | None]:
    if clip_ids is None:
        yield None
        return
    for start in range(0, len(clip_ids), 500):
        yield clip_ids[start : start + 500]
