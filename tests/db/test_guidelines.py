"""Guideline versions and examples."""

import pytest

from db.audit import page_of_audit
from db.check_records import QualityError, UnknownError
from db.clips import add_clips
from db.engine import Database
from db.examples import add_example, examples, order_examples, remove_example
from db.gold import make_gold
from db.guidelines import add_guideline, guidelines, install_guideline, present_guideline
from db.people import ensure_person
from tests.db.conftest import a_clip


def test_a_new_text_is_a_new_version_and_the_old_ones_stay(database: Database) -> None:
    with database.write() as session:
        assert present_guideline(session) is None
        install_guideline(session, "Listen.\n")
        install_guideline(session, "Something else.")
        lead = ensure_person(session, "Lea").id
        assert add_guideline(session, " Listen twice.\n", by_id=lead) == 2
        with pytest.raises(QualityError, match="version 2 already"):
            add_guideline(session, "Listen twice.")
        with pytest.raises(QualityError, match="empty"):
            add_guideline(session, " \n")
    with database.read() as session:
        assert [(row.version, row.text, row.by) for row in guidelines(session)] == [
            (2, "Listen twice.", "Lea"),
            (1, "Listen.", None),
        ]
        assert page_of_audit(session, action="guideline published").total == 1


def test_examples_keep_the_leads_order(database: Database) -> None:
    with database.write() as session:
        add_clips(session, [a_clip(n) for n in range(4)])
        ids = [
            add_example(session, a_clip(n).clip_id, "worked", "yes", " Heard. ") for n in range(4)
        ]
        order_examples(session, [ids[2], ids[0]])
        remove_example(session, ids[1])
        assert [one.id for one in examples(session, "worked")] == [ids[2], ids[0], ids[3]]
        assert examples(session)[0].reason == "Heard." and examples(session, "exam") == []
        with pytest.raises(UnknownError):
            order_examples(session, [ids[1]])
        with pytest.raises(QualityError, match="twice"):
            order_examples(session, [ids[0], ids[0]])
        with pytest.raises(QualityError, match="removed already"):
            remove_example(session, ids[1])
        with pytest.raises(UnknownError):
            remove_example(session, 999)
        add_example(session, a_clip(1).clip_id, "exam", "no", "Only seen.")


def test_a_clip_serves_one_purpose(database: Database) -> None:
    with database.write() as session:
        add_clips(session, [a_clip(n) for n in range(3)])
        add_clips(session, [a_clip(3, flags=("withdrawn",))])
        add_example(session, a_clip(0).clip_id, "worked", "yes", "Heard.")
        make_gold(session, a_clip(1).clip_id, "no", "Not heard.")
        for n, words in ((0, "example already"), (1, "is gold")):
            with pytest.raises(QualityError, match=words):
                add_example(session, a_clip(n).clip_id, "exam", "yes", "Heard.")
        with pytest.raises(QualityError, match="is an example"):
            make_gold(session, a_clip(0).clip_id, "yes", "Heard.")
        with pytest.raises(QualityError, match="withdrawn"):
            add_example(session, a_clip(3).clip_id, "worked", "yes", "Heard.")
        with pytest.raises(QualityError, match="reason"):
            add_example(session, a_clip(2).clip_id, "worked", "yes", "")
        with pytest.raises(UnknownError):
            add_example(session, "f" * 16, "worked", "yes", "Heard.")


def test_withdrawn_examples_are_shown_to_leads_alone(database: Database) -> None:
    with database.write() as session:
        add_clips(session, [a_clip(0)])
        add_example(session, a_clip(0).clip_id, "worked", "yes", "Heard.")
        add_clips(session, [a_clip(0, flags=("withdrawn",))])
        assert examples(session) == []
        assert len(examples(session, playable=False)) == 1
