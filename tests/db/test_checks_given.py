"""Checks among the clips: how often, to whom, told apart by nothing; on both engines."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from annotation.checks import FIRST_WITHOUT
from db.answering import AnswerError
from db.clips import add_clips
from db.columns import utc_now
from db.engine import Database
from db.gold import list_gold, make_gold, retire_gold
from db.gold_scores import gold_score
from db.labelling import (
    LEASE,
    add_to_batch,
    answer,
    claim,
    judgements,
    person_progress,
    record_answers,
    undo,
    verdicts,
)
from db.people_quality import people_quality
from db.records import ImportedAnswer, NewAnswer
from tests.db.checking import (
    first_gold,
    person,
    stream_of,
    take_back,
    work,
    workplace,
)
from tests.db.conftest import a_clip


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
