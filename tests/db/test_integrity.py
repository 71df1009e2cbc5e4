"""Every promise that can be broken by hand is found broken, by name."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.engine import Database
from db.integrity import check, promises
from tests.db.label_scene import make_scene


def found(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {finding.promise: finding.count for finding in check(session)}


def test_a_database_of_the_studio_keeps_every_promise(database: Database) -> None:
    make_scene(database)
    assert found(database) == {}
    assert len(promises(database.dialect)) >= 12


BROKEN = {
    "every filled place has a present yes or no of its own clip": (
        "UPDATE slot SET filled = true WHERE assignment_id IN "
        "(SELECT id FROM assignment WHERE state = 'leased')",
    ),
    "no clip counts more answers than it needs": (
        "UPDATE batch SET slots_per_clip = 2 WHERE slots_per_clip = 3",
    ),
    "whoever answered has an answer": ("UPDATE assignment SET state = 'answered'",),
    "one decision of a clip is in force": (
        "DROP INDEX uq_adjudication_root",
        "UPDATE adjudication SET supersedes = NULL",
    ),
    "answers are a chain without forks": (
        "DROP INDEX uq_answer_root",
        "UPDATE answer SET supersedes = NULL",
    ),
    "a clip is in one batch": (
        "UPDATE slot SET batch_id = (SELECT max(id) FROM batch) WHERE k = 2",
    ),
}


def keep_nothing(session: Session) -> None:
    """Without the triggers that let nobody change a row."""
    for table in ("answer", "adjudication"):
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"DROP TRIGGER {table}_kept ON {table}"))
        else:
            session.execute(text(f"DROP TRIGGER {table}_kept_update"))


@pytest.mark.parametrize("promise", list(BROKEN))
def test_a_broken_promise_is_named(database: Database, promise: str) -> None:
    make_scene(database)
    with database.write() as session:
        keep_nothing(session)
        for statement in BROKEN[promise]:
            session.execute(text(statement))
    assert found(database).get(promise, 0) > 0


def test_a_chain_that_leads_elsewhere_is_named(database: Database) -> None:
    """Constraints forbid it: only a file that was changed without them can hold it."""
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL's constraints cannot be looked past")
    make_scene(database)
    with database.write() as session:
        session.execute(text("COMMIT"))
        session.execute(text("PRAGMA foreign_keys = OFF"))
        session.execute(text("BEGIN IMMEDIATE"))
        keep_nothing(session)
        session.execute(text("UPDATE answer SET supersedes = 999 WHERE id = 1"))
    names = found(database)
    assert names["every reference has its row"] == 1
    assert names["an answer follows an older one of its assignment"] == 1
    assert names["every chain of answers begins"] == 1
