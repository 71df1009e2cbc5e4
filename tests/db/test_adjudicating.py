"""A lead's decisions: above every vote, appended, taken back; places follow them."""

import uuid

import pytest

from db.adjudicating import DecisionError, decide, decisions, take_back
from db.engine import Database
from db.labelling import BatchRule, answer, claim, create_batch, verdicts
from db.people import ensure_person
from db.records import NewAnswer


def offered(database: Database, name: str) -> list[str]:
    """Clips a person would be given; the claim is thrown away."""
    with database.write() as session:
        who = ensure_person(session, name).id
    with database.read() as session:
        return [one.clip.clip_id for one in claim(session, who, 5)]


def test_a_decision_shuts_the_clip_and_taking_it_back_opens_it_again(
    database: Database, clips: list[str]
) -> None:
    with database.write() as session:
        create_batch(session, "two", clips[:1], BatchRule(slots_per_clip=2))
        who = ensure_person(session, "Ana").id
        (given,) = claim(session, who, 1)
        answer(session, who, NewAnswer(str(uuid.uuid4()), given.assignment, "no"))
    assert offered(database, "Ben") == clips[:1]
    with database.write() as session:
        decide(session, clips[0], "yes", by_id=who, reason="heard it twice")
    assert offered(database, "Ben") == []
    with database.read() as session:
        found = verdicts(session)[clips[0]]
        assert (found.label, found.adjudicated, found.missing) == (True, "yes", 0)
        told = decisions(session, clips)[clips[0]]
        assert (told.label, told.by, told.reason) == ("yes", "Ana", "heard it twice")
    with database.write() as session:
        decide(session, clips[0], "unusable")
    with database.read() as session:
        assert verdicts(session)[clips[0]].label is None
        assert decisions(session, clips)[clips[0]].label == "unusable"
    with database.write() as session:
        take_back(session, clips[0])
    assert offered(database, "Ben") == clips[:1]
    with database.read() as session:
        found = verdicts(session)[clips[0]]
        assert (found.no, found.missing, found.adjudicated) == (1, 1, None)
    with pytest.raises(DecisionError, match="nothing to undo"), database.write() as session:
        take_back(session, clips[0])
    with pytest.raises(DecisionError, match="no clip"), database.write() as session:
        decide(session, "f" * 16, "yes")


def test_an_answer_that_was_on_its_way_is_kept_and_changes_nothing(
    database: Database, clips: list[str]
) -> None:
    with database.write() as session:
        create_batch(session, "one", clips[:1])
        who = ensure_person(session, "Ana").id
        (given,) = claim(session, who, 1)
        decide(session, clips[0], "no")
        answer(session, who, NewAnswer(str(uuid.uuid4()), given.assignment, "yes"))
    with database.read() as session:
        found = verdicts(session)[clips[0]]
    assert (found.label, found.yes, found.adjudicated) == (False, 1, "no")
