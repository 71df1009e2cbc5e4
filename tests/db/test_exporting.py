"""What an export reads: present words only, in one order on both engines, in bounded memory."""

from annotation.export import to_record
from annotation.label_rows import LabelRow, status_of
from db.clips import add_clips
from db.engine import Database
from db.exporting import count_labelled, count_withdrawn, label_rows
from db.labelling import verdicts
from tests.db.conftest import a_clip
from tests.db.label_scene import PEOPLE, clips_of_the_scene, make_scene


def rows_of(database: Database, verb: str | None = None) -> dict[str, LabelRow]:
    with database.read() as session:
        return {row.clip_id: row for row in label_rows(session, verb=verb)}


def test_every_asked_clip_is_there_with_its_present_words(database: Database) -> None:
    make_scene(database)
    found = rows_of(database)
    ids = [clip.clip_id for clip in clips_of_the_scene()]
    assert list(found) == ids[:10]  # by video and time; the last two nobody was asked about
    assert [(a.person, a.value, a.counted) for a in found[ids[0]].answers] == [
        (PEOPLE[3], "no", False),
        (PEOPLE[0], "yes", True),
        (PEOPLE[1], "no", True),
        (PEOPLE[2], "yes", True),
    ]
    assert found[ids[2]].answers == ()
    assert [answer.value for answer in found[ids[3]].answers] == ["no", "unsure"]
    assert found[ids[4]].answers[0].kind == "simulated"
    assert found[ids[8]].chosen == "selection"
    assert found[ids[0]].video_s == 61.25
    said = found[ids[0]].answers[2]
    assert said.reasons == ("not_visible", "not_wearer")
    assert (said.plays, said.heard, said.volume, said.rate) == (2, True, 0.7, 1.25)
    assert (said.decision_ms, said.gain_db, said.guideline_version) == (431, -3.5, 4)


def test_verdicts_and_status_are_the_studios(database: Database) -> None:
    make_scene(database)
    found = rows_of(database)
    with database.read() as session:
        stored = verdicts(session)
    assert set(stored) == set(found)
    for clip_id, row in found.items():
        mine, theirs = row.verdict, stored[clip_id]
        assert (mine.yes, mine.no, mine.unsure, mine.broken, mine.surplus, mine.needed) == (
            *(theirs.yes, theirs.no, theirs.unsure, theirs.broken, theirs.surplus, theirs.needed),
        )
        label = {True: "yes", False: "no", None: None}[theirs.label]
        assert to_record(row)["label"] == label
    ids = list(found)
    status = [status_of(found[clip_id], found[clip_id].verdict) for clip_id in ids]
    assert status == ["complete", "complete", *["open"] * 4, "complete", "open", "complete", "open"]
    records = [to_record(found[clip_id]) for clip_id in ids]
    assert [records[n]["adjudicated"] for n in (0, 1, 8)] == [None, "no", "yes"]
    assert records[1]["adjudication_reason"] == "it hums: =1+1"
    assert (records[8]["label"], records[8]["verdict"]) == ("yes", "no")


def test_filters_and_withdrawn_clips(database: Database) -> None:
    make_scene(database)
    chops = [c.clip_id for c in clips_of_the_scene()[:10] if c.verb == "chop"]
    assert list(rows_of(database, "chop")) == chops
    with database.write() as session:
        add_clips(session, [a_clip(0, flags=("no_audio", "withdrawn"))])
    assert list(rows_of(database, "chop")) == chops[1:]
    with database.read() as session:
        assert count_withdrawn(session) == 1
        assert count_labelled(session) == 10


def test_rows_come_before_all_are_read(database: Database) -> None:
    make_scene(database)
    with database.read() as session:
        first = next(iter(label_rows(session)))
    assert first.clip_id == clips_of_the_scene()[0].clip_id
