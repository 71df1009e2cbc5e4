"""What a page is told where there is no file, or an answer could not be made."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from app.api import media
from app.api.errors import explain_errors
from app.context import AppContext, open_database
from app.workspace import open_workspace
from db.clips import add_clips
from db.records import ClipRecord
from mc3core.errors import InputError, RunError


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A studio's media routes, and two that fail."""
    workspace = open_workspace(tmp_path / "w", create=True)
    database = open_database(workspace)
    with database.write() as session:
        add_clips(session, [a_record("0" * 16, ()), a_record("1" * 16, ("training_only",))])
    app = FastAPI()
    app.include_router(media.router(AppContext(workspace, database)))

    @app.get("/bad")
    def bad() -> None:
        raise InputError("manifest.jsonl is damaged in line 3.")

    @app.get("/failed")
    def failed() -> None:
        raise RunError("The disk is full.")

    @app.get("/full")
    def full(why: str) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError(why))

    explain_errors(app)
    yield TestClient(app)
    database.close()


def a_record(clip_id: str, flags: tuple[str, ...]) -> ClipRecord:
    place = ("world-0", clip_id, "world", "#C C cuts", 1.0, 0.5, 2.0, "train", "cut", "onion")
    return ClipRecord(clip_id, *place, ("audio", "video", "text"), flags)


def test_a_clip_without_a_file_says_why(client: TestClient) -> None:
    for kind in ("media", "poster"):
        lost, made = (client.get(f"/{kind}/{digit * 16}") for digit in "01")
        assert (lost.status_code, made.status_code) == (404, 404)
        assert "missing" in lost.json()["detail"]
        assert "training only" in made.json()["detail"]


def test_a_page_is_told_what_a_command_would_say(client: TestClient) -> None:
    assert client.get("/bad").status_code == 422
    assert client.get("/bad").json() == {"detail": "manifest.jsonl is damaged in line 3."}
    assert client.get("/failed").status_code == 500
    assert client.get("/failed").json() == {"detail": "The disk is full."}


@pytest.mark.parametrize(
    ("why", "status", "said"),
    [
        ("database or disk is full", 507, "disk of the studio is full"),
        ("attempt to write a readonly database", 503, "read-only"),
        ("disk I/O error", 503, "does not read or write"),
        ("server closed the connection", 503, "server closed the connection"),
    ],
)
def test_a_database_that_cannot_save_says_why(
    client: TestClient, why: str, status: int, said: str
) -> None:
    answer = client.get("/full", params={"why": why})
    assert answer.status_code == status
    assert said in answer.json()["detail"]
