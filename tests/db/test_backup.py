"""A backup is the database, taken while others write, and restores into either engine."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from annotation.label_rows import LabelRow
from db.backup import fill_from, inspect_backup, read_backup, write_backup
from db.clip_tables import Identity
from db.engine import Database, DatabaseError
from db.exporting import label_rows
from db.integrity import check
from db.label_tables import Answer
from db.labelling import claim
from db.people import ensure_person, list_people
from tests.db.label_scene import make_scene


def rows_of(database: Database) -> list[LabelRow]:
    with database.read() as session:
        assert check(session) == []
        return list(label_rows(session))


def test_a_backup_holds_the_same_rows_and_is_one_file(database: Database, tmp_path: Path) -> None:
    make_scene(database)
    folder = tmp_path / "backups"
    folder.mkdir()
    write_backup(database, folder / "b.db")
    assert [path.name for path in folder.iterdir()] == ["b.db"]
    read_backup(folder / "b.db", tmp_path / "again.db")
    with closing(Database.open(tmp_path / "again.db")) as again:
        assert rows_of(again) == rows_of(database)
        with again.read() as session, database.read() as other:
            assert session.scalars(select(Identity.uid)).all() == (
                other.scalars(select(Identity.uid)).all()
            )
            assert list_people(session) == list_people(other)


def test_it_fills_postgresql_which_then_goes_on(database: Database, tmp_path: Path) -> None:
    if database.dialect == "sqlite":
        pytest.skip("a SQLite database is replaced as a file")
    with closing(Database.open(tmp_path / "source.db")) as source:
        make_scene(source)
        write_backup(source, tmp_path / "b.db")
        expected = rows_of(source)
    make_scene(database)  # what was there is replaced
    fill_from(database, tmp_path / "b.db")
    assert rows_of(database) == expected
    with database.write() as session:  # numbers of new rows do not meet the copied ones
        person = ensure_person(session, "New")
        assert claim(session, person.id, 3)


def test_it_is_one_state_while_others_write(database: Database, tmp_path: Path) -> None:
    make_scene(database)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.write() as session:
                claim(session, ensure_person(session, f"Person {number}").id, 2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            write_backup(database, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        with closing(Database.open(tmp_path / f"{number}.db")) as copy, copy.read() as session:
            assert check(session) == []
            assert session.scalar(select(func.count()).select_from(Answer))


@pytest.mark.parametrize("kind", ["text", "empty", "other", "cut", "newer"])
def test_what_is_no_backup_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "b.db"
    with closing(Database.open(tmp_path / "source.db")) as source:
        make_scene(source)
        write_backup(source, path)
    if kind in ("text", "empty"):
        path.write_text("clip_id,person\n" * (kind == "text"))
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        with closing(sqlite3.connect(path)) as changed:
            changed.execute(
                "DROP TABLE alembic_version"
                if kind == "other"
                else "UPDATE alembic_version SET version_num = '9999'"
            )
            changed.commit()
    with pytest.raises(DatabaseError, match=r"b\.db"):
        inspect_backup(path)
