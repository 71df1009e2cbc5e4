"""Opening the database: migrations, one writer at a time, and clear refusals."""

import fcntl
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from db import tables
from db.filesystem import network_file_system

BUSY_TIMEOUT_MS = 30_000
TABLES = tables.__all__  # named here, so that every table is known before a session is opened
_WRITES = "sounding_writes"
_ONE_WRITER = 0x50_0D_1A  # any constant: names PostgreSQL's advisory lock for our writes


class DatabaseError(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


class Database:
    """The label database of one workspace.

    Reads run side by side; writes run one at a time, in this process (a lock), across processes (a
    lock file, or PostgreSQL's advisory lock) and in the engine (BEGIN IMMEDIATE). So no write ever
    sees "database is locked", and no claim races another.
    """

    def __init__(self, engine: Engine, lock_file: Path | None) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._lock_fd = None if lock_file is None else os.open(lock_file, os.O_RDWR | os.O_CREAT)
        writer = engine.execution_options(**{_WRITES: True})
        self._read = sessionmaker(engine, expire_on_commit=False, autoflush=False)
        self._write = sessionmaker(writer, expire_on_commit=False)

    @classmethod
    def open(cls, place: str | Path) -> "Database":
        """Open a SQLite file or a `postgresql://` URL, creating or upgrading the tables.

        Raises DatabaseError: read-only or network place, not a database, made by a newer version.
        """
        postgres = str(place).startswith(("postgresql:", "postgres:", "postgresql+psycopg:"))
        database = _postgres(str(place)) if postgres else _sqlite(Path(place))
        try:
            database._upgrade()
        except DBAPIError as error:
            database.close()
            why = str(error.orig).strip().rstrip(".")
            if postgres:
                message = (
                    f"Cannot open the PostgreSQL database: {why}. Check DATABASE_URL, and that the "
                    "server runs."
                )
            else:
                message = (
                    f"Cannot open {place}: {why}. Restore it from a backup, or take another "
                    "workspace."
                )
            raise DatabaseError(message) from error
        except DatabaseError:
            database.close()
            raise
        return database

    @property
    def dialect(self) -> str:
        return self._engine.dialect.name

    @contextmanager
    def read(self) -> Generator[Session]:
        """One consistent view; whatever is changed in it is thrown away."""
        with self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Generator[Session]:
        """One write transaction: committed at the end, rolled back by any exception."""
        with self._one_writer(), self._write.begin() as session:
            if self._lock_fd is None:
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_WRITER})
            yield session

    def close(self) -> None:
        self._engine.dispose()
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None

    @contextmanager
    def _one_writer(self) -> Generator[None]:
        if self.dialect != "sqlite":
            yield
            return
        if self._lock_fd is None:
            raise DatabaseError("This database was closed.")
        with self._lock:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._lock_fd, fcntl.LOCK_UN)

    def _upgrade(self) -> None:
        from db.migrate import upgrade

        with self.write() as session:
            upgrade(session.connection())


def _sqlite(path: Path) -> Database:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise DatabaseError(f"{folder} is not a folder: make it first, or name another workspace.")
    if (kind := network_file_system(folder)) is not None:
        raise DatabaseError(
            f"{folder} lies on a network file system ({kind}), where SQLite may lose answers. "
            "Move the workspace to a local disk, or set DATABASE_URL to a PostgreSQL database."
        )
    for place in (folder, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise DatabaseError(
                f"{place} is read-only: give yourself write access to it, or copy the workspace."
            )
    engine = create_engine(
        f"sqlite:///{path.absolute()}",
        connect_args={"isolation_level": None, "check_same_thread": False},
        pool_size=8,
        max_overflow=56,
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return Database(engine, path.with_name(path.name + ".writer"))


def _postgres(url: str) -> Database:
    try:
        parsed = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise DatabaseError(f"DATABASE_URL is no address of a database: {error}.") from error
    return Database(create_engine(parsed, pool_size=8, max_overflow=56, pool_pre_ping=True), None)


def _set_pragmas(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged answer survives a power cut
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -8000",  # KiB a connection; with SQLite's own 2000, verdicts take longer
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once when another wrote in
    # between, whatever the timeout: writers take the write lock before they read.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
