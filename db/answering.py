"""Storing answers: append-only, idempotent by the browser's UUID, undone by a further row."""

from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from annotation.labels import REASONS, VALUES, known_value
from annotation.protocol import say, unsay
from db.batches import batch_record
from db.claiming import LEASE, renew
from db.clip_state import MAIN, RETRACTED, load_clip, store
from db.clip_tables import Clip
from db.clips import clip_record
from db.columns import utc_now
from db.gold_feedback import MAY_UNDO, feedback_on, present_word, retraction_of
from db.gold_scores import GOLD
from db.label_tables import Answer, Assignment, Batch
from db.present import present
from db.records import Claimed, NewAnswer, Receipt

_PRESENT = select(Answer.id).where(
    Answer.assignment_id == bindparam("assignment"),
    present(Answer),
)


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
    Raises NotAssignedError, or AnswerError for an unknown value, a UUID used for another clip, or a
    check whose right answer was told.
    """
    value = known_value(new.value)
    if value is None:
        raise AnswerError(f"The answer must be one of {', '.join(VALUES)}, not “{new.value}”.")
    if odd := [reason for reason in new.reasons if reason not in REASONS]:
        raise AnswerError(f"A reason must be one of {', '.join(REASONS)}, not “{odd[0]}”.")
    now = now or utc_now()
    assignment = _assignment_of(session, person_id, new.assignment)
    if new.clip_id not in (None, assignment.clip_id):
        raise NotAssignedError("This answer is about another clip than the one given to you.")
    known = session.scalar(select(Answer).where(Answer.client_uuid == new.client_uuid))
    if known is not None:
        if known.assignment_id != new.assignment or known.value != new.value:
            raise AnswerError("This answer's id was used before, for something else.")
        counted = assignment.id in load_clip(session, assignment.clip_id).state.votes
        told = feedback_on(session, assignment, new.value)
        return Receipt(new.client_uuid, new.assignment, new.value, counted, True, told)
    counted = False
    if assignment.stream == MAIN:
        stored = load_clip(session, assignment.clip_id)
        after = say(stored.state, assignment.id, value)
        store(session, stored, after)
        counted = assignment.id in after.votes
    if assignment.stream == GOLD and (word := present_word(session, assignment)) is not None:
        if feedback_on(session, assignment, word) is not None:
            raise AnswerError("You were told the answer to this check: what you said first stays.")
        append_answer(session, retraction_of(new), now)
    append_answer(session, new, now)
    assignment.state = "answered"
    session.flush()
    renew(session, person_id, now)
    told = feedback_on(session, assignment, new.value)
    return Receipt(new.client_uuid, new.assignment, new.value, counted, False, told)


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

    None when there is nothing to take back: a check whose right answer was told stays, and the
    answer before it goes. A repeated UUID takes nothing further back.
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
    if assignment.stream == MAIN:
        stored = load_clip(session, assignment.clip_id)
        store(session, stored, unsay(stored.state, assignment.id))
    append_answer(session, retraction, now)
    assignment.state = "leased"
    assignment.lease_until = now + LEASE
    return _claimed(session, assignment)


def append_answer(
    session: Session, new: NewAnswer, now: datetime, *, void_id: int | None = None
) -> None:
    """A further row at the end of an assignment's chain; nothing is ever updated in place."""
    present = session.scalar(_PRESENT, {"assignment": new.assignment})
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
            void_id=void_id,
        )
    )
    session.flush()


def _undoable(person_id: int, answer_uuid: str | None, batch_id: int | None) -> Select[int]:
    """The id of the answer: sorting whole rows would carry every answer of the person along."""
    query = (
        select(Answer.id)
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .where(
            Assignment.person_id == person_id,
            MAY_UNDO,
            Answer.value != RETRACTED,
            present(Answer),
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
