"""A workspace of the first version opens with its labels as they were."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import db.migrate
from db.engine import Database
from db.labelling import claim, judgements, list_batches, verdicts
from db.people import list_people
from tests.db.conftest import a_clip

NOW = "2026-01-01 00:00:00.000000"


def test_labels_of_the_first_tables_survive_the_upgrade(database: Database) -> None:
    engine = database._engine  # pyright: ignore[reportPrivateUsage]  # the old form, in place
    _back_to_the_first_tables(database)
    clip = a_clip(1)
    with engine.connect() as connection, connection.begin():
        for statement in _ROWS:
            connection.execute(text(statement), {"clip": clip.clip_id, "now": NOW, "no": False})
    url = engine.url
    place = url.database if database.dialect == "sqlite" else url.render_as_string(False)
    upgraded = Database.open(str(place))
    try:
        with upgraded.read() as session:
            assert verdicts(session)[clip.clip_id].yes == 1
            assert [one.value for one in judgements(session)] == ["yes"]
            assert list_batches(session)[0].batch.chosen == "random"
            assert [person.name for person in list_people(session)] == ["Ana", "Ben"]
        with upgraded.write() as session:
            assert [one.clip.clip_id for one in claim(session, 2, 5)] == [clip.clip_id]
    finally:
        upgraded.close()


def _back_to_the_first_tables(database: Database) -> None:
    engine = database._engine  # pyright: ignore[reportPrivateUsage]
    if database.dialect == "sqlite":
        database.close()
        path = str(engine.url.database)
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)
    else:
        with engine.connect() as connection, connection.begin():
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    with create_engine(engine.url).connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(db.migrate._SCRIPTS))  # pyright: ignore[reportPrivateUsage]
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")


_ROWS = (
    "INSERT INTO video (video_uid, source) VALUES ('v', 'test')",
    "INSERT INTO clip (clip_id, video_uid, annotation_uid, source, narration, time_s, start_s, "
    "end_s, split, modalities, flags) VALUES (:clip, 'v', 'a', 'test', '#C C chops', 1, .5, 2, "
    "'test', ',audio,', '')",
    "INSERT INTO person (name, name_key, kind, created_at) VALUES ('Ana', 'ana', 'human', :now), "
    "('Ben', 'ben', 'human', :now)",
    "INSERT INTO batch (name, slots_per_clip, order_seed, state, created_at) "
    "VALUES ('first', 2, 0, 'open', :now)",
    "INSERT INTO assignment (clip_id, person_id, stream, batch_id, state, created_at, lease_until) "
    "VALUES (:clip, 1, 'main', 1, 'answered', :now, :now)",
    "INSERT INTO answer (client_uuid, assignment_id, value, plays, heard, created_at, "
    "studio_version) VALUES ('00000000-0000-0000-0000-000000000001', 1, 'yes', 1, :no, :now, '0')",
    "INSERT INTO slot (batch_id, clip_id, k, rank, assignment_id, filled) "
    "VALUES (1, :clip, 1, 7, 1, NOT :no), (1, :clip, 2, 7, NULL, :no)",
)
