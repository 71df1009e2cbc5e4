"""Backing labels up and bringing them back; the clips' media and the runs are not in it."""

import fcntl
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.context import open_database
from app.services.atomic_files import remove, replacing, sync
from app.workspace import Workspace, hold_studio_lock, refuse_second_studio
from db.backup import fill_from, inspect_backup, read_backup, write_backup
from db.engine import Database, DatabaseError
from db.integrity import Finding, check, promises
from mc3core.errors import InputError, RunError

POSTGRESQL = "DATABASE_URL"


@dataclass(frozen=True, slots=True)
class BackupReport:
    file: str
    bytes: int
    revision: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """`kept`: where the replaced database is; None where there was none."""

    file: str
    kept: str | None
    revision: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Every promise that was looked at, and those that do not hold."""

    promises: tuple[str, ...]
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        return {"sound": not self.findings, **asdict(self)}


def backup_labels(database: Database, to: Path, *, force: bool = False) -> BackupReport:
    """Write a verified copy; it is there whole or not at all."""
    with replacing(to, force=force) as path:
        write_backup(database, path)
    return BackupReport(str(to), to.stat().st_size, inspect_backup(to))


def restore_labels(workspace: Workspace, file: Path) -> RestoreReport:
    """Put a backup in the place of the workspace's database, which is kept beside it.

    InputError: no backup, or the studio runs. RunError: another command has the database open.
    """
    if not file.is_file():
        raise InputError(f"{file} is no file. Check the path of the backup.")
    try:
        revision = inspect_backup(file)
    except DatabaseError as error:
        raise InputError(str(error)) from error
    refuse_second_studio(workspace)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept = workspace.root / f"{workspace.database.name}.before-restore-{stamp}"
    fresh = workspace.root / f".{workspace.database.name}.restoring"
    remove(fresh)
    with hold_studio_lock(workspace, "restoring", 0):
        try:
            read_backup(file, fresh)
            if os.environ.get(POSTGRESQL):
                with closing(open_database(workspace)) as database:
                    backup_labels(database, kept)
                    fill_from(database, fresh)
                return RestoreReport(str(file), str(kept), revision)
            sync(fresh)
            there = workspace.database.exists()
            with _alone(workspace.database):
                if there:
                    _set_aside(workspace.database, kept)
                fresh.replace(workspace.database)
                sync_folder(workspace.root)
        finally:
            remove(fresh)
    return RestoreReport(str(file), str(kept) if there else None, revision)


def check_labels(database: Database) -> CheckReport:
    """Look at every promise of the tables."""
    with database.read() as session:
        return CheckReport(promises(database.dialect), tuple(check(session)))


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Nobody else writes, and nobody has the file open: what they wrote would go to the old one."""
    descriptor = os.open(path.with_name(path.name + ".writer"), os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():
                _fold_log(path)
        except (BlockingIOError, sqlite3.OperationalError) as error:
            raise RunError(
                f"Another command has {path} open ({error}): wait until it ends, then restore "
                "again. Nothing was changed."
            ) from None
        except sqlite3.DatabaseError:
            pass  # a damaged file is why one restores: it is set aside as it is
        yield
    finally:
        os.close(descriptor)


def _fold_log(path: Path) -> None:
    """Bring the write-ahead log into the file; SQLite refuses while others have it open."""
    with closing(sqlite3.connect(path, timeout=1.0)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def _set_aside(path: Path, kept: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(kept.with_name(kept.name + suffix))


def sync_folder(folder: Path) -> None:
    """The renames in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
