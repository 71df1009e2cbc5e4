"""Scores on gold clips: never stored, always read from the labels in force.

An exposure is one answer to a gold clip that was not taken back. It counts for a person since their
last passed exam, the newest ones; "can't tell" and "broken" are told the reason, and not scored.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from annotation.checks import SCORED
from annotation.shares import Share, wilson
from db.clip_state import RETRACTED
from db.label_tables import Answer, Assignment
from db.quality_tables import Exam, Gold

GOLD: Final = "gold"
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_undone = aliased(Answer)
_epoch = (
    select(func.max(Exam.ended_at))
    .where(Exam.person_id == Assignment.person_id, Exam.passed.is_(True))
    .correlate(Assignment)
    .scalar_subquery()
)
_newest_first = func.row_number().over(partition_by=Assignment.person_id, order_by=Answer.id.desc())
_exposures = (
    select(
        Assignment.person_id,
        case((Answer.value == Gold.label, 1), else_=0).label("right"),
        _newest_first.label("place"),
    )
    .join(Gold, and_(Gold.clip_id == Assignment.clip_id, Gold.retired_at.is_(None)))
    .join(Answer, Answer.assignment_id == Assignment.id)
    .where(
        Assignment.stream == GOLD,
        Answer.value.in_(("yes", "no")),
        Answer.created_at > func.coalesce(_epoch, bindparam("ever", _EVER, Answer.created_at.type)),
        ~exists().where(_undone.supersedes == Answer.id, _undone.value == RETRACTED),
    )
)


def _scores(exposures: Select[int, Any, Any]) -> Select[int, Any, Any]:
    rows = exposures.subquery()
    return (
        select(rows.c.person_id, func.sum(rows.c.right), func.count())
        .where(rows.c.place <= SCORED)
        .group_by(rows.c.person_id)
    )


_SCORES = _scores(_exposures)
_ONE_SCORE = _scores(_exposures.where(Assignment.person_id == bindparam("person")))


def gold_score(session: Session, person_id: int) -> Share:
    """Right answers of the newest scored ones, with Wilson's interval."""
    row = session.execute(_ONE_SCORE, {"person": person_id}).one_or_none()
    return wilson(0, 0) if row is None else wilson(int(row[1]), int(row[2]))


def gold_scores(session: Session) -> dict[int, Share]:
    """The scores of everybody who has one."""
    return {who: wilson(int(yes), int(total)) for who, yes, total in session.execute(_SCORES)}
