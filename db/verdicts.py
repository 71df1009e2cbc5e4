"""Verdicts: rebuilt from the answers by one query, never stored."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from annotation.labels import Judgement, Verdict
from annotation.voting import majority
from db.answering import RETRACTED
from db.claiming import MAIN
from db.models import Answer, Assignment, Person, Slot


def verdicts(session: Session, clip_ids: Sequence[str] | None = None) -> dict[str, Verdict]:
    """The verdict of every clip that has slots or answers, or of these clips only.

    33,000 clips with three answers each take about half a second.
    """
    found: dict[str, Verdict] = {}
    for part in _parts(clip_ids):
        holders = _holders(session, part)
        for row in map(tuple, session.execute(_query(part))):
            yes, no, unsure, broken, surplus = map(int, row[2:])
            found[row[0]] = majority(
                row[0],
                yes=yes,
                no=no,
                unsure=unsure,
                broken=broken,
                needed=row[1],
                surplus=surplus,
                holders=holders.get(row[0], ()),
            )
    return found


def newest(session: Session) -> tuple[int, int]:
    """Ids of the newest answer and the newest slot: as long as they stay, so does every verdict.

    Answers are only ever appended and slots never removed; a lease that ends or begins changes who
    is looking at a clip, and no count.
    """
    answer = session.scalar(select(func.max(Answer.id)))
    slot = session.scalar(select(func.max(Slot.id)))
    return answer or 0, slot or 0


def touched_since(session: Session, known: tuple[int, int]) -> list[str]:
    """Clips that have answers or slots newer than those `known` (see `newest`)."""
    answer, slot = known
    answered = select(Assignment.clip_id).join(Answer).where(Answer.id > answer)
    return list(session.scalars(answered.union(select(Slot.clip_id).where(Slot.id > slot))))


def judgements(session: Session, clip_ids: Sequence[str] | None = None) -> list[Judgement]:
    """Everybody's present word, by clip and time: for agreement, export and a clip's own card."""
    later = aliased(Answer)
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
        )
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(later, later.supersedes == Answer.id)
        .outerjoin(Slot, and_(Slot.assignment_id == Assignment.id, Slot.filled))
        .where(later.id.is_(None), Answer.value != RETRACTED, Assignment.stream == MAIN)
        .order_by(Assignment.clip_id, Answer.id)
    )
    rows: list[Any] = []
    for part in _parts(clip_ids):
        some = query if part is None else query.where(Assignment.clip_id.in_(part))
        rows.extend(session.execute(some))
    return [Judgement(*row) for row in rows]


_NAMES = ("yes", "no", "unsure", "broken", "surplus")


def _query(clip_ids: Sequence[str] | None) -> Select[Any]:
    """Rows (clip id, slots, then the numbers of `_NAMES`)."""
    counts = _counts(clip_ids)
    slots = select(Slot.clip_id, func.count().label("needed")).group_by(Slot.clip_id)
    if clip_ids is not None:
        slots = slots.where(Slot.clip_id.in_(clip_ids))
    needed = slots.subquery()
    numbers = (func.coalesce(counts.c[name], 0) for name in _NAMES)
    return select(needed.c.clip_id, needed.c.needed, *numbers).outerjoin(
        counts, counts.c.clip_id == needed.c.clip_id
    )


def _counts(clip_ids: Sequence[str] | None) -> Subquery:
    later = aliased(Answer)
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
        .outerjoin(later, later.supersedes == Answer.id)
        .outerjoin(Slot, and_(Slot.assignment_id == Assignment.id, Slot.filled))
        .where(later.id.is_(None), Answer.value != RETRACTED, Assignment.stream == MAIN)
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
        .where(Assignment.state == _LEASED, ~Slot.filled)
        .order_by(Slot.clip_id, Slot.k)
    )
    if clip_ids is not None:
        held = held.where(Assignment.clip_id.in_(clip_ids))
    names: dict[str, tuple[str, ...]] = {}
    for clip_id, name in session.execute(held):
        names[clip_id] = (*names.get(clip_id, ()), name)
    return names


# Written out, because the index of leases is partial and a parameter would not match it.
_LEASED = literal_column("'leased'")


def _parts(clip_ids: Sequence[str] | None) -> Iterator[Sequence[str] | None]:
    if clip_ids is None:
        yield None
        return
    for start in range(0, len(clip_ids), 500):
        yield clip_ids[start : start + 500]
