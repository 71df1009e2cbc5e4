"""Which clips an annotator may see: those given to them, and examples that were shown to them."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from db.label_tables import Assignment
from db.quality_tables import Exam, ExamAnswer, Example


def may_see(session: Session, person_id: int, clip_id: str) -> bool:
    """Whether this clip was ever assigned to this person (gold and repeats are assignments too), is
    a worked example of today, or was a question of an exam of theirs."""
    assigned = exists().where(Assignment.clip_id == clip_id, Assignment.person_id == person_id)
    worked = exists().where(
        Example.clip_id == clip_id, Example.used_for == "worked", Example.retired_at.is_(None)
    )
    asked = (
        exists()
        .where(Example.clip_id == clip_id)
        .where(ExamAnswer.example_id == Example.id)
        .where(Exam.id == ExamAnswer.exam_id, Exam.person_id == person_id)
    )
    return bool(session.scalar(select(or_(assigned, worked, asked))))
