"""Which clips are gold, and what becomes of them when somebody disputes one; on both engines."""

import pytest

from annotation.checks import ENOUGH
from db.adjudicating import decide
from db.audit import page_of_audit
from db.check_records import QualityError, UnknownError
from db.clips import add_clips
from db.columns import utc_now
from db.disputes import dispute, list_disputes, resolve
from db.engine import Database
from db.gold import list_gold, make_gold, retire_gold
from db.gold_scores import gold_score
from db.label_tables import Adjudication
from db.labelling import (
    claim,
)
from tests.db.checking import first_gold, gold_of, gold_wrong, paused, person, work, workplace
from tests.db.conftest import a_clip


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
