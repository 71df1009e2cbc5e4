"""Clips, videos, dropped rows, jobs and people as tables."""

from collections.abc import Callable

import pytest

from db import clips as clips_db
from db import jobs
from db.engine import Database
from db.labelling import batch_by_name, create_batch, judgements, record_answers, verdicts
from db.people import UnusableNameError, clean_name, end_session, ensure_person, start_session, who
from db.records import ClipFilter, ClipRecord, DroppedRecord, ImportedAnswer, VideoRecord

NewClip = Callable[..., ClipRecord]


def test_a_page_is_filtered_counted_and_ordered_in_sql(
    database: Database, new_clip: NewClip
) -> None:
    rows = [
        new_clip(
            number,
            split="train" if number % 2 else "test",
            flags=("clamped", "no_verb") if number % 3 == 0 else (),
        )
        for number in range(30)
    ]
    with database.write() as session:
        clips_db.add_clips(session, reversed(rows))
    with database.read() as session:
        page = clips_db.page_of_clips(session, ClipFilter(split="test"), offset=10, limit=3)
        flagged = clips_db.page_of_clips(session, ClipFilter(flag="no_verb"))
        none = clips_db.page_of_clips(session, ClipFilter(flag="no"))
        text = clips_db.page_of_clips(session, ClipFilter(text="ONION 2"))
        wild = clips_db.page_of_clips(session, ClipFilter(text="%"))
        counts = clips_db.facets(session)
    assert page.total == 15 and [row.time_s for row in page.rows] == [20.0, 22.0, 24.0]
    assert flagged.total == 10 and flagged.rows[0].flags == ("clamped", "no_verb")
    assert none.total == 0 and wild.total == 0
    assert text.total == 11
    assert counts.splits == {"test": 15, "train": 15} and counts.flags["clamped"] == 10


def test_adding_again_replaces(database: Database, new_clip: NewClip) -> None:
    with database.write() as session:
        clips_db.add_clips(session, [new_clip(1)])
        clips_db.add_clips(session, [new_clip(1, narration="#C C slices onion")])
    with database.read() as session:
        assert clips_db.count_clips(session) == 1
        clip = clips_db.clip_by_id(session, f"{1:016x}")
        assert clip is not None and clip.narration == "#C C slices onion"
        assert clips_db.clip_by_id(session, "f" * 16) is None


def test_videos_count_what_became_of_them(database: Database, new_clip: NewClip) -> None:
    with database.write() as session:
        clips_db.add_videos(session, [VideoRecord("video-0", "test", "video-0.mp4", 30.0)])
        clips_db.add_clips(session, [new_clip(number) for number in range(12)])
        clips_db.add_dropped(session, [DroppedRecord("video-0", "x", "after the end", "", 99.0)])
    with database.read() as session:
        page = clips_db.page_of_videos(session)
    assert [(v.video.video_uid, v.clips, v.dropped) for v in page.rows] == [
        ("video-0", 10, 1),
        ("video-1", 2, 0),
    ]
    assert page.rows[0].video.duration_s == 30.0


def test_dropped_rows_are_replaced_by_what_they_say_and_twins_are_kept(database: Database) -> None:
    row = DroppedRecord("v", "a", "no video file", "#C C cuts", 1.0)
    with database.write() as session:
        clips_db.add_dropped(session, [row, row])
        clips_db.add_dropped(session, [row, row])
    with database.read() as session:
        assert clips_db.page_of_dropped(session).total == 2
        assert clips_db.dropped_reasons(session) == {"no video file": 2}
    with database.write() as session:
        clips_db.set_dropped(session, [])
    with database.read() as session:
        assert clips_db.page_of_dropped(session).total == 0


def test_a_job_ends_once(database: Database) -> None:
    with database.write() as session:
        jobs.create_job(session, "job-1", "train", ("--preset", "demo"))
        jobs.start_job(session, "job-1", 4711)
        jobs.report_job(session, "job-1", 3, 6, "step 3")
        assert jobs.end_job(session, "job-1", "cancelled")
        assert not jobs.end_job(session, "job-1", "finished")
        jobs.report_job(session, "job-1", 6, 6, "too late")
    with database.read() as session:
        (job,) = jobs.list_jobs(session, kind="train")
        assert jobs.list_jobs(session, running=True) == []
    assert (job.state, job.pid, job.done, job.argv) == ("cancelled", 4711, 3, ("--preset", "demo"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ana\n Ruiz ", "Ana Ruiz"),
        ("李 小龙", "李 小龙"),
        ("<b>x</b>", "<b>x</b>"),
        ("👩‍🔬", "👩‍🔬"),
    ],
)
def test_any_name_is_kept_as_text_on_one_line(typed: str, shown: str) -> None:
    assert clean_name(typed) == shown


@pytest.mark.parametrize("typed", ["", " \t\n", "\u200b", "x" * 61])
def test_an_unusable_name_says_why(typed: str) -> None:
    with pytest.raises(UnusableNameError, match="name"):
        clean_name(typed)


def test_one_name_is_one_person_and_simulated_people_are_not_signed_in_as(
    database: Database,
) -> None:
    with database.write() as session:
        first = ensure_person(session, "Ana")
        assert ensure_person(session, " ANA ") == first
        ensure_person(session, "Simulated 1", "simulated")
        with pytest.raises(UnusableNameError, match="simulated"):
            ensure_person(session, "simulated 1")
        token = start_session(session, first.id)
    with database.read() as session:
        found = who(session, token)
        assert found is not None and found.person == first
        assert who(session, "x" + token[1:]) is None
    with database.write() as session:
        end_session(session, token)
    with database.read() as session:
        assert who(session, token) is None


def test_imported_answers_count_once_and_never_beyond_the_slots(
    database: Database, clips: list[str]
) -> None:
    rows = [
        ImportedAnswer(f"Simulated {person}", clip_id, "yes" if person < 3 else "no")
        for person in range(1, 5)
        for clip_id in clips[:4]
    ]
    with database.write() as session:
        number = create_batch(session, "demo", clips[:4]).id
        report = record_answers(session, number, rows, kind="simulated")
        again = record_answers(session, number, rows, kind="simulated")
        odd = [ImportedAnswer("Simulated 1", clips[5], "yes")]
        outside = record_answers(session, number, odd, kind="simulated")
    assert (report.stored, report.surplus, report.repeated) == (16, 4, 0)
    assert (again.stored, again.repeated) == (0, 16)
    assert outside.unknown_clips == (clips[5],)
    with database.read() as session:
        assert batch_by_name(session, "demo") is not None
        found = verdicts(session, clips[:2])
        assert len(found) == 2
        assert {(v.yes, v.no, v.surplus, v.label) for v in found.values()} == {(2, 1, 1, True)}
        assert all(one.simulated for one in judgements(session))
