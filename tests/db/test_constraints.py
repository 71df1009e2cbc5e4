"""What the tables themselves refuse, whatever code writes to them."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.base import Base
from db.clips import add_clips
from db.columns import utc_now
from db.engine import Database
from db.label_tables import Answer, Assignment, Batch, Slot
from db.labelling import answer, claim, create_batch, judgements, list_batches, verdicts
from db.people import ensure_person
from db.records import ClipRecord, NewAnswer


@pytest.fixture
def answered(database: Database, clips: list[str]) -> int:
    """One clip of a batch of three slots, answered once; the assignment's id."""
    with database.write() as session:
        create_batch(session, "batch", clips)
        who = ensure_person(session, "Ana").id
        (given,) = claim(session, who, 1)
        answer(session, who, NewAnswer(str(uuid.uuid4()), given.assignment, "yes"))
    return given.assignment


def an_answer(assignment: int, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "client_uuid": str(uuid.uuid4()),
        "assignment_id": assignment,
        "value": "no",
        "plays": 1,
        "heard": True,
        "created_at": utc_now(),
        "studio_version": "test",
    }
    return fields | changes


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.read() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, Base.metadata) == []


def test_an_assignment_has_one_root_answer(database: Database, answered: int) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert(Answer).values(an_answer(answered)))


def test_an_answer_is_superseded_once(database: Database, answered: int) -> None:
    with database.read() as session:
        root = session.scalar(select(Answer.id))
    with database.write() as session:
        session.execute(insert(Answer).values(an_answer(answered, supersedes=root)))
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert(Answer).values(an_answer(answered, supersedes=root)))


def test_an_answer_supersedes_only_within_its_own_assignment(
    database: Database, answered: int
) -> None:
    with database.write() as session:
        root = session.scalar(select(Answer.id))
        who = ensure_person(session, "Ben").id
        (other,) = claim(session, who, 1)
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert(Answer).values(an_answer(other.assignment, supersedes=root)))


@pytest.mark.parametrize("change", [update(Answer).values(value="no"), delete(Answer)])
def test_answers_are_never_changed_or_deleted(
    database: Database, answered: int, change: Any
) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(change)


def test_a_clip_is_assigned_to_a_person_once_a_stream(database: Database, answered: int) -> None:
    with database.read() as session:
        there = session.get_one(Assignment, answered)
    row = {
        name: getattr(there, name)
        for name in ("clip_id", "person_id", "stream", "batch_id", "state")
    } | {"created_at": utc_now(), "lease_until": utc_now()}
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert(Assignment).values(row))
    with database.write() as session:  # room for gold and repeats, without a new schema
        for stream in ("gold", "repeat"):
            session.execute(insert(Assignment).values(row | {"stream": stream}))


def test_a_fourth_answer_finds_no_slot_to_count_in(
    database: Database, clips: list[str], answered: int
) -> None:
    """One row a slot, one assignment a row, a slot only of its own clip."""
    with database.write() as session:
        who = ensure_person(session, "Ben").id
        (other,) = claim(session, who, 1)
        slots = session.scalars(select(Slot).where(Slot.clip_id == other.clip.clip_id)).all()
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(
            update(Slot).where(Slot.clip_id == other.clip.clip_id).values(assignment_id=answered)
        )
    foreign = next(clip for clip in clips if clip != other.clip.clip_id)
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(
            update(Slot)
            .where(Slot.clip_id == foreign, Slot.assignment_id.is_(None))
            .values(assignment_id=other.assignment)
        )
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(
            insert(Slot).values(
                batch_id=other.batch.id, clip_id=slots[0].clip_id, k=1, rank=0, filled=False
            )
        )


def test_unknown_words_are_refused(database: Database, answered: int) -> None:
    for table, column in ((Batch, "state"), (Assignment, "state"), (Assignment, "stream")):
        with pytest.raises(DBAPIError), database.write() as session:
            session.execute(update(table).values({column: "odd"}))


def test_twelve_people_at_once_fill_every_slot_exactly(
    database: Database, new_clip: Callable[..., ClipRecord]
) -> None:
    """Threads claim, answer, repeat and abandon; every clip ends with exactly K counted answers, or
    goes to a lead with fewer because two could not tell."""
    rows = [new_clip(number) for number in range(20)]
    with database.write() as session:
        add_clips(session, rows)
        create_batch(session, "busy", [row.clip_id for row in rows])
        people = [ensure_person(session, f"person {number}").id for number in range(12)]

    def work(person_id: int) -> None:
        for turn in range(100):
            with database.write() as session:
                given = claim(session, person_id, 2)
            if not given:
                return
            for one in given:
                odd = (one.assignment + person_id + turn) % 7
                if odd == 0:  # abandoned: the lease runs out
                    with database.write() as session:
                        session.execute(
                            update(Assignment)
                            .where(Assignment.id == one.assignment)
                            .values(lease_until=utc_now() - timedelta(minutes=1))
                        )
                    continue
                value = "unsure" if odd == 1 else ("yes", "no")[odd % 2]
                new = NewAnswer(str(uuid.uuid4()), one.assignment, value)
                for _ in range(1 + odd % 2):  # some browsers send twice
                    with database.write() as session:
                        answer(session, person_id, new)

    with ThreadPoolExecutor(max_workers=12) as pool:
        list(pool.map(work, people))
    for person_id in people:  # what was opened again after most had gone home
        with database.write() as session:
            for one in claim(session, person_id, 20):
                answer(session, person_id, NewAnswer(str(uuid.uuid4()), one.assignment, "yes"))
    with database.read() as session:
        (progress,) = list_batches(session)
        found = verdicts(session)
        said = judgements(session)
    by_vote = [v for v in found.values() if not v.closed]
    assert len(by_vote) > 5 and progress.complete == 20
    assert all(v.yes + v.no == 3 and v.complete for v in by_vote)
    assert all(v.unsure >= 2 and v.yes + v.no < 3 and v.waits for v in found.values() if v.closed)
    assert sum(one.counted for one in said) == sum(v.yes + v.no for v in found.values())
    assert len({(one.clip_id, one.person) for one in said}) == len(said)
