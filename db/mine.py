"""What one person answered lately; nobody else's answers are in it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.clip_state import RETRACTED
from db.clip_tables import Clip
from db.clips import clip_record
from db.gold_feedback import WAS_TOLD
from db.label_tables import Answer, Assignment
from db.present import present
from db.records import MyAnswer


def my_answers(session: Session, person_id: int, limit: int = 50) -> list[MyAnswer]:
    """Newest first; answers that were undone or replaced are left out.

    Checks are among them: by what is missing here, they would be known.
    """
    # The newest first by number alone: sorting whole rows would carry every answer along.
    newest = (
        select(Answer.id)
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .where(
            Assignment.person_id == person_id,
            Answer.value != RETRACTED,
            present(Answer),
        )
        .order_by(Answer.id.desc())
        .limit(limit)
    )
    query = (
        select(Answer, Clip, WAS_TOLD)
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .join(Clip, Clip.clip_id == Assignment.clip_id)
        .where(Answer.id.in_(session.scalars(newest).all()))
        .order_by(Answer.id.desc())
    )
    return [
        MyAnswer(
            client_uuid=answer.client_uuid,
            assignment=answer.assignment_id,
            value=answer.value,
            answered_at=answer.created_at,
            clip=clip_record(clip),
            reasons=answer.reasons,
            told=told,
        )
        for answer, clip, told in session.execute(query)
    ]
