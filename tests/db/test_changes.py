"""What has changed since: the pages' verdicts follow people without being counted anew."""

import uuid

from db.batches import add_to_batch
from db.engine import Database
from db.labelling import answer, claim, create_batch, newest, touched_since, undo
from db.people import ensure_person
from db.records import NewAnswer


def test_an_answer_an_undo_and_new_slots_touch_their_clips_and_no_others(
    database: Database, clips: list[str]
) -> None:
    with database.write() as session:
        batch = create_batch(session, "some", clips[:4]).id
        who = ensure_person(session, "Ana").id
    with database.read() as session:
        before = newest(session)
        assert touched_since(session, before) == []
        assert set(touched_since(session, (0, 0, 0))) == set(clips[:4])
    with database.write() as session:
        first, second = claim(session, who, 2)
    with database.read() as session:
        assert newest(session) == before  # a lease changes no count
    with database.write() as session:
        answer(session, who, NewAnswer(str(uuid.uuid4()), first.assignment, "unsure"))
    with database.read() as session:
        answered = newest(session)
        assert touched_since(session, before) == [first.clip.clip_id]
    with database.write() as session:
        undo(session, who, str(uuid.uuid4()))
        answer(session, who, NewAnswer(str(uuid.uuid4()), second.assignment, "yes"))
        add_to_batch(session, batch, clips[:5])
    with database.read() as session:
        touched = touched_since(session, answered)
    assert sorted(touched) == sorted({first.clip.clip_id, second.clip.clip_id, clips[4]})
