"""What follows from an answer to a gold clip: feedback on the item, with its reason."""

import uuid

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from db.clip_state import RETRACTED
from db.clip_tables import Clip
from db.clips import clip_record
from db.gold_scores import GOLD
from db.label_tables import Answer, Assignment
from db.present import present
from db.quality_tables import Gold
from db.records import Feedback, NewAnswer
from db.standing import standing

_IN_FORCE = select(Gold).where(Gold.clip_id == bindparam("clip"), Gold.retired_at.is_(None))
_PRESENT = select(Answer.value).where(
    Answer.assignment_id == bindparam("assignment"),
    present(Answer),
)
# Once the right answer was told, the answer stays.
WAS_TOLD = and_(
    Assignment.stream == GOLD,
    exists().where(
        Gold.clip_id == Assignment.clip_id, Gold.retired_at.is_(None), Gold.label != Answer.value
    ),
)
MAY_UNDO = or_(Assignment.stream != GOLD, ~WAS_TOLD)


def feedback_on(session: Session, assignment: Assignment, value: str) -> Feedback | None:
    """None for what is no check, for a right answer, and where the gold was retired since."""
    if assignment.stream != GOLD:
        return None
    gold = session.scalar(_IN_FORCE, {"clip": assignment.clip_id})
    if gold is None or gold.label == value:
        return None
    clip = clip_record(session.get_one(Clip, assignment.clip_id))
    paused = standing(session, assignment.person_id).paused
    return Feedback(assignment.id, clip, value, gold.label, gold.reason, paused)


def present_word(session: Session, assignment: Assignment) -> str | None:
    """The person's word on a check that is not being asked just now; None where it is."""
    if assignment.state != "answered":
        return None
    word = session.scalar(_PRESENT, {"assignment": assignment.id})
    return None if word == RETRACTED else word


def retraction_of(new: NewAnswer) -> NewAnswer:
    """The row before a revised answer: without it the chain would tell of a further exposure."""
    return NewAnswer(
        str(uuid.uuid4()), new.assignment, RETRACTED, studio_version=new.studio_version
    )
