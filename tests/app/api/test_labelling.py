"""The labelling routes as a browser meets them: cookie, claim, answer, undo, media."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.api import annotate, labelling, media, session, static
from app.context import AppContext
from app.security import SESSION_COOKIE, guard
from app.workspace import open_workspace
from db.clips import add_clips
from db.engine import Database
from db.label_tables import Answer
from db.labelling import create_batch, verdicts
from db.people import ensure_person
from db.records import ClipRecord

HTML = "<script>alert(1)</script> #C C cuts"
CLIPS = [f"{n:016x}" for n in range(4)]


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    workspace = open_workspace(tmp_path / "workspace", create=True)
    database = Database.open(workspace.database)
    rows = [
        ClipRecord(
            *(clip_id, "../../etc", f"a{n}", "test", HTML, float(n), n - 0.5, n + 1.0),
            *("test", "cut", "onion", ("audio", "video", "text"), ("no_audio", "clamped")),
        )
        for n, clip_id in enumerate(CLIPS)
    ]
    with database.write() as session_:
        add_clips(session_, rows)
        create_batch(session_, "first", CLIPS[:3])
    yield AppContext(workspace, database)
    database.close()


@pytest.fixture
def app(context: AppContext) -> FastAPI:
    app = FastAPI()
    app.include_router(static.router())
    app.include_router(annotate.router())
    for module in (session, labelling, media):
        app.include_router(module.router(context))
    guard(app)
    return app


def browser(app: FastAPI, name: str | None = None) -> TestClient:
    client = TestClient(app, base_url="http://127.0.0.1:7860")
    if name is not None:
        assert client.post("/api/session", json={"name": name}).status_code == 200
    return client


def an_answer(claimed: dict[str, Any], value: str = "yes", **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "client_uuid": str(uuid.uuid4()),
        "assignment": claimed["assignment"],
        "clip_id": claimed["clip"]["clip_id"],
        "value": value,
        "plays": 1,
        "heard": True,
        "volume": 0.8,
        "rate": 1,
        "decision_ms": 640,
        "shown_at": "2026-01-02T03:04:05.678Z",
    }
    return fields | changes


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(app: FastAPI) -> None:
    answer = browser(app).post("/api/session", json={"name": "  Ana   李 "})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(SESSION_COOKIE) and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert answer.json()["person"]["name"] == "Ana 李"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u200b"])
def test_an_unusable_name_is_refused_with_a_sentence(app: FastAPI, name: str) -> None:
    answer = browser(app).post("/api/session", json={"name": name})
    assert answer.status_code == 422 and "name" in answer.json()["detail"].lower()


def test_nobody_signs_in_as_a_simulated_person(app: FastAPI, context: AppContext) -> None:
    with context.database.write() as session_:
        ensure_person(session_, "Simulated 1", "simulated")
    answer = browser(app).post("/api/session", json={"name": "simulated 1"})
    assert answer.status_code == 422


def test_without_signing_in_nothing_is_given_or_taken(app: FastAPI) -> None:
    client = browser(app)
    assert client.get("/api/session").json()["person"] is None
    for path in ("/api/claim", "/api/undo", "/api/heartbeat", "/api/answers"):
        assert client.post(path, json={}).status_code in (401, 422), path
    assert client.post("/api/claim", json={"count": 1}).status_code == 401
    assert client.get("/api/mine").status_code == 401


def test_a_claim_shows_no_verdict_and_a_reload_gets_the_same_clips(app: FastAPI) -> None:
    client = browser(app, "Ana")
    first = client.post("/api/claim", json={"count": 2}).json()
    assert first["progress"] == {"done": 0, "left": 3, "total": 3}
    assert set(first["clips"][0]["clip"]) == {"clip_id", "narration", "duration_s", "flags"}
    assert first["clips"][0]["clip"]["flags"] == ["no_audio"]
    assert client.post("/api/claim", json={"count": 2}).json()["clips"] == first["clips"]


def test_an_answer_is_stored_once_and_undone_by_a_further_row(
    app: FastAPI, context: AppContext
) -> None:
    client = browser(app, "Ana")
    (given,) = client.post("/api/claim", json={"count": 1}).json()["clips"]
    said = an_answer(given)
    assert client.post("/api/answers", json=said).json()["repeated"] is False
    assert client.post("/api/answers", json=said).json()["repeated"] is True
    assert client.get("/api/progress").json()["done"] == 1
    undo = {"client_uuid": str(uuid.uuid4()), "answer": said["client_uuid"]}
    assert client.post("/api/undo", json=undo).json()["clip"] == given
    assert client.post("/api/undo", json=undo).json()["clip"] == given
    assert client.get("/api/mine").json()["answers"] == []
    with context.database.read() as session_:
        assert verdicts(session_)[given["clip"]["clip_id"]].yes == 0
    again = {"client_uuid": str(uuid.uuid4())}
    assert client.post("/api/undo", json=again).json() == {"clip": None}


@pytest.mark.parametrize(
    "change",
    [
        {"value": "retracted"},
        {"value": "maybe"},
        {"client_uuid": "not-a-uuid"},
        {"assignment": 2**40},
        {"volume": 7},
        {"rate": 0},
        {"decision_ms": -1},
        {"plays": 10**9},
        {"shown_at": "yesterday"},
        {"shown_at": "2026-01-02T03:04:05"},
        {"clip_id": "../../etc/passwd"},
        {"reasons": ["bored"]},
        {"reasons": ["not_visible"] * 9},
        {"gain_db": 99},
        {"guideline_version": -1},
    ],
)
def test_an_answer_out_of_range_is_refused(app: FastAPI, change: dict[str, Any]) -> None:
    client = browser(app, "Ana")
    (given,) = client.post("/api/claim", json={"count": 1}).json()["clips"]
    assert client.post("/api/answers", json=an_answer(given, **change)).status_code == 422


def test_reasons_come_with_a_second_answer_that_takes_the_first_ones_place(app: FastAPI) -> None:
    client = browser(app, "Ana")
    (given,) = client.post("/api/claim", json={"count": 1}).json()["clips"]
    plain = an_answer(given, value="no", gain_db=-3.5, guideline_version=2)
    why = {"reasons": ["not_visible", "not_wearer", "not_visible"]}
    for said in (plain, {**plain, "client_uuid": str(uuid.uuid4()), **why}):
        assert client.post("/api/answers", json=said).status_code == 200
    (mine,) = client.get("/api/mine").json()["answers"]
    assert mine["reasons"] == ["not_visible", "not_wearer"]
    assert mine["assignment"] == given["assignment"] and mine["flags"] == ["no_audio"]


def test_a_clock_ahead_of_the_studios_loses_its_time_and_not_its_answer(
    app: FastAPI, context: AppContext
) -> None:
    client = browser(app, "Ana")
    (given,) = client.post("/api/claim", json={"count": 1}).json()["clips"]
    said = an_answer(given, shown_at="2999-01-01T00:00:00Z")
    assert client.post("/api/answers", json=said).status_code == 200
    with context.database.read() as session_:
        (row,) = session_.scalars(select(Answer)).all()
    assert row.value == "yes" and row.shown_at is None


def test_answers_of_another_person_clip_or_tab_are_refused(app: FastAPI) -> None:
    ana, ben = browser(app, "Ana"), browser(app, "Ben")
    (given,) = ana.post("/api/claim", json={"count": 1}).json()["clips"]
    assert ben.post("/api/answers", json=an_answer(given)).status_code == 404
    wrong = next(clip for clip in CLIPS if clip != given["clip"]["clip_id"])
    assert ana.post("/api/answers", json=an_answer(given, clip_id=wrong)).status_code == 404
    assert ana.post("/api/answers", json=an_answer(given, assignment=999)).status_code == 404
    other_tab = an_answer(given, person=10**6)
    assert ana.post("/api/answers", json=other_tab).status_code == 401
    said = an_answer(given)
    assert ana.post("/api/answers", json=said).status_code == 200
    assert ana.post("/api/answers", json={**said, "value": "no"}).status_code == 409


def test_a_fourth_person_gets_nothing_once_three_have_answered(app: FastAPI) -> None:
    for name in ("Ana", "Ben", "Cem"):
        client = browser(app, name)
        for given in client.post("/api/claim", json={"count": 9}).json()["clips"]:
            assert client.post("/api/answers", json=an_answer(given)).status_code == 200
    got = browser(app, "Dora").post("/api/claim", json={"count": 9}).json()
    assert (got["clips"], got["asked"], got["unopened"]) == ([], True, 1)
    card = client.get(f"/api/clips/{CLIPS[0]}").json()
    assert card["opinion"] == "sounds" and card["counts"]["missing"] == 0
    assert card["narration"] == HTML


def test_clips_in_no_batch_are_opened_once(app: FastAPI) -> None:
    client = browser(app, "Ana")
    assert client.get("/api/batches").json()["unopened"] == 1
    opened = client.post("/api/batches", json={"slots_per_clip": 1})
    assert opened.json() == {"name": "batch 2", "clips": 1, "slots_per_clip": 1}
    assert client.post("/api/batches", json={"slots_per_clip": 1}).status_code == 409
    assert [b["one_rater"] for b in client.get("/api/batches").json()["batches"]] == [False, True]


def test_media_are_served_by_id_in_ranges_and_kept_by_the_browser(
    app: FastAPI, context: AppContext
) -> None:
    body = bytes(range(256)) * 40
    (context.workspace.media / f"{CLIPS[0]}.mp4").write_bytes(body)
    (context.workspace.media / f"{CLIPS[0]}.jpg").write_bytes(b"picture")
    client = browser(app)
    whole = client.get(f"/media/{CLIPS[0]}")
    assert whole.content == body and whole.headers["content-type"] == "video/mp4"
    assert whole.headers["cache-control"] == "private, max-age=86400, immutable"
    assert whole.headers["accept-ranges"] == "bytes"
    cookie = {"Range": "bytes=100-199", "Cookie": f"{SESSION_COOKIE}=secret"}
    part = client.get(f"/media/{CLIPS[0]}", headers=cookie)
    assert part.status_code == 206 and part.content == body[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(body)}"
    assert "secret" not in str(part.headers)
    assert client.get(f"/media/{CLIPS[0]}", headers={"Range": "bytes=99999-"}).status_code == 416
    assert client.head(f"/media/{CLIPS[0]}").headers["content-length"] == str(len(body))
    assert client.get(f"/poster/{CLIPS[0]}").content == b"picture"


NO_CLIPS = (
    "../sounding.db",
    "..%2Fsounding.db",
    "%2e%2e%2fsounding.db",
    "/etc/passwd",
    "0" * 15,
    "0" * 17,
    "F" * 16,
    f"{CLIPS[0]}.mp4",
    f"{CLIPS[0]}%00",
    f"{CLIPS[0]}%0A",
    "f" * 16,
    CLIPS[1],  # known, but without a file
)


@pytest.mark.parametrize("route", ["media", "poster", "api/clips"])
def test_no_path_of_a_request_reaches_the_disk(app: FastAPI, route: str) -> None:
    client = browser(app)
    for name in NO_CLIPS[: -1 if route == "api/clips" else None]:
        answer = client.get(f"/{route}/{name}")
        assert answer.status_code == 404, name
        assert answer.headers["content-type"].startswith("application/json")


def test_the_page_alone_loads_only_from_here_and_runs_no_inline_script(app: FastAPI) -> None:
    page = browser(app).get("/annotate")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe-eval" not in page.headers["content-security-policy"]
    assert "http" not in page.text.replace("http-equiv", "")
