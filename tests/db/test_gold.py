"""Gold, feedback, pauses, disputes and repeats, on both engines."""

import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from annotation.checks import ENOUGH, FIRST_WITHOUT
from db.adjudicating import decide
from db.answering import AnswerError
from db.audit import page_of_audit
from db.check_records import QualityError, UnknownError
from db.clips import add_clips
from db.columns import utc_now
from db.disputes import dispute, list_disputes, resolve
from db.engine import Database
from db.gold import list_gold, make_gold, retire_gold
from db.gold_scores import gold_score
from db.label_tables import Adjudication, Assignment
from db.labelling import (
    LEASE,
    add_to_batch,
    answer,
    claim,
    judgements,
    my_answers,
    person_progress,
    record_answers,
    renew,
    undo,
    verdicts,
)
from db.people_quality import people_quality
from db.qualification import lift_pause
from db.records import ImportedAnswer, NewAnswer
from db.standing import standing
from tests.db.checking import first_gold, gold_of, person, stream_of, work, workplace
from tests.db.conftest import a_clip


def gold_wrong(_clip: str, stream: str) -> str:
    return "no" if stream == "gold" else "yes"


def paused(database: Database, who: int) -> bool:
    with database.read() as session:
        return standing(session, who).paused


def take_back(database: Database, who: int) -> int | None:
    with database.write() as session:
        back = undo(session, who, str(uuid.uuid4()))
    return None if back is None else back.assignment


def test_gold_is_one_item_in_ten_then_in_twenty_and_the_first_items_are_none(
    database: Database,
) -> None:
    workplace(database, 500, 60)
    who = person(database, "Ana")
    worked = work(database, who, 480)
    assert "gold" not in worked.streams[:FIRST_WITHOUT]
    turn = [n for n, stream in enumerate(worked.streams) if stream == "gold"][22]
    before, after = worked.streams[FIRST_WITHOUT:turn], worked.streams[turn:]
    assert 0.06 < before.count("gold") / len(before) < 0.15
    assert 0.02 < after.count("gold") / len(after) < 0.08
    assert len(set(worked.clips)) == len(worked.clips) - worked.count("repeat")


def test_a_gold_clip_comes_again_only_after_five_hundred_answers(database: Database) -> None:
    _, (clip, *_) = workplace(database, 650, 1)
    who = person(database, "Ana")
    worked = work(database, who, 640)
    places = [n for n, given in enumerate(worked.clips) if given == clip]
    assert len(places) == 2 and places[1] - places[0] >= 500
    with database.read() as session:
        score = gold_score(session, who)
    assert (score.yes, score.total) == (len(places), len(places))  # every exposure counts


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


def test_gold_and_repeats_enter_no_verdict_and_no_progress(database: Database) -> None:
    batch, gold = workplace(database, 260, 30)
    who = person(database, "Ana")
    worked = work(database, who, 10_000, lambda _c, stream: "yes" if stream == "gold" else "no")
    assert worked.count("main") == 260
    assert worked.count("gold") >= 12 and worked.count("repeat") >= 1
    with database.read() as session:
        found = verdicts(session)
        assert not set(gold) & set(found)
        assert {(one.yes, one.no, one.surplus) for one in found.values()} == {(0, 1, 0)}
        assert len(judgements(session)) == 260
        progress = person_progress(session, who, batch)
    assert (progress.done, progress.left) == (260, 0)


def test_a_check_is_leased_renewed_given_again_and_returned_like_any_clip(
    database: Database,
) -> None:
    workplace(database, 60, 20)
    who = person(database, "Ana")
    work(database, who, FIRST_WITHOUT)
    now = utc_now() + timedelta(minutes=2)
    with database.write() as session:
        given = claim(session, who, 45, now=now)
        checks = [g.assignment for g in given if stream_of(session, g.assignment) == "gold"]
        again = claim(session, who, 45, now=now)
        assert checks and [one.assignment for one in again] == [one.assignment for one in given]
        assert [one.assignment for one in claim(session, who, 5, now=now)] == [
            one.assignment for one in given[:5]
        ]
        late = claim(session, who, 45, now=now + 2 * LEASE)
        assert {one.assignment for one in late} == {one.assignment for one in given}
        assert {one.batch.name for one in late} == {"work"}
    with database.read() as session:
        assert person_progress(session, who).left == 60 - FIRST_WITHOUT


def test_what_somebody_had_as_a_check_never_comes_in_the_labelling_nor_the_other_way(
    database: Database,
) -> None:
    batch, gold = workplace(database, 160, 20)
    with database.write() as session:
        for n in range(0, 160, 2):  # gold clips that are in the batch too, and still need votes
            make_gold(session, a_clip(n).clip_id, "yes", "Heard.")
    who = person(database, "Ana")
    worked = work(database, who, 60)
    checks = {c for c, s in zip(worked.clips, worked.streams, strict=True) if s == "gold"}
    assert checks and checks <= set(gold)
    with database.write() as session:
        add_to_batch(session, batch, gold)
    worked = work(database, who, 10_000)
    assert len(set(worked.clips)) == len(worked.clips)
    assert not checks & set(worked.clips)
    with database.read() as session:
        assert person_progress(session, who, batch).left == 0


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


def test_gold_takes_label_and_reason_of_the_decision(database: Database) -> None:
    workplace(database, 5, 0)
    with database.write() as session:
        decide(session, a_clip(0).clip_id, "no", reason="only the fan")
        decide(session, a_clip(1).clip_id, "unusable", reason="black")
        make_gold(session, a_clip(0).clip_id)
        (row,) = list_gold(session)
        assert (row.label, row.reason) == ("no", "only the fan")
        with pytest.raises(QualityError, match="unusable"):
            make_gold(session, a_clip(1).clip_id)
        with pytest.raises(QualityError, match="Nothing is decided"):
            make_gold(session, a_clip(2).clip_id)


def test_undo_goes_across_checks_but_not_over_one_that_was_told(database: Database) -> None:
    workplace(database, 60, 20)
    ana, ben = person(database, "Ana"), person(database, "Ben")
    right, _ = first_gold(database, ana, "yes")
    assert take_back(database, ana) == right
    with database.write() as session:
        assert gold_score(session, ana).total == 0
        answer(session, ana, NewAnswer(str(uuid.uuid4()), right, "no"))
        assert (gold_score(session, ana).yes, gold_score(session, ana).total) == (0, 1)
    wrong, receipt = first_gold(database, ben, "no")
    assert take_back(database, ben) not in (None, wrong)
    with database.write() as session:
        named = undo(session, ben, str(uuid.uuid4()), answer_uuid=receipt.client_uuid)
        assert named is None
        with pytest.raises(AnswerError, match="stays"):
            answer(session, ben, NewAnswer(str(uuid.uuid4()), wrong, "yes"))


def test_a_revised_right_answer_is_one_exposure(database: Database) -> None:
    workplace(database, 60, 20)
    who = person(database, "Ana")
    assignment, _ = first_gold(database, who, "yes")
    with database.write() as session:
        receipt = answer(session, who, NewAnswer(str(uuid.uuid4()), assignment, "no"))
        assert receipt.feedback is not None
        assert (gold_score(session, who).yes, gold_score(session, who).total) == (0, 1)
        assert my_answers(session, who)[0].value == "no"


def test_overturning_recomputes_every_score_and_lifts_the_pause(database: Database) -> None:
    _, gold = workplace(database, 300, 26)
    who = person(database, "Ana")
    worked = work(database, who, 300, gold_wrong)
    golds = worked.count("gold")
    assert paused(database, who) and ENOUGH <= golds < ENOUGH + 5  # what was ahead is still taken
    disputed = [r for r in worked.receipts if r.feedback is not None]
    for told in disputed[:-1]:
        with database.write() as session:
            number = dispute(session, who, told.assignment, "I hear nothing")
            resolve(session, number, "overturned", "Only a machine is heard.")
    assert not paused(database, who)
    with database.read() as session:
        score = gold_score(session, who)
        assert (score.yes, score.total) == (golds - 1, golds)
        assert {one.outcome for one in list_disputes(session)} == {"overturned"}
        turned = [one for one in list_gold(session) if one.label == "no"]
        assert {one.reason for one in turned} == {"Only a machine is heard."}
        assert len(list_gold(session)) == len(gold)
        assert page_of_audit(session, action="dispute overturned").total == golds - 1
    with database.write() as session:
        assert claim(session, who, 3)


def test_retiring_takes_it_out_of_the_score(database: Database) -> None:
    workplace(database, 300, 20)
    who = person(database, "Ana")
    work(database, who, 300, gold_wrong)
    assert paused(database, who)
    with database.write() as session:
        retire_gold(session, list_gold(session)[0].id)
    assert not paused(database, who)
    with database.read() as session:
        assert gold_score(session, who).total == ENOUGH - 1


def test_a_retired_check_that_is_held_is_not_asked_again_but_its_answer_is_taken(
    database: Database,
) -> None:
    _, _gold = workplace(database, 60, 1)
    who = person(database, "Ana")
    with database.write() as session:
        (one,) = claim(session, who, 1)
        while stream_of(session, one.assignment) != "gold":
            answer(session, who, NewAnswer(str(uuid.uuid4()), one.assignment, "yes"))
            (one,) = claim(session, who, 1)
        retire_gold(session, list_gold(session)[0].id)
        assert one.assignment not in [given.assignment for given in claim(session, who, 5)]
        receipt = answer(session, who, NewAnswer(str(uuid.uuid4()), one.assignment, "no"))
    assert receipt.feedback is None


def test_a_dispute_can_be_upheld_once_and_made_once(database: Database) -> None:
    workplace(database, 60, 5)
    who = person(database, "Ana")
    assignment, _ = first_gold(database, who, "no")
    with database.write() as session:
        number = dispute(session, who, assignment, "  no! ")
        (row,) = list_disputes(session)
        assert (row.note, row.their_answer, row.gold_label, row.person) == (
            "no!",
            "no",
            "yes",
            "Ana",
        )
        with pytest.raises(QualityError, match="already"):
            dispute(session, who, assignment, "again")
        resolve(session, number, "upheld")
        with pytest.raises(QualityError, match="upheld already"):
            resolve(session, number, "overturned")
        with pytest.raises(UnknownError):
            resolve(session, 999, "upheld")
        assert gold_score(session, who).total == 1


def test_only_an_own_check_that_was_told_can_be_disputed(database: Database) -> None:
    workplace(database, 60, 5)
    ana, ben = person(database, "Ana"), person(database, "Ben")
    wrong, _ = first_gold(database, ana, "no")
    right, _ = first_gold(database, ben, "yes")
    with database.write() as session:
        (held, *_) = claim(session, ben, 1)
        words: set[str] = set()
        for who, assignment in ((ben, wrong), (ben, right), (ben, held.assignment), (ben, 10**6)):
            with pytest.raises(UnknownError) as error:
                dispute(session, who, assignment, "")
            words.add(str(error.value))
    assert len(words) == 1  # the answer does not tell which clips are checks


def test_two_disputes_end_with_the_gold_they_are_about(database: Database) -> None:
    workplace(database, 60, 1)
    people = [person(database, name) for name in ("Ana", "Ben")]
    told = [first_gold(database, who, "no")[0] for who in people]
    with database.write() as session:
        numbers = [
            dispute(session, who, assignment, "")
            for who, assignment in zip(people, told, strict=True)
        ]
        resolve(session, numbers[0], "retired")
        assert [one.outcome for one in list_disputes(session)] == ["retired", "retired"]
        with pytest.raises(QualityError, match="out of use"):
            dispute(session, people[0], told[0], "")


def test_gold_needs_a_reason_a_clip_that_is_there_and_no_other_decision(
    database: Database,
) -> None:
    gone = a_clip(7, flags=("withdrawn",))
    with database.write() as session:
        add_clips(session, [a_clip(1), a_clip(2), gone])
        decided = Adjudication(
            clip_id=a_clip(2).clip_id, by_id=None, label="no", reason="", created_at=utc_now()
        )
        session.add(decided)
    for clip, reason, words in (
        (a_clip(1), " ", "reason"),
        (gone, "x", "withdrawn"),
        (a_clip(2), "x", "decided"),
    ):
        with pytest.raises(QualityError, match=words):
            gold_of(database, clip.clip_id, "yes", reason)
    with pytest.raises(UnknownError):
        gold_of(database, "f" * 16)
    number = gold_of(database, a_clip(2).clip_id, "no")
    with pytest.raises(QualityError, match="gold already"):
        gold_of(database, a_clip(2).clip_id, "no")
    with database.write() as session:
        retire_gold(session, number)
        with pytest.raises(QualityError, match="out of force"):
            retire_gold(session, number)


def test_withdrawn_gold_is_not_given_out(database: Database) -> None:
    _, gold = workplace(database, 150, 10)
    with database.write() as session:
        add_clips(session, [a_clip(10_000 + n, flags=("withdrawn",)) for n in range(10)])
    assert not set(work(database, person(database, "Ana"), 150).clips) & set(gold)


def test_simulated_people_and_imports_are_not_checked(database: Database) -> None:
    batch, gold = workplace(database, 200, 30)
    with database.write() as session:
        rows = [ImportedAnswer("Sim", a_clip(n).clip_id, "no") for n in range(100)]
        record_answers(session, batch, rows, kind="simulated")
        from db.people import ensure_person

        who = ensure_person(session, "Sim", "simulated").id
    worked = work(database, who, 200)
    assert set(worked.streams) == {"main"} and not set(worked.clips) & set(gold)


def test_repeats_come_late_and_tell_how_one_agrees_with_oneself(database: Database) -> None:
    workplace(database, 330, 0)
    who = person(database, "Ana")
    worked = work(database, who, 330, lambda _c, stream: "no" if stream == "repeat" else "yes")
    repeats = [n for n, stream in enumerate(worked.streams) if stream == "repeat"]
    assert repeats and all(n - worked.clips.index(worked.clips[n]) >= 200 for n in repeats)
    assert len({worked.clips[n] for n in repeats}) == len(repeats)
    with database.read() as session:
        (row,) = people_quality(session)
    assert (row.repeats.same, row.repeats.total) == (0, len(repeats))


def test_a_claim_asks_the_database_a_bounded_number_of_questions(database: Database) -> None:
    workplace(database, 320, 30)
    who = person(database, "Ana")

    def questions() -> int:
        asked = 0

        def count(*_: object) -> None:
            nonlocal asked
            asked += 1

        with database.write() as session:
            bind: Any = session.get_bind()
            event.listen(bind, "before_cursor_execute", count)
            given = claim(session, who, 1)
            event.remove(bind, "before_cursor_execute", count)
            answer(session, who, NewAnswer(str(uuid.uuid4()), given[0].assignment, "yes"))
        return asked

    early = max(questions() for _ in range(15))
    work(database, who, 250)
    questions()  # returns what the work left leased
    late = max(questions() for _ in range(25))
    assert late <= early + 3 <= 22
