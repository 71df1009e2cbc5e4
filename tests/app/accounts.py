"""A whole studio with an account of every role, for tests of who may do what."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount

from app.context import AppContext
from app.server import build_app
from app.services import passwords
from app.settings import Settings
from app.workspace import open_workspace
from db.accounts import ROLES, add_account, set_password
from db.clips import add_clips
from db.engine import Database
from db.labelling import create_batch
from db.records import ClipRecord, Role

HOME = "http://127.0.0.1:7860"
PASSWORD = "correct horse battery"  # noqa: S105
CLIPS = [f"{n:016x}" for n in range(6)]
NAMES: dict[Role, str] = {
    "annotator": "Ana",
    "researcher": "Rea",
    "lead": "Lea",
    "admin": "Ada",
}


@cache
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


def fill(context: AppContext) -> None:
    """Six clips with files, five of them in a batch, and the accounts."""
    rows = [
        ClipRecord(
            *(clip_id, "video", f"a{n}", "test", "#C C cuts", float(n), n - 0.5, n + 1.0),
            *("test", "cut", "onion", ("audio", "video", "text"), ()),
        )
        for n, clip_id in enumerate(CLIPS)
    ]
    for clip_id in CLIPS:
        (context.workspace.media / f"{clip_id}.mp4").write_bytes(bytes(range(200)))
        (context.workspace.media / f"{clip_id}.jpg").write_bytes(b"\xff\xd8jpeg")
    with context.database.write() as session:
        add_clips(session, rows)
        create_batch(session, "first", CLIPS[:5])
        for role in ROLES:
            person = add_account(session, NAMES[role], role)
            set_password(session, person.id, password_hash())


@contextmanager
def opened(root: Path, settings: Settings | None = None) -> Generator[AppContext]:
    workspace = open_workspace(root, create=True)
    database = Database.open(workspace.database)
    yield AppContext(workspace, database, settings or Settings())
    database.close()


@contextmanager
def studio(root: Path, settings: Settings | None = None) -> Generator[tuple[AppContext, FastAPI]]:
    """Everything that `sounding serve` serves, Gradio too."""
    with opened(root, settings) as context:
        fill(context)
        yield context, build_app(context)


def browser(app: FastAPI, name: str | None = None, home: str = HOME) -> TestClient:
    """A browser of its own; signed in where a name is given."""
    client = TestClient(app, base_url=home, client=("127.0.0.1", 50000), follow_redirects=False)
    if name is not None:
        assert sign_in(client, name).status_code == 200
    return client


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    return client.post("/api/session", json={"name": name, "password": password})


def routes_of(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """(method, path) of every route of ours, with included routers opened; mounts are left out."""
    for route in routes:
        inner: Any = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner.routes)
        elif not isinstance(route, Mount):
            path: str = getattr(route, "path", "")
            for method in getattr(route, "methods", None) or ("GET",):
                yield method, path


def mounted(app: FastAPI) -> list[Mount]:
    return [route for route in app.routes if isinstance(route, Mount)]
