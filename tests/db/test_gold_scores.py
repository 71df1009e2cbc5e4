"""What gold answers lead to: feedback, scores, pauses; on both engines."""

import random
import uuid
from typing import Any

import pytest
from sqlalchemy import update

from annotation.checks import ENOUGH
from db.check_records import QualityError, UnknownError
from db.columns import utc_now
from db.engine import Database
from db.gold import list_gold
from db.gold_scores import gold_score
from db.label_tables import Assignment
from db.labelling import (
    LEASE,
    answer,
    claim,
    my_answers,
    renew,
)
from db.people_quality import people_quality
from db.qualification import lift_pause
from db.records import NewAnswer
from db.standing import standing
from tests.db.checking import (
    first_gold,
    gold_wrong,
    paused,
    person,
    work,
    workplace,
)


def test_six_in_ten_right_is_paused_soon_and_nineteen_in_twenty_goes_on(
    database: Database,
) -> None:
    workplace(database, 400, 60)
    for name, accuracy in (("Ana", 0.95), ("Ben", 0.45)):
        chance = random.Random(4)

        def judge(_clip: str, stream: str, right: float = accuracy, dice: Any = chance) -> str:
            return "yes" if stream != "gold" or dice.random() < right else "no"

        who = person(database, name)
        worked = work(database, who, 300, judge)
        with database.read() as session:
            known = standing(session, who)
        if name == "Ana":
            assert not known.paused and len(worked.clips) == 300
        else:
            assert known.paused and ENOUGH <= known.score.total <= 2 * ENOUGH
            assert worked.receipts[-1].feedback is None or worked.receipts[-1].feedback.paused
            with database.write() as session:
                assert claim(session, who, 3) == []


def test_a_wrong_answer_is_told_on_the_item_and_told_again_when_sent_again(
    database: Database,
) -> None:
    _, gold = workplace(database, 60, 5)
    who = person(database, "Ana")
    assignment, receipt = first_gold(database, who, "no")
    told = receipt.feedback
    assert told is not None and told.assignment == assignment and told.clip.clip_id in gold
    assert (told.yours, told.label, told.paused) == ("no", "yes", False)
    assert told.reason == "The knife is seen and heard."
    with database.write() as session:
        again = answer(session, who, NewAnswer(receipt.client_uuid, assignment, "no"))
    assert again.repeated and again.feedback == told
    with database.read() as session:
        assert gold_score(session, who).total == 1


@pytest.mark.parametrize("value", ["unsure", "broken"])
def test_cant_tell_on_gold_is_told_and_not_scored(database: Database, value: str) -> None:
    workplace(database, 60, 5)
    who = person(database, "Ana")
    _, receipt = first_gold(database, who, value)
    assert receipt.feedback is not None and receipt.feedback.yours == value
    with database.read() as session:
        assert gold_score(session, who).total == 0


def test_right_gold_answers_are_told_nothing(database: Database) -> None:
    workplace(database, 60, 5)
    assert first_gold(database, person(database, "Ana"), "yes")[1].feedback is None


def test_the_newest_hundred_count_so_that_nobody_lives_on_an_old_score(
    database: Database,
) -> None:
    workplace(database, 10, 130)
    who = person(database, "Ana")
    with database.write() as session:
        gold = [row.clip.clip_id for row in list_gold(session)]
        batch = claim(session, who, 1)[0].batch.id
        for n, clip_id in enumerate(gold):
            given = Assignment(
                clip_id=clip_id, person_id=who, stream="gold", batch_id=batch, state="leased",
                created_at=utc_now(), lease_until=utc_now(),
            )  # fmt: skip
            session.add(given)
            session.flush()
            value = "yes" if n < 90 else "no"
            answer(session, who, NewAnswer(str(uuid.uuid4()), given.id, value))
        score = gold_score(session, who)
        assert (score.yes, score.total) == (60, 100) and standing(session, who).paused
        assert people_quality(session)[0].score == score


def test_a_pause_gives_back_what_was_held_and_a_lead_can_lift_it(database: Database) -> None:
    workplace(database, 400, 60, k=1)
    who = person(database, "Ana")
    with database.write() as session:
        with pytest.raises(QualityError, match="no pause"):
            lift_pause(session, who)
        with pytest.raises(UnknownError):
            lift_pause(session, 10**6)
    work(database, who, 10_000, gold_wrong)
    assert paused(database, who)
    with database.write() as session:
        session.execute(
            update(Assignment)
            .where(Assignment.person_id == who, Assignment.state == "expired")
            .values(state="leased", lease_until=utc_now() + LEASE)
        )
        assert claim(session, who, 3) == []
        assert renew(session, who) == 0  # a page left open keeps nothing from others
        lift_pause(session, who)
        assert gold_score(session, who).total == 0
        assert claim(session, who, 3)


def test_a_revised_right_answer_is_one_exposure(database: Database) -> None:
    workplace(database, 60, 20)
    who = person(database, "Ana")
    assignment, _ = first_gold(database, who, "yes")
    with database.write() as session:
        receipt = answer(session, who, NewAnswer(str(uuid.uuid4()), assignment, "no"))
        assert receipt.feedback is not None
        assert (gold_score(session, who).yes, gold_score(session, who).total) == (0, 1)
        assert my_answers(session, who)[0].value == "no"
