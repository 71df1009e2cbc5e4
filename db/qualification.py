"""The exam: drawn from the pool, resumed where it was left, passed or tried again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annotation.assignment import rank_of
from annotation.exams import draw
from db.audit import note
from db.check_records import (
    ExamProgress,
    ExamRecord,
    ExamResult,
    QualityError,
    Question,
    Reviewed,
    UnknownError,
)
from db.choices import choose_value
from db.clip_state import WITHDRAWN
from db.clip_tables import Clip
from db.clips import clip_record
from db.columns import utc_now
from db.examples import examples
from db.person_tables import Person, Setting
from db.qualification_rule import QUALIFICATION, QualificationRule, rule_of
from db.quality_tables import Exam, ExamAnswer, Example
from db.standing import standing

FEWEST = 10  # questions that say something about a person, where the pool is small


def qualification(session: Session) -> QualificationRule:
    row = session.get(Setting, QUALIFICATION)
    return rule_of(None if row is None else row.value)


def set_qualification(
    session: Session, rule: QualificationRule, *, by_id: int | None = None
) -> None:
    choose_value(session, QUALIFICATION, rule.fields())
    note(session, by_id, "qualification changed", QUALIFICATION, rule.fields())


def lift_pause(
    session: Session, person_id: int, *, by_id: int | None = None, now: datetime | None = None
) -> None:
    """A lead lets somebody go on: an exam passed without questions begins a new count.

    Raises UnknownError for nobody, QualityError where nothing keeps them from work.
    """
    if session.get(Person, person_id) is None:
        raise UnknownError(f"There is no person number {person_id}.")
    if standing(session, person_id).may_label:
        raise QualityError("Nothing keeps this person from work: there is no pause to lift.")
    now = now or utc_now()
    session.add(Exam(person_id=person_id, started_at=now, ended_at=now, passed=True))
    session.flush()
    note(session, by_id, "pause lifted", f"person {person_id}", {})


def start_exam(session: Session, person_id: int, now: datetime | None = None) -> ExamRecord:
    """The exam this person is in, or a new one. Call it in `Database.write()`.

    Raises QualityError where there is nothing to pass, or too little to ask.
    """
    now = now or utc_now()
    rule = qualification(session)
    going = _going(session, person_id)
    if going is not None:
        questions = _asked(session, going, drop_withdrawn=True)
        if any(answer.value is None for answer, *_ in questions):
            return _record(going, rule, questions)
        _end(session, going, rule, questions, now)  # only withdrawn ones were open
    known = standing(session, person_id)
    if known.may_label:
        raise QualityError("There is nothing to pass now: go on with the clips.")
    pool = examples(session, "exam")
    if len(pool) < min(rule.questions, FEWEST):
        raise QualityError("There are too few questions for an exam: ask a lead to add some.")
    exam = Exam(person_id=person_id, started_at=now)
    session.add(exam)
    session.flush()
    before = session.scalars(
        select(ExamAnswer.example_id).join(Exam).where(Exam.person_id == person_id)
    )
    seen: dict[int, int] = {}
    for number in before:
        seen[number] = seen.get(number, 0) + 1
    ranked = sorted(pool, key=lambda one: rank_of(f"{exam.id} {one.id}", person_id))
    drawn = draw([(one.id, one.label, seen.get(one.id, 0)) for one in ranked], rule.questions)
    order = sorted(drawn, key=lambda number: rank_of(f"{number} {exam.id}", person_id))
    session.add_all(
        ExamAnswer(exam_id=exam.id, example_id=number, position=position)
        for position, number in enumerate(order, 1)
    )
    session.flush()
    return _record(exam, rule, _asked(session, exam))


def answer_question(
    session: Session,
    person_id: int,
    exam_id: int,
    example_id: int,
    value: str,
    now: datetime | None = None,
) -> ExamProgress:
    """Answer one question, once; the last one ends the exam. The same again changes nothing.

    Raises UnknownError for somebody else's exam or a clip outside it, QualityError for another
    answer than the first.
    """
    now = now or utc_now()
    exam = session.get(Exam, exam_id)
    if exam is None or exam.person_id != person_id:
        raise UnknownError("This exam is not yours.")
    question = session.get(ExamAnswer, (exam_id, example_id))
    if question is None:
        raise UnknownError("This clip is not in this exam.")
    if question.value not in (None, value):
        raise QualityError(f"You answered this question with “{question.value}”: that stays.")
    rule = qualification(session)
    if question.value is None:
        question.value, question.answered_at = value, now
        session.flush()
    questions = _asked(session, exam)
    answered = sum(row.value is not None for row, *_ in questions)
    if answered < len(questions):
        return ExamProgress(answered, len(questions), None)
    if exam.passed is None:
        _end(session, exam, rule, questions, now)
    return ExamProgress(answered, answered, _result(bool(exam.passed), questions))


Asked = tuple[ExamAnswer, Example, Clip]


def _going(session: Session, person_id: int) -> Exam | None:
    return session.scalar(
        select(Exam)
        .where(Exam.person_id == person_id, Exam.ended_at.is_(None))
        .order_by(Exam.id.desc())
        .limit(1)
    )


def _asked(session: Session, exam: Exam, *, drop_withdrawn: bool = False) -> list[Asked]:
    """The questions in order; open ones that nobody can play any more are dropped."""
    rows: list[Asked] = [
        (answer, example, clip)
        for answer, example, clip in session.execute(
            select(ExamAnswer, Example, Clip)
            .join(Example, Example.id == ExamAnswer.example_id)
            .join(Clip, Clip.clip_id == Example.clip_id)
            .where(ExamAnswer.exam_id == exam.id)
            .order_by(ExamAnswer.position)
        )
    ]
    if not drop_withdrawn:
        return rows
    gone = [a.example_id for a, _, clip in rows if a.value is None and WITHDRAWN in clip.flags]
    if gone:
        session.execute(
            delete(ExamAnswer)
            .where(ExamAnswer.exam_id == exam.id, ExamAnswer.example_id.in_(gone))
            .execution_options(synchronize_session="fetch")
        )
    return [row for row in rows if row[1].id not in gone]


def _end(
    session: Session, exam: Exam, rule: QualificationRule, asked: Sequence[Asked], now: datetime
) -> None:
    correct = sum(answer.value == example.label for answer, example, _ in asked)
    exam.passed = rule.passes(correct, len(asked))
    exam.ended_at = now
    session.flush()


def _result(passed: bool, asked: Sequence[Asked]) -> ExamResult:
    wrong = tuple(
        Reviewed(clip_record(clip), answer.value or "", example.label, example.reason)
        for answer, example, clip in asked
        if answer.value != example.label
    )
    return ExamResult(passed, len(asked) - len(wrong), len(asked), wrong)


def _record(exam: Exam, rule: QualificationRule, asked: Sequence[Asked]) -> ExamRecord:
    questions = tuple(Question(a.example_id, clip_record(clip), a.value) for a, _, clip in asked)
    return ExamRecord(exam.id, rule.pass_share, questions)
