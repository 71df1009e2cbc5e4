"""Exams: when one is asked for, what is drawn, how it ends."""

import pytest

from annotation.checks import ENOUGH
from db.audit import page_of_audit
from db.check_records import ExamProgress, ExamRecord, QualityError, UnknownError
from db.clips import add_clips
from db.engine import Database
from db.examples import add_example, examples, remove_example
from db.gold import list_gold, retire_gold
from db.gold_scores import gold_score
from db.labelling import add_to_batch, claim, person_progress
from db.people_quality import people_quality
from db.qualification import answer_question, qualification, set_qualification, start_exam
from db.qualification_rule import QualificationRule
from db.standing import standing
from tests.db.checking import person, work, workplace
from tests.db.conftest import a_clip

POOL_FROM = 20_000


def pool(database: Database, size: int, questions: int = 10, required: bool = True) -> None:
    """`size` questions, yes and no in turn, and the rule."""
    rows = [a_clip(POOL_FROM + n) for n in range(size)]
    with database.write() as session:
        add_clips(session, rows)
        for n, row in enumerate(rows):
            label = "yes" if n % 2 else "no"
            add_example(session, row.clip_id, "exam", label, f"Because {n}.")
        set_qualification(session, QualificationRule(required, questions, 0.85))


def begin(database: Database, who: int) -> ExamRecord:
    with database.write() as session:
        return start_exam(session, who)


def sit(database: Database, who: int, wrong: int = 0) -> tuple[ExamRecord, ExamProgress]:
    """A whole exam with so many wrong answers."""
    exam = begin(database, who)
    with database.write() as session:
        labels = {one.id: one.label for one in examples(session, "exam")}
        done = ExamProgress(0, 0, None)
        for n, question in enumerate(exam.questions):
            right = labels[question.example]
            value = right if n >= wrong else "no" if right == "yes" else "yes"
            done = answer_question(session, who, exam.id, question.example, value)
    return exam, done


def test_nothing_is_asked_unless_a_lead_says_so_and_there_is_enough_to_ask(
    database: Database,
) -> None:
    workplace(database, 10, 0)
    who = person(database, "Ana")
    with database.write() as session:
        assert qualification(session) == QualificationRule(False, 40, 0.85)
        assert claim(session, who, 1)
    pool(database, 20, questions=21)
    with database.write() as session:
        assert standing(session, who).asks is None and claim(session, who, 1)
        set_qualification(session, QualificationRule(True, 20, 0.9))
        asks = standing(session, who).asks
        assert asks is not None and (asks.questions, asks.pass_share) == (20, 0.9)
        assert claim(session, who, 1) == []
        remove_example(session, examples(session, "exam")[0].id)
        assert claim(session, who, 1)
        assert page_of_audit(session, action="qualification changed").total == 2


def test_who_passes_gets_clips_and_is_not_asked_again(database: Database) -> None:
    workplace(database, 10, 0)
    pool(database, 30)
    who = person(database, "Ana")
    exam, done = sit(database, who, wrong=1)
    assert len(exam.questions) == 10 and exam.pass_share == 0.85
    assert done.result is not None and done.result.passed
    assert (done.result.correct, done.result.total, len(done.result.review)) == (9, 10, 1)
    told = done.result.review[0]
    assert {told.yours, told.label} == {"yes", "no"} and told.reason.startswith("Because")
    with database.write() as session:
        assert claim(session, who, 1)
        with pytest.raises(QualityError, match="nothing to pass"):
            start_exam(session, who)


def test_a_second_attempt_asks_other_questions(database: Database) -> None:
    pool(database, 30)
    who = person(database, "Ana")
    asked: list[set[int]] = []
    for n in range(3):
        exam, done = sit(database, who, wrong=2)
        asked.append({question.example for question in exam.questions})
        assert done.result is not None and not done.result.passed
        with database.read() as session:
            assert standing(session, who).attempts == n + 1
            labels = {one.id: one.label for one in examples(session)}
        assert sum(labels[number] == "yes" for number in asked[-1]) == 5
    assert len(set().union(*asked)) == 30
    _, last = sit(database, who)
    assert last.result is not None and last.result.passed
    with database.read() as session:
        (row,) = people_quality(session)
    assert (row.attempts, row.passed) == (4, True)


def test_an_exam_is_resumed_and_an_answer_counts_once(database: Database) -> None:
    pool(database, 12)
    who = person(database, "Ana")
    exam = begin(database, who)
    first, second = exam.questions[:2]
    with database.write() as session:
        assert answer_question(session, who, exam.id, first.example, "yes").answered == 1
        assert answer_question(session, who, exam.id, first.example, "yes").answered == 1
        with pytest.raises(QualityError, match="stays"):
            answer_question(session, who, exam.id, first.example, "no")
    again = begin(database, who)
    assert again.id == exam.id
    assert [one.example for one in again.questions] == [one.example for one in exam.questions]
    assert (again.questions[0].value, again.questions[1].value) == ("yes", None)
    assert second.example == again.questions[1].example


def test_the_last_answer_sent_twice_gives_the_same_result(database: Database) -> None:
    pool(database, 12)
    who = person(database, "Ana")
    exam, done = sit(database, who)
    with database.write() as session:
        labels = {one.id: one.label for one in examples(session, "exam")}
        last = exam.questions[-1].example
        assert answer_question(session, who, exam.id, last, labels[last]) == done
        assert standing(session, who).attempts == 1


def test_nobody_answers_in_anothers_exam_or_outside_it(database: Database) -> None:
    pool(database, 12)
    ana, ben = person(database, "Ana"), person(database, "Ben")
    exam = begin(database, ana)
    inside = {one.example for one in exam.questions}
    with database.write() as session:
        outside = next(one.id for one in examples(session) if one.id not in inside)
        for who, number, example in (
            (ben, exam.id, min(inside)),
            (ana, exam.id, outside),
            (ana, 999, min(inside)),
        ):
            with pytest.raises(UnknownError):
                answer_question(session, who, number, example, "yes")


def test_too_few_questions_are_no_exam(database: Database) -> None:
    workplace(database, 300, 30)
    pool(database, 4, required=False)
    who = person(database, "Ana")
    work(database, who, 300, lambda _c, stream: "no" if stream == "gold" else "yes")
    with pytest.raises(QualityError, match="too few"):
        begin(database, who)


def test_a_paused_person_qualifies_again_without_a_lead(database: Database) -> None:
    workplace(database, 400, 60)
    pool(database, 24, required=False)
    who = person(database, "Ana")
    work(database, who, 400, lambda _c, stream: "no" if stream == "gold" else "yes")
    with database.read() as session:
        assert standing(session, who).paused and gold_score(session, who).total >= ENOUGH
    _, done = sit(database, who, wrong=3)
    assert done.result is not None and not done.result.passed
    with database.write() as session:
        assert claim(session, who, 1) == []
    sit(database, who)
    with database.write() as session:
        known = standing(session, who)
        assert not known.paused and known.score.total == 0  # a new epoch
        assert claim(session, who, 1)


def test_questions_of_a_withdrawn_video_are_dropped(database: Database) -> None:
    pool(database, 12)
    who = person(database, "Ana")
    exam = begin(database, who)
    gone = exam.questions[0].clip
    with database.write() as session:
        number = int(gone.clip_id, 16)
        add_clips(session, [a_clip(number, flags=("withdrawn",))])
    again = begin(database, who)
    assert again.id == exam.id and len(again.questions) == 9
    assert gone.clip_id not in {one.clip.clip_id for one in again.questions}


def test_an_exam_of_withdrawn_questions_alone_makes_way_for_a_new_one(database: Database) -> None:
    pool(database, 20)
    who = person(database, "Ana")
    exam = begin(database, who)
    numbers = [int(one.clip.clip_id, 16) for one in exam.questions]
    with database.write() as session:
        add_clips(session, [a_clip(number, flags=("withdrawn",)) for number in numbers])
        set_qualification(session, QualificationRule(True, 10, 0.85))
    again = begin(database, who)
    assert again.id != exam.id and len(again.questions) == 10


def test_clips_of_examples_are_nothing_to_label(database: Database) -> None:
    batch, known = workplace(database, 6, 2)
    with database.write() as session:
        for row in list_gold(session):
            retire_gold(session, row.id)
        add_example(session, known[0], "worked", "yes", "Heard.")
        add_example(session, known[1], "exam", "no", "Not heard.")
        add_to_batch(session, batch, known)  # whoever put them there
    who = person(database, "Ana")
    worked = work(database, who, 10)
    assert sorted(worked.clips) == [a_clip(n).clip_id for n in range(6)]
    with database.read() as session:
        assert person_progress(session, who, batch).left == 0
