"""Whether a person may label now: qualified where that is asked, and not paused."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from annotation.checks import must_pause
from annotation.shares import Share, wilson
from db.clip_state import PLAYABLE
from db.clip_tables import Clip
from db.gold_scores import gold_score
from db.person_tables import Person, Setting
from db.qualification_rule import QUALIFICATION, QualificationRule, rule_of
from db.quality_tables import Exam, Example, Gold

_PERSON = bindparam("person")
_exam_pool = (
    select(func.count())
    .select_from(Example)
    .join(Clip, Clip.clip_id == Example.clip_id)
    .where(
        Example.used_for == "exam",
        Example.retired_at.is_(None),
        PLAYABLE,
    )
)
# One question to the database for all that every claim has to know.
_STANDING = select(
    select(Person.kind).where(Person.id == _PERSON).scalar_subquery(),
    select(Setting.value).where(Setting.key == QUALIFICATION).scalar_subquery(),
    select(func.count(Exam.id))
    .where(Exam.person_id == _PERSON, Exam.passed.is_not(None))
    .scalar_subquery(),
    select(func.count(Exam.id))
    .where(Exam.person_id == _PERSON, Exam.passed.is_(True))
    .scalar_subquery(),
    exists().where(Gold.retired_at.is_(None)),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """`checked`: checks may be mixed into the work of this person. `paused`: their score is surely
    too low. `asks`: the qualification that comes first; `attempts` ended exams so far."""

    checked: bool
    score: Share
    paused: bool = False
    asks: QualificationRule | None = None
    attempts: int = 0

    @property
    def may_label(self) -> bool:
        return not self.paused and self.asks is None


def standing(session: Session, person_id: int) -> Standing:
    """Two short queries; a simulated person is never checked."""
    row = session.execute(_STANDING, {"person": person_id}).one()
    kind, chosen, attempts, passed, any_gold = row
    if kind != "human":
        return Standing(False, wilson(0, 0))
    score = gold_score(session, person_id) if any_gold else wilson(0, 0)
    rule = rule_of(chosen)
    asks = None
    if rule.required and not passed and exam_pool(session) >= rule.questions:
        asks = rule
    return Standing(True, score, must_pause(score), asks, attempts)


def exam_pool(session: Session) -> int:
    """How many questions there are to draw from."""
    return session.scalar(_exam_pool) or 0
