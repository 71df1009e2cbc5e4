"""What the desk's figures are made from: present words and working times, as plain columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, select, type_coerce
from sqlalchemy.orm import Session

from db.clip_state import MAIN, RETRACTED, WITHDRAWN
from db.clip_tables import Clip
from db.clips import IDS_AT_ONCE
from db.label_tables import Answer, Assignment, BatchPerson, Slot
from db.present import present


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's present word on a clip. `counted`: it fills one of the clip's places."""

    clip_id: str
    person_id: int
    batch_id: int
    value: str
    at: datetime
    counted: bool


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One answer a person gave, in whatever stream, whether it stands or not: time worked."""

    id: int
    person_id: int
    at: datetime


def words(session: Session, clip_ids: Sequence[str] | None = None) -> list[Word]:
    """Every present word of the labelling, oldest first; of these clips only, where given."""
    query = (
        select(
            Assignment.clip_id,
            Assignment.person_id,
            Assignment.batch_id,
            Answer.value,
            Answer.created_at,
            Slot.id.is_not(None),
        )
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .outerjoin(Slot, and_(Slot.assignment_id == Assignment.id, Slot.filled))
        .where(present(Answer), Answer.value != RETRACTED, Assignment.stream == MAIN)
        .order_by(Answer.id)
    )
    if clip_ids is None:
        return [Word(*row) for row in session.execute(query)]
    found: list[Word] = []
    for start in range(0, len(clip_ids), IDS_AT_ONCE):
        some = query.where(Assignment.clip_id.in_(clip_ids[start : start + IDS_AT_ONCE]))
        found += [Word(*row) for row in session.execute(some)]
    return found


def key_presses(
    session: Session, after_id: int = 0, person_id: int | None = None
) -> list[KeyPress]:
    """Answers as they were given, by id. What a lead voided or brought back is no key press, nor
    is taking an answer back."""
    query = (
        select(Answer.id, Assignment.person_id, Answer.created_at)
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .where(Answer.id > after_id, Answer.void_id.is_(None), Answer.value != RETRACTED)
        .order_by(Answer.id)
    )
    if person_id is not None:
        query = query.where(Assignment.person_id == person_id)
    return [KeyPress(*row) for row in session.execute(query)]


def verbs_of(session: Session) -> dict[str, str | None]:
    """The verb of every clip."""
    query = select(Clip.clip_id, Clip.verb)
    return {clip_id: verb for clip_id, verb in session.execute(query)}  # noqa: C416


def withdrawn_clips(session: Session) -> set[str]:
    """Clips of videos whose wearer asked for them to go."""
    flags = type_coerce(Clip.flags, String)
    return set(session.scalars(select(Clip.clip_id).where(flags.like(f"%,{WITHDRAWN},%"))))


def guideline_versions(session: Session) -> list[int]:
    """The versions that answers were given under."""
    query = select(Answer.guideline_version).where(Answer.guideline_version.is_not(None))
    return sorted({version for version in session.scalars(query.distinct()) if version is not None})


def people_of_batches(session: Session) -> dict[int, tuple[int, ...]]:
    """Who may label each batch that is not for everyone."""
    found: dict[int, tuple[int, ...]] = {}
    order = (BatchPerson.batch_id, BatchPerson.person_id)
    for row in session.scalars(select(BatchPerson).order_by(*order)):
        found[row.batch_id] = (*found.get(row.batch_id, ()), row.person_id)
    return found
