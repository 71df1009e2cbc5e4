"""Storing answers: append-only, idempotent by the browser's UUID, undone by a further row."""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from annotation.labels import FILLS_A_SLOT, VALUES
from db.batches import batch_record
from db.claiming import LEASE, MAIN, renew
from db.clips import clip_record
from db.columns import utc_now
from db.models import Answer, Assignment, Batch, Clip
from db.records import Claimed, NewAnswer, Receipt
from db.slots import give_back, holds_slot, set_filled, take_slot

RETRACTED = "retracted"


class AnswerError(ValueError):
    """An answer that cannot be stored; the message says why."""


class NotAssignedError(AnswerError):
    """The assignment does not exist or belongs to somebody else."""


def answer(
    session: Session, person_id: int, new: NewAnswer, now: datetime | None = None
) -> Receipt:
    """Store one answer, once. Call it in `Database.write()`; after its commit it is on disk.

    A repeated UUID changes nothing and returns the first receipt. A second answer to the same
    assignment supersedes the first: the person's last word counts. An answer that comes after its
    lease ended takes an open slot if there is one, else it is kept as surplus.
    Raises NotAssignedError, or AnswerError for an unknown value or a UUID used for another clip.
    """
    if new.value not in VALUES:
        raise AnswerError(f"The answer must be one of {', '.join(VALUES)}, not “{new.value}”.")
    now = now or utc_now()
    assignment = _assignment_of(session, person_id, new.assignment)
    if new.clip_id not in (None, assignment.clip_id):
        raise NotAssignedError("This answer is about another clip than the one given to you.")
    known = session.scalar(select(Answer).where(Answer.client_uuid == new.client_uuid))
    if known is not None:
        if known.assignment_id != new.assignment or known.value != new.value:
            raise AnswerError("This answer's id was used before, for something else.")
        counted = assignment.state == "answered" and holds_slot(session, assignment.id)
        return Receipt(new.client_uuid, new.assignment, new.value, counted, repeated=True)
    _append(session, new, now)
    counted = _settle(session, assignment, new.value)
    assignment.state = "answered"
    renew(session, person_id, now)
    return Receipt(new.client_uuid, new.assignment, new.value, counted, repeated=False)


def undo(
    session: Session,
    person_id: int,
    client_uuid: str,
    *,
    answer_uuid: str | None = None,
    batch_id: int | None = None,
    now: datetime | None = None,
) -> Claimed | None:
    """Take back this person's last answer (or the one named) and give the clip again.

    None when there is nothing to take back. A repeated UUID takes nothing further back.
    Calling it again goes one answer further, without limit.
    """
    now = now or utc_now()
    known = session.scalar(select(Answer).where(Answer.client_uuid == client_uuid))
    if known is not None:
        assignment = _assignment_of(session, person_id, known.assignment_id)
        return _claimed(session, assignment)
    last_id = session.scalar(_undoable(person_id, answer_uuid, batch_id))
    last = None if last_id is None else session.get_one(Answer, last_id)
    if last is None:
        return None
    assignment = session.get_one(Assignment, last.assignment_id)
    retraction = NewAnswer(
        client_uuid, assignment.id, RETRACTED, studio_version=last.studio_version
    )
    _append(session, retraction, now)
    # The place stays with the person who undid; a "can't tell" held none, so take one if there is.
    if holds_slot(session, assignment.id):
        set_filled(session, assignment.id, False)
    else:
        take_slot(session, assignment.batch_id, assignment.clip_id, assignment.id)
    assignment.state = "leased"
    assignment.lease_until = now + LEASE
    return _claimed(session, assignment)


def _append(session: Session, new: NewAnswer, now: datetime) -> None:
    later = aliased(Answer)
    present = session.scalar(
        select(Answer.id).where(
            Answer.assignment_id == new.assignment, ~exists().where(later.supersedes == Answer.id)
        )
    )
    session.add(
        Answer(
            client_uuid=new.client_uuid,
            assignment_id=new.assignment,
            supersedes=present,
            value=new.value,
            plays=new.plays,
            heard=new.heard,
            volume=new.volume,
            rate=new.rate,
            decision_ms=new.decision_ms,
            shown_at=new.shown_at,
            created_at=now,
            studio_version=new.studio_version,
            reasons=new.reasons,
            guideline_version=new.guideline_version,
            gain_db=new.gain_db,
        )
    )
    session.flush()


def _settle(session: Session, assignment: Assignment, value: str) -> bool:
    """Fill a slot by yes or no; open it again by anything else. True when the answer counts."""
    if value not in FILLS_A_SLOT:
        give_back(session, assignment.id)
        return False
    held = holds_slot(session, assignment.id)
    if not held and not take_slot(session, assignment.batch_id, assignment.clip_id, assignment.id):
        return False
    set_filled(session, assignment.id, True)
    return True


def _undoable(person_id: int, answer_uuid: str | None, batch_id: int | None) -> Select[int]:
    """The id of the answer: sorting whole rows would carry every answer of the person along."""
    later = aliased(Answer)
    query = (
        select(Answer.id)
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .where(
            Assignment.person_id == person_id,
            Assignment.stream == MAIN,
            Answer.value != RETRACTED,
            ~exists().where(later.supersedes == Answer.id),
        )
        .order_by(Answer.id.desc())
        .limit(1)
    )
    if answer_uuid is not None:
        query = query.where(Answer.client_uuid == answer_uuid)
    if batch_id is not None:
        query = query.where(Assignment.batch_id == batch_id)
    return query


def _assignment_of(session: Session, person_id: int, assignment_id: int) -> Assignment:
    assignment = session.get(Assignment, assignment_id)
    if assignment is None or assignment.person_id != person_id:
        raise NotAssignedError("This clip was not given to you.")
    return assignment


def _claimed(session: Session, assignment: Assignment) -> Claimed:
    clip = session.get_one(Clip, assignment.clip_id)
    batch = session.get_one(Batch, assignment.batch_id)
    return Claimed(assignment.id, clip_record(clip), batch_record(batch), assignment.lease_until)
