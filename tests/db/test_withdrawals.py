"""A withdrawn video in the tables of both engines: words go, answers stay, nobody is asked."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from db.clips import (
    add_clips,
    add_dropped,
    all_clips,
    clip_by_id,
    count_clips,
    facets,
    page_of_clips,
    page_of_dropped,
    page_of_videos,
)
from db.columns import utc_now
from db.engine import Database
from db.label_tables import Slot
from db.labelling import BatchRule, claim, create_batch, judgements, record_answers
from db.people import ensure_person
from db.person_tables import Audit
from db.quality_tables import Gold
from db.records import ClipFilter, ClipRecord, DroppedRecord, ImportedAnswer, VideoRecord
from db.withdrawals import (
    REMOVED_TEXT,
    at_stake,
    fold_log,
    withdraw_rows,
    withdrawal_of,
    withdrawals,
)
from db.word_groups import words_of_clips

NewClip = Callable[..., ClipRecord]
VIDEO = VideoRecord("video-0", "test")


@pytest.fixture
def labelled(database: Database, new_clip: NewClip) -> Database:
    """Two videos of ten clips; the first two clips answered, one of the first video dropped."""
    rows = [new_clip(number) for number in range(20)]
    with database.write() as session:
        add_clips(session, rows)
        add_dropped(session, [DroppedRecord("video-0", "d", "no verb", "#C C secret", 1.0)])
        batch = create_batch(session, "all", [row.clip_id for row in rows])
        answers = [ImportedAnswer("Ada", rows[n].clip_id, "yes") for n in range(2)]
        record_answers(session, batch.id, answers)
    return database


def withdraw(database: Database, reason: str = "asked") -> None:
    with database.write() as session:
        withdraw_rows(session, VIDEO, reason, None, detail={"clips": 10})
    fold_log(database)


def test_what_is_at_stake_is_counted(labelled: Database) -> None:
    with labelled.read() as session:
        stake, nothing = at_stake(session, "video-0"), at_stake(session, "nowhere")
    assert (len(stake.clip_ids), stake.answers, stake.people, stake.dropped) == (10, 2, 1, 1)
    assert (nothing.clip_ids, nothing.answers, nothing.people) == ((), 0, 0)


def test_words_go_and_answers_stay(labelled: Database) -> None:
    with labelled.read() as session:
        before = judgements(session)
    withdraw(labelled)
    with labelled.read() as session:
        assert judgements(session) == before
        clip = clip_by_id(session, f"{0:016x}")
        assert clip is not None
        assert (clip.narration, clip.verb, clip.noun) == (REMOVED_TEXT, None, None)
        assert (clip.modalities, clip.flags, clip.withdrawn) == ((), ("withdrawn",), True)
        assert [row.narration for row in page_of_dropped(session).rows] == [""]
        (noted,) = session.scalars(select(Audit)).all()
    assert (noted.action, noted.subject) == ("withdraw", "video-0")
    assert json.loads(noted.detail) == {"reason": "asked", "clips": 10}


def test_lists_and_counts_leave_it_out_unless_it_is_asked_for(labelled: Database) -> None:
    withdraw(labelled)
    with labelled.read() as session:
        assert count_clips(session) == len(all_clips(session)) == 10
        assert page_of_clips(session, ClipFilter()).total == 10
        assert page_of_clips(session, ClipFilter(flag="withdrawn")).total == 10
        assert page_of_clips(session, ClipFilter(video_uid="video-0")).total == 10
        found = facets(session)
        assert (found.verbs, found.splits) == ({"chop": 10}, {"test": 10})
        assert found.flags == {"withdrawn": 10}
        assert len(words_of_clips(session).clip_ids) == 10
        gone = [row.withdrawn_at is not None for row in page_of_videos(session).rows]
    assert gone == [True, False]


def test_open_places_are_shut_and_who_looks_is_let_go(labelled: Database) -> None:
    with labelled.write() as session:
        dora = ensure_person(session, "Dora").id
        assert len(claim(session, dora, 20)) == 20
    withdraw(labelled)
    with labelled.write() as session:
        others = {one.clip.video_uid for one in claim(session, dora, 20)}
        emil = ensure_person(session, "Emil").id
        others |= {one.clip.video_uid for one in claim(session, emil, 20)}
        assert others == {"video-1"}
        slots = session.scalars(select(Slot).where(Slot.clip_id < f"{10:016x}")).all()
        assert all(slot.filled or (slot.shut and slot.assignment_id is None) for slot in slots)
        assert sum(slot.filled for slot in slots) == 2


def test_gold_of_it_is_retired(labelled: Database) -> None:
    with labelled.write() as session:
        session.add(Gold(clip_id=f"{3:016x}", label="yes", reason="clear", created_at=utc_now()))
    withdraw(labelled)
    with labelled.read() as session:
        assert session.scalars(select(Gold.retired_at)).one() is not None


def test_again_changes_nothing_and_the_first_reason_stays(labelled: Database) -> None:
    withdraw(labelled, "first")
    with labelled.read() as session:
        before = withdrawals(session)
    withdraw(labelled, "second")
    with labelled.read() as session:
        assert withdrawals(session) == before
        assert len(session.scalars(select(Audit)).all()) == 1
        found = withdrawal_of(session, "video-0")
    assert found is not None
    assert (found.reason, found.said[:13]) == ("first", "withdrawn on ")


def test_nothing_brings_its_words_back(labelled: Database, new_clip: NewClip) -> None:
    withdraw(labelled)
    with labelled.write() as session:
        add_clips(session, [new_clip(number) for number in range(12)])
        assert {row.verb for row in page_of_clips(session, ClipFilter(flag="withdrawn")).rows} == {
            None
        }


def test_a_video_that_was_only_dropped_can_be_withdrawn(database: Database) -> None:
    with database.write() as session:
        add_dropped(session, [DroppedRecord("lost", "d", "no video file", "#C C hums", 1.0)])
        withdraw_rows(session, VideoRecord("lost", "unknown"), "", None)
    with database.read() as session:
        assert page_of_dropped(session).rows[0].narration == ""
        assert list(withdrawals(session)) == ["lost"]


def test_words_know_who_was_picked_and_filters_who_lacks_them(
    labelled: Database, new_clip: NewClip
) -> None:
    with labelled.write() as session:
        add_clips(session, [new_clip(30, noun=None), new_clip(31, verb=None, noun=None)])
        rule = BatchRule(chosen="selection")
        create_batch(session, "picked", [f"{30:016x}"], rule)
    with labelled.read() as session:
        words = words_of_clips(session)
        picked = [i for i, chosen in zip(words.clip_ids, words.selected, strict=True) if chosen]
        assert picked == [f"{30:016x}"]
        assert len(words.clip_ids) == 22
        assert page_of_clips(session, ClipFilter(without="noun")).total == 2
        assert page_of_clips(session, ClipFilter(without="verb")).total == 1
        assert page_of_clips(session, ClipFilter(verb="chop", without="noun")).total == 1
