"""The desk's routes: batches, people, agreement, decisions, voids; each deed in the audit."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api import desk, labelling, session
from app.api.errors import explain_errors
from app.context import AppContext
from app.security import guard
from app.services.my_work import own_figures
from app.workspace import open_workspace
from db.clips import add_clips
from db.engine import Database
from db.people import ensure_person
from tests.db.conftest import a_clip

VERBS = ("chop", "wash", "look")


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    workspace = open_workspace(tmp_path / "workspace", create=True)
    database = Database.open(workspace.database)
    with database.write() as session_:
        rows = [
            a_clip(n, verb=VERBS[n % 3], split="train" if n < 20 else "test") for n in range(30)
        ]
        add_clips(session_, rows)
    yield AppContext(workspace, database)
    database.close()


@pytest.fixture
def app(context: AppContext) -> FastAPI:
    app = FastAPI()
    for module in (session, labelling, desk):
        app.include_router(module.router(context))
    explain_errors(app)
    guard(app)
    return app


def browser(app: FastAPI, name: str | None = None) -> TestClient:
    client = TestClient(app, base_url="http://127.0.0.1:7860")
    if name is not None:
        assert client.post("/api/session", json={"name": name}).status_code == 200
    return client


def asked(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    return answer.json()


def open_batch(lead: TestClient, name: str, status: int = 200, **sent: Any) -> dict[str, Any]:
    return asked(lead.post("/api/desk/batches", json={"name": name, **sent}), status)


def label(app: FastAPI, name: str, *values: str) -> list[str]:
    """Answer as many clips as there are values; the clips."""
    client, said = browser(app, name), list[str]()
    for value in values:
        (one,) = asked(client.post("/api/claim", json={"count": 1}))["clips"]
        sent = {
            "client_uuid": str(uuid.uuid4()),
            "assignment": one["assignment"],
            "value": value,
            "plays": 1,
            "heard": True,
        }
        asked(client.post("/api/answers", json=sent))
        said.append(one["clip"]["clip_id"])
    return said


def batches(lead: TestClient) -> dict[str, Any]:
    return {one["name"]: one for one in asked(lead.get("/api/desk/batches"))["batches"]}


def deeds(lead: TestClient) -> list[tuple[str | None, str, str]]:
    rows = asked(lead.get("/api/desk/audit"))["rows"]
    return [(row["by"], row["action"], row["subject"]) for row in rows]


def test_a_batch_from_a_filter_skips_clips_of_other_batches_and_says_so(app: FastAPI) -> None:
    lead = browser(app, "Lea")
    wanted: dict[str, Any] = {"filter": {"verb": "chop"}, "n": 4, "seed": 3}
    first = asked(lead.post("/api/desk/batches/preview", json=wanted))
    assert (first["clips"], first["found"], first["in_batches"]) == (4, 10, 0)
    made = open_batch(lead, "chops", **wanted)
    assert (made["clips"], made["chosen"]) == (4, "stratum")
    again = asked(lead.post("/api/desk/batches/preview", json={"filter": {"verb": "chop"}}))
    assert (again["clips"], again["found"], again["in_batches"]) == (6, 10, 4)
    rest = open_batch(lead, "rest", stratify="verb", n=13)
    assert rest["chosen"] == "random" and rest["clips"] == 13
    assert sorted(rest["strata"].values()) == [3, 5, 5]
    picked = open_batch(lead, "picked", clip_ids=[f"{n:016x}" for n in range(30)])
    assert (picked["clips"], picked["in_batches"], picked["chosen"]) == (13, 17, "selection")
    assert "Nothing is left" in open_batch(lead, "none", 409)["detail"]
    assert "No clip passes" in open_batch(lead, "none", 409, filter={"verb": "fly"})["detail"]
    assert ("Lea", "batch opened", "chops") in deeds(lead)
    answer = lead.post("/api/desk/batches/preview", json={"stratify": "region"})
    assert "no map yet" in asked(answer, 422)["detail"]


def test_the_same_seed_draws_the_same_clips(app: FastAPI, context: AppContext) -> None:
    from app.services.desk_batches import select_clips
    from db.batch_clips import candidates
    from db.records import ClipFilter

    with context.database.read() as session_:
        found = candidates(session_, ClipFilter(), "verb")
    how: dict[str, Any] = {"n": 9, "stratified": True, "filtered": False, "picked": False}
    first = select_clips(found, seed=1, **how)
    assert first == select_clips(found, seed=1, **how)
    assert first.clips != select_clips(found, seed=2, **how).clips
    assert set(first.sizes.values()) == {3}


def test_a_batch_is_renamed_paused_and_given_to_people(app: FastAPI, context: AppContext) -> None:
    lead = browser(app, "Lea")
    with context.database.write() as session_:
        ana = ensure_person(session_, "Ana").id
    made = open_batch(lead, "one", filter={"split": "train"}, people=[ana], n=2)
    asked(lead.post("/api/desk/zone", json={"zone": "Asia/Kolkata"}))
    path = f"/api/desk/batches/{made['id']}"
    asked(lead.post(path, json={"name": " two ", "owner_id": ana, "deadline": "2031-01-02T18:00"}))
    found = batches(lead)["two"]
    assert found["deadline"] == "2031-01-02T12:30:00+00:00" and found["owner_id"] == ana
    assert found["people"] == [ana] and not found["everyone"]
    assert asked(browser(app, "Ben").post("/api/claim", json={}))["clips"] == []
    assert len(label(app, "Ana", "yes", "no")) == 2
    asked(lead.post(path, json={"state": "paused", "deadline": None, "people": []}))
    found = batches(lead)["two"]
    assert (found["state"], found["deadline"], found["everyone"]) == ("paused", None, True)
    assert asked(browser(app, "Ben").post("/api/claim", json={}))["clips"] == []
    asked(lead.post(path, json={"state": "open"}))
    assert len(asked(browser(app, "Ben").post("/api/claim", json={}))["clips"]) == 2
    held = batches(lead)["two"]
    assert (held["filled"], held["held"], held["open"], held["looked_at"]) == (2, 2, 2, 2)
    open_batch(lead, "other", n=1)
    assert "already" in asked(lead.post(path, json={"name": "other"}), 409)["detail"]
    assert "no person" in asked(lead.post(path, json={"people": [99]}), 409)["detail"]
    assert asked(lead.post("/api/desk/batches/99", json={}), 409)["detail"].startswith("There is")
    assert (
        "no time zone" in asked(lead.post("/api/desk/zone", json={"zone": "Mars"}), 422)["detail"]
    )


def test_headline_agreement_leaves_picked_clips_beside(app: FastAPI) -> None:
    lead = browser(app, "Lea")
    open_batch(lead, "random", n=8, slots_per_clip=2)
    for name in ("Ana", "Ben"):
        label(app, name, *["yes", "no"] * 4)
    open_batch(lead, "picked", clip_ids=[f"{n:016x}" for n in range(30)], slots_per_clip=2)
    for name in ("Ana", "Ben"):
        label(app, name, "yes", "no", "unsure")
    found = asked(lead.get("/api/desk/agreement"))
    assert found["missing"]["all"]["ratings"] == 16 and found["missing"]["picked"]["ratings"] == 4
    assert found["category"]["picked"]["ratings"] == 6
    assert [row["name"] for row in found["missing"]["by_batch"]] == ["picked", "random"]
    assert {row["name"] for row in found["missing"]["by_verb"]} <= set(VERBS)
    kappa = found["missing"]["all"]["fleiss_kappa"]
    assert kappa["n"] == 8 and kappa["low"] <= kappa["value"] <= kappa["high"]


def test_people_have_counts_pace_and_kappa_with_n(app: FastAPI, context: AppContext) -> None:
    lead = browser(app, "Lea")
    assert asked(lead.get("/api/desk/people"))["people"] == []
    open_batch(lead, "random", n=6)
    for name in ("Ana", "Ben", "Cem"):
        label(app, name, "yes", "no", "yes", "no", "yes", "unsure")
    with context.database.write() as session_:
        ensure_person(session_, "Sim", "simulated")
    found = {one["name"]: one for one in asked(lead.get("/api/desk/people"))["people"]}
    assert set(found) == {"Ana", "Ben", "Cem"}  # who never answered has no row
    ana = found["Ana"]
    assert (ana["words"], ana["yes"]["total"], ana["unsure"]["yes"]) == (6, 5, 1)
    assert ana["work"]["answers"] == 6 and ana["work"]["pace"]["n"] == 5
    with context.database.read() as session_:
        own = own_figures(session_, ana["id"])["pace"]["per_hour"]
    assert round(ana["work"]["pace"]["value"], 1) == own  # what Ana is told herself
    assert ana["against"]["answers"] == 6 and not ana["simulated"] and ana["alarms"] == []


def test_a_tie_is_decided_taken_back_and_noted(app: FastAPI) -> None:
    lead = browser(app, "Lea")
    open_batch(lead, "pairs", n=1, slots_per_clip=2)
    (clip,) = label(app, "Ana", "yes")
    label(app, "Ben", "no")
    queue = asked(lead.get("/api/desk/queue"))
    assert (queue["waiting"], queue["split"]) == (1, 0)
    (shown,) = queue["clips"]
    assert [one["value"] for one in shown["answers"]] == ["yes", "no"] and shown["waits"]
    assert batches(lead)["pairs"]["waiting"] == 1
    sent = {"clip_id": clip, "label": "yes", "reason": "audible at the end"}
    assert asked(lead.post("/api/desk/decide", json=sent))["waiting"] == 0
    assert batches(lead)["pairs"]["waiting"] == 0
    assert asked(lead.post("/api/desk/clips", json={"clip_ids": [clip]}))["clips"][0]["decision"][
        "by"
    ] == ("Lea")
    back = asked(lead.post("/api/desk/decide/undo", json={"clip_id": clip}))
    assert back["waiting"] == 1 and back["clip"]["decision"] is None
    asked(lead.post("/api/desk/decide/undo", json={"clip_id": clip}), 409)
    asked(lead.post("/api/desk/decide", json={**sent, "clip_id": "f" * 16}), 404)
    assert deeds(lead)[:2] == [
        ("Lea", "decision taken back", clip),
        ("Lea", "clip decided", clip),
    ]


def test_split_votes_come_after_ties_the_least_certain_first(app: FastAPI) -> None:
    lead = browser(app, "Lea")
    open_batch(lead, "three", n=3)
    for name, value in (("Ana", "yes"), ("Ben", "yes"), ("Cem", "no")):
        label(app, name, value, value, value)
    queue = asked(lead.get("/api/desk/queue"))
    assert (queue["waiting"], queue["split"]) == (0, 3)
    assert all(0 <= one["chance"] <= 1 for one in queue["clips"])


def test_a_void_is_previewed_done_and_undone(app: FastAPI) -> None:
    lead = browser(app, "Lea")
    open_batch(lead, "three", n=2)
    for name in ("Ana", "Ben"):
        label(app, name, "yes", "yes")
    ana = next(one["id"] for one in asked(lead.get("/api/desk"))["people"] if one["name"] == "Ana")
    criteria = {"person_id": ana}
    found = asked(lead.post("/api/desk/voids/preview", json=criteria))
    assert (found["answers"], found["before"], found["after"]) == (2, {"sounds": 2}, {"open": 2})
    sent = {**criteria, "reason": "muted", "expected": 3}
    assert "nothing was voided" in asked(lead.post("/api/desk/voids", json=sent), 409)["detail"]
    assert asked(lead.get("/api/desk/voids"))["voids"] == []
    done = asked(lead.post("/api/desk/voids", json={**sent, "expected": 2}))
    assert asked(lead.post("/api/desk/voids/preview", json=criteria))["answers"] == 0
    assert batches(lead)["three"]["filled"] == 2
    people = {one["name"]: one for one in asked(lead.get("/api/desk/people"))["people"]}
    assert people["Ana"]["words"] == 0 and people["Ana"]["work"]["answers"] == 2
    undone = asked(lead.post(f"/api/desk/voids/{done['id']}/undo"))
    assert undone == {"restored": 2, "anew": 0, "clips": 2}
    assert batches(lead)["three"]["filled"] == 4
    asked(lead.post(f"/api/desk/voids/{done['id']}/undo"), 409)
    asked(lead.post("/api/desk/voids/preview", json={}), 422)
    assert [action for _, action, _ in deeds(lead)][:2] == ["void undone", "answers voided"]


def test_labels_are_downloaded_with_their_decisions(app: FastAPI) -> None:
    lead = browser(app, "Lea")
    open_batch(lead, "pairs", n=1, slots_per_clip=2)
    (clip,) = label(app, "Ana", "yes")
    asked(lead.post("/api/desk/decide", json={"clip_id": clip, "label": "no"}))
    answer = lead.get("/api/desk/export")
    assert answer.status_code == 200 and clip in answer.text
    assert "labels-" in answer.headers["content-disposition"]
    parquet = lead.get("/api/desk/export?format=parquet&batch=pairs")
    assert parquet.content[:4] == b"PAR1"
    assert asked(lead.get("/api/desk/export?batch=none"), 404)["detail"].startswith("There is no")
    assert deeds(lead)[0] == ("Lea", "labels exported", "pairs")
