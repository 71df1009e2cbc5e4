"""A copy of the whole label database in one SQLite file, whichever engine it lives in.

SQLite is copied page by page by its own backup interface, while the studio serves and writes.
PostgreSQL is read table by table in one snapshot, so that its backup restores into either engine,
on any machine, without the server's own tools (pg_dump needs those of the server's version).
"""

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, text
from sqlalchemy.orm import Session

from db.base import Base
from db.clip_tables import Identity
from db.engine import Database, DatabaseError
from db.migrate import revisions

AT_ONCE = 5000


def write_backup(database: Database, to: Path) -> None:
    """Write the database as it is now to a new file, and read it again from end to end."""
    with database.read() as session:
        if database.dialect == "sqlite":
            # Through the session's own connection: its transaction pins one state to copy.
            session.execute(text("SELECT count(*) FROM sqlite_master"))
            source: Any = session.connection().connection.driver_connection
            with closing(sqlite3.connect(to)) as copy:
                source.backup(copy)
        else:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            with _opened(to) as copy:
                copy_tables(session, copy)
    _fold(to)
    inspect_backup(to)


def inspect_backup(path: Path) -> str:
    """The revision of a backup that can be restored. DatabaseError says what is wrong with it."""
    try:
        with path.open("rb") as file:
            if file.read(16) != b"SQLite format 3\0":
                raise DatabaseError(f"{path} is no backup: sounding labels backup writes them.")
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as found:
            said = [row[0] for row in found.execute("PRAGMA integrity_check(5)")]
            if said != ["ok"]:
                raise DatabaseError(f"{path} is damaged ({said[0]}): take another backup.")
            lost = found.execute("PRAGMA foreign_key_check").fetchone()
            if lost is not None:
                raise DatabaseError(
                    f"{path} is damaged (row {lost[1]} of {lost[0]} names no {lost[2]}): take "
                    "another backup."
                )
            heads = [row[0] for row in found.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.DatabaseError as error:
        raise DatabaseError(f"{path} is no label database, or damaged ({error}).") from error
    if not heads or not set(heads) <= revisions():
        raise DatabaseError(
            f"{path} is of revision {', '.join(heads) or 'none'}, made by a newer version: update "
            "sounding-actions."
        )
    return heads[0]


def read_backup(path: Path, into: Path) -> None:
    """Copy a backup to a new file, and bring its tables to this version's form."""
    inspect_backup(path)
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(into)) as copy,
    ):
        source.backup(copy)
    with _opened(into):
        pass
    _fold(into)


def fill_from(database: Database, backup: Path) -> None:
    """Replace everything in a PostgreSQL database by a backup's rows, in one transaction."""
    with _opened(backup) as source, source.read() as reading:
        copy_tables(reading, database)


def copy_tables(source: Session, target: Database) -> None:
    """Replace all rows of `target` (a PostgreSQL database, or a new file) by those of `source`."""
    tables = Base.metadata.sorted_tables
    with target.write() as writing:
        if target.dialect == "postgresql":
            # Answers are kept by a trigger of each row: only the whole table can be emptied.
            names = ", ".join(f'"{table.name}"' for table in tables)
            writing.execute(text(f"TRUNCATE {names}"))
        else:  # a file just made: its name is all it holds
            writing.execute(delete(Identity))
        for table in tables:
            for rows in _rows(source, table):
                writing.execute(insert(table), rows)
        if target.dialect == "postgresql":
            for table in tables:
                _go_on_counting(writing, table)


@contextmanager
def _opened(path: Path) -> Generator[Database]:
    """A database file of our own, without the lock file that opening it leaves."""
    database = Database.open(path)
    try:
        yield database
    finally:
        database.close()
        path.with_name(path.name + ".writer").unlink(missing_ok=True)


def _fold(path: Path) -> None:
    """One file, with nothing beside it that would have to travel along."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def _rows(source: Session, table: Table) -> Iterator[list[dict[str, Any]]]:
    # By key: a row may name an earlier one of its own table.
    query = select(table).order_by(*table.primary_key.columns)
    found = source.execute(query, execution_options={"yield_per": AT_ONCE})
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]


def _go_on_counting(session: Session, table: Table) -> None:
    """PostgreSQL numbers new rows after the highest one that was copied."""
    keys: Iterable[Any] = table.primary_key.columns
    if [(key.name, key.type.python_type) for key in keys] != [("id", int)]:
        return
    highest = session.scalar(select(func.max(table.c.id)))
    session.execute(
        text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :next, false)"),
        {"name": table.name, "next": (highest or 0) + 1},
    )
