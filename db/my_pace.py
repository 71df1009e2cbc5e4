"""When a person answered: for their own pace, and for leads."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.clip_state import RETRACTED
from db.label_tables import Answer, Assignment

_TIMES = (
    select(Answer.created_at)
    .join(Assignment, Assignment.id == Answer.assignment_id)
    .where(
        Assignment.person_id == bindparam("person"),
        Answer.value != RETRACTED,
        Answer.void_id.is_(None),  # a lead's rows are no work of theirs
        Answer.created_at >= bindparam("since", type_=Answer.created_at.type),
    )
    .order_by(Answer.created_at)
)


def answer_times(session: Session, person_id: int, since: datetime) -> list[float]:
    """The times of every answer of theirs, checks too, in seconds since 1970."""
    wanted = {"person": person_id, "since": since}
    return [moment.timestamp() for moment in session.scalars(_TIMES, wanted)]
