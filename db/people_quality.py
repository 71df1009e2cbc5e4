"""How reliable each person is: gold, repeats, attempts. For leads alone."""

from collections import defaultdict

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from annotation.checks import must_pause, self_agreement
from annotation.shares import wilson
from db.check_records import PersonQuality
from db.checks import REPEAT
from db.clip_state import MAIN
from db.gold_scores import gold_scores
from db.label_tables import Answer, Assignment
from db.person_tables import Person
from db.present import present
from db.quality_tables import Exam


def people_quality(session: Session) -> list[PersonQuality]:
    """Every human, by number."""
    scores = gold_scores(session)
    repeats = repeat_pairs(session)
    exams = {
        who: (attempts, bool(passed))
        for who, attempts, passed in session.execute(
            select(
                Exam.person_id, func.count(), func.sum(case((Exam.passed.is_(True), 1), else_=0))
            )
            .where(Exam.passed.is_not(None))
            .group_by(Exam.person_id)
        )
    }
    found: list[PersonQuality] = []
    for who in session.scalars(select(Person.id).where(Person.kind == "human").order_by(Person.id)):
        score = scores.get(who, wilson(0, 0))
        attempts, passed = exams.get(who, (0, False))
        agreement = self_agreement(repeats.get(who, ()))
        found.append(PersonQuality(who, score, must_pause(score), agreement, attempts, passed))
    return found


def repeat_pairs(session: Session) -> dict[int, list[tuple[str, str]]]:
    """By person: (present word in the labelling, word on the repeat) of each repeated clip."""
    first, again = aliased(Assignment), aliased(Assignment)
    said, repeated = aliased(Answer), aliased(Answer)
    query = (
        select(again.person_id, said.value, repeated.value)
        .join(
            first,
            and_(
                first.clip_id == again.clip_id,
                first.person_id == again.person_id,
                first.stream == MAIN,
            ),
        )
        .join(said, said.assignment_id == first.id)
        .join(repeated, repeated.assignment_id == again.id)
        .where(
            again.stream == REPEAT,
            present(said),
            present(repeated),
        )
    )
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for who, one, other in session.execute(query):
        found[who].append((one, other))
    return dict(found)
