"""Guideline versions and examples."""

import pytest

from db.audit import page_of_audit
from db.batch_clips import candidates_among
from db.check_records import QualityError, UnknownError
from db.clips import add_clips
from db.engine import Database
from db.examples import add_example, examples, order_examples, remove_example
from db.gold import make_gold
from db.guidelines import (
    add_guideline,
    guidelines,
    install_guideline,
    lines_changed,
    present_guideline,
)
from db.labelling import BatchRule, clips_without_batch, count_without_batch, create_batch
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


def test_a_version_tells_what_it_changed() -> None:
    changed = lines_changed("Look.\nListen.\nAnswer.", "Look.\nListen twice.\nAnswer.")
    assert [line for line in changed if line[0] in "+-"] == ["-Listen.", "+Listen twice."]
    assert lines_changed("Look.", "Look.") == []


def test_an_example_and_a_batch_never_wait_for_each_other(database: Database) -> None:
    clips = [a_clip(n) for n in range(3)]
    with database.write() as session:
        add_clips(session, clips)
        create_batch(session, "open", [clips[0].clip_id], BatchRule(slots_per_clip=1))
        with pytest.raises(QualityError, match="still asked"):
            add_example(session, clips[0].clip_id, "worked", "yes", "Heard.")
        add_example(session, clips[1].clip_id, "worked", "yes", "Heard.")
        assert clips_without_batch(session) == [clips[2].clip_id]
        assert count_without_batch(session) == 1
        found = candidates_among(session, [clip.clip_id for clip in clips])
        assert list(found.free) == [clips[2].clip_id]
        assert (found.found, found.in_batches, found.unplayable) == (3, 1, 1)
