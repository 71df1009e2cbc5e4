"""The workspace: one folder with labels, clips, cache and runs, that can be copied and moved."""

import fcntl
import json
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from db.filesystem import network_file_system
from mc3core.errors import InputError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths inside a workspace; nothing is written outside `root`."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "sounding.db"

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def jobs(self) -> Path:
        return self.root / "jobs"

    @property
    def inbox(self) -> Path:
        """Folders laid or linked here can be ingested from the page."""
        return self.root / "inbox"

    @property
    def lock(self) -> Path:
        return self.root / ".lock"


@dataclass(frozen=True, slots=True)
class Studio:
    """The studio that serves a workspace."""

    pid: int
    host: str
    port: int

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


def open_workspace(root: Path, *, create: bool = False, write: bool = True) -> Workspace:
    """Open a workspace, or make one in a new or empty folder.

    Raises InputError, with what to do, for: no such folder, a folder that is something else, a
    workspace of a newer version, a folder that cannot be written, a network file system.
    """
    root = root.expanduser().absolute()
    workspace = Workspace(root)
    marker = root / "workspace.json"
    if root.exists() and not root.is_dir():
        raise InputError(f"{root} is a file, not a folder: give --workspace a folder.")
    if marker.exists():
        _check_format(marker)
    elif not create:
        raise InputError(
            f"There is no workspace at {root}. Make one with `sounding ingest --workspace {root} "
            f"--narrations FILE --videos DIR`, or `sounding demo --workspace {root}`."
        )
    elif root.exists() and any(root.iterdir()):
        raise InputError(
            f"{root} holds other files and is no workspace: give --workspace a new or empty folder."
        )
    if write:
        _refuse_network(root)
        _make_folders(workspace)
        if not marker.exists():
            marker.write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")
    return workspace


def refuse_second_studio(workspace: Workspace) -> None:
    """Raise InputError where a studio serves this workspace: one studio, one set of jobs."""
    try:
        descriptor = os.open(workspace.lock, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        raise _second_studio(workspace) from None
    finally:
        os.close(descriptor)


@contextmanager
def hold_studio_lock(workspace: Workspace, host: str, port: int) -> Generator[None]:
    """Hold the workspace for one studio; the kernel lets go of it however this process ends."""
    descriptor = os.open(workspace.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _second_studio(workspace) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(Studio(os.getpid(), host, port))).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _check_format(marker: Path) -> None:
    try:
        found: Any = json.loads(marker.read_text(encoding="utf-8"))["format"]
        number = int(found)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{marker} cannot be read ({error}); a workspace holds {{'format': {FORMAT}}} there. "
            "Restore it from a backup."
        ) from None
    if number > FORMAT:
        raise InputError(
            f"The workspace {marker.parent} was made by a newer version (format {number}; this "
            f"version reads up to {FORMAT}). Install the newer sounding-actions to open it."
        )


def _refuse_network(root: Path) -> None:
    """SQLite can lose labels on a network; with PostgreSQL only files lie there."""
    kind = network_file_system(root)
    if kind is not None and not os.environ.get("DATABASE_URL"):
        raise InputError(
            f"{root} lies on a network file system ({kind}), where SQLite may lose labels. Put the "
            "workspace on a local disk, or set DATABASE_URL to a PostgreSQL database."
        )


def _make_folders(workspace: Workspace) -> None:
    try:
        for folder in (workspace.media, workspace.cache, workspace.runs, workspace.jobs):
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=workspace.root):  # asks the disk; root passes access()
            pass
    except OSError as error:
        raise InputError(
            f"{workspace.root} cannot be written ({error.strerror or error}). Give --workspace a "
            "folder you may write to, or copy the workspace to one."
        ) from None


def _second_studio(workspace: Workspace) -> InputError:
    first = _read_studio(workspace.lock)
    who = f"at {first.address} (process {first.pid})" if first else "(it is just starting)"
    return InputError(
        f"A studio already serves {workspace.root} {who}. Open that one, or stop it first."
    )


def _read_studio(lock: Path) -> Studio | None:
    try:
        return Studio(**json.loads(lock.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
