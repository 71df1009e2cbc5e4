"""The routes of quality as a browser and a lead meet them."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api import desk_quality, errors, labelling, quality, session
from app.context import AppContext
from app.security import guard
from app.services.guideline import shipped_guideline
from app.workspace import open_workspace
from db.adjudicating import decide
from db.audit import page_of_audit
from db.clips import add_clips
from db.columns import utc_now
from db.engine import Database
from db.label_tables import Adjudication
from db.people import list_people
from tests.db.checking import stream_of, work, workplace
from tests.db.conftest import a_clip

KNOWN = {"clip_id", "narration", "flags", "duration_s", "label", "reason"}


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    place = open_workspace(tmp_path / "workspace", create=True)
    database = Database.open(place.database)
    yield AppContext(place, database)
    database.close()


@pytest.fixture
def app(context: AppContext) -> FastAPI:
    app = FastAPI()
    for module in (session, labelling, quality, desk_quality):
        app.include_router(module.router(context))
    errors.explain_errors(app)
    guard(app)
    return app


def browser(app: FastAPI, name: str | None = None) -> TestClient:
    client = TestClient(app, base_url="http://127.0.0.1:7860")
    if name is not None:
        assert client.post("/api/session", json={"name": name}).status_code == 200
    return client


def person_id(client: TestClient) -> int:
    return client.get("/api/session").json()["person"]["id"]


def say(client: TestClient, given: dict[str, Any], value: str) -> dict[str, Any]:
    said = {
        "client_uuid": str(uuid.uuid4()),
        "assignment": given["assignment"],
        "clip_id": given["clip"]["clip_id"],
        "value": value,
    }
    answer = client.post("/api/answers", json=said)
    assert answer.status_code == 200, answer.text
    assert client.post("/api/answers", json=said).json() == answer.json() | {"repeated": True}
    return answer.json()


def to_the_first_gold(client: TestClient, context: AppContext) -> dict[str, Any]:
    """Answer until the next clip is gold; what the browser was given."""
    for _ in range(200):
        (given,) = client.post("/api/claim", json={"count": 1}).json()["clips"]
        with context.database.read() as session_:
            if stream_of(session_, given["assignment"]) == "gold":
                return given
        say(client, given, "yes")
    raise AssertionError("no gold clip came")


def shape(value: Any) -> Any:
    """Keys and types alone."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return type(value).__name__


def test_a_gold_clip_looks_like_any_other_and_a_wrong_answer_is_told(
    app: FastAPI, context: AppContext
) -> None:
    _, gold = workplace(context.database, 60, 5)
    client = browser(app, "Ana")
    first = client.post("/api/claim", json={"count": 1}).json()
    assert first["paused"] is None and first["qualify"] is None
    given = to_the_first_gold(client, context)
    assert shape(given) == shape(first["clips"][0])
    assert list(given) == list(first["clips"][0])
    assert given["batch"] == first["clips"][0]["batch"]
    done = client.get("/api/progress").json()
    told = say(client, given, "no")["feedback"]
    assert set(told) == KNOWN | {"assignment", "yours", "paused"}
    assert told["clip_id"] in gold and told["label"] == "yes" and told["yours"] == "no"
    assert client.get("/api/progress").json() == done
    mine = client.get("/api/mine").json()
    assert mine["answers"][0]["clip_id"] == told["clip_id"]
    assert (mine["gold"]["right"], mine["gold"]["total"]) == (0, 1)
    assert mine["pace"]["zone"] == "UTC" and mine["pace"]["minutes_today"] >= 0


def test_an_answer_to_the_labelling_is_told_nothing(app: FastAPI, context: AppContext) -> None:
    workplace(context.database, 3, 0)
    client = browser(app, "Ana")
    (given,) = client.post("/api/claim", json={"count": 1}).json()["clips"]
    assert say(client, given, "no")["feedback"] is None
    assert client.get("/api/mine").json()["gold"] == {
        "right": 0, "total": 0, "low": None, "high": None,
    }  # fmt: skip


def test_a_dispute_is_overturned_and_the_score_follows(app: FastAPI, context: AppContext) -> None:
    workplace(context.database, 60, 5)
    client, lead = browser(app, "Ana"), browser(app, "Lea")
    given = to_the_first_gold(client, context)
    told = say(client, given, "no")["feedback"]
    body = {"assignment": told["assignment"], "note": "Only the tap is heard."}
    assert lead.post("/api/disputes", json=body).status_code == 404
    assert client.post("/api/disputes", json=body).status_code == 200
    again = client.post("/api/disputes", json=body)
    assert again.status_code == 409 and "already" in again.json()["detail"]
    (row,) = lead.get("/api/desk/disputes").json()
    assert row["note"] == "Only the tap is heard." and row["person"] == "Ana"
    assert (row["gold_label"], row["their_answer"], row["outcome"]) == ("yes", "no", None)
    assert row["clip_id"] == told["clip_id"] and row["gold_reason"] == told["reason"]
    path = f"/api/desk/disputes/{row['id']}"
    assert lead.post(path, json={"outcome": "maybe"}).status_code == 422
    assert lead.post(path, json={"outcome": "overturned", "note": "A tap."}).status_code == 200
    assert lead.post(path, json={"outcome": "upheld"}).status_code == 409
    assert client.get("/api/mine").json()["gold"]["right"] == 1
    (turned,) = [g for g in lead.get("/api/desk/gold").json() if g["label"] == "no"]
    assert (turned["reason"], turned["by"], turned["right"], turned["total"]) == (
        "A tap.", "Lea", 1, 1,
    )  # fmt: skip
    with context.database.read() as session_:
        row = page_of_audit(session_, action="dispute overturned").rows[0]
    assert row.by == "Lea" and row.detail["label"] == "yes"


def test_who_is_paused_gets_no_clips_and_passes_an_exam(app: FastAPI, context: AppContext) -> None:
    workplace(context.database, 350, 40)
    lead, client = browser(app, "Lea"), browser(app, "Ana")
    who = person_id(client)
    work(context.database, who, 350, lambda _c, stream: "no" if stream == "gold" else "yes")
    found = client.post("/api/claim", json={"count": 3}).json()
    assert found["clips"] == [] and found["qualify"] is None and found["asked"]
    assert found["paused"]["right"] == 0 and found["paused"]["total"] >= 20
    assert "checks" in found["paused"]["reason"]
    add_pool(context, lead, 12)
    assert lead.post("/api/exam").status_code == 409
    exam = client.post("/api/exam").json()
    result = sit(client, exam, wrong=0)
    assert result["passed"] and result["correct"] == 12 and result["review"] == []
    assert client.post("/api/claim", json={"count": 3}).json()["clips"]
    row = next(r for r in lead.get("/api/desk/people-quality").json() if r["person_id"] == who)
    assert (row["total"], row["paused"], row["attempts"], row["passed"]) == (0, False, 1, True)
    assert row["repeats"]["same"] <= row["repeats"]["total"]


def add_pool(context: AppContext, lead: TestClient, size: int) -> None:
    with context.database.write() as session_:
        add_clips(session_, [a_clip(30_000 + n) for n in range(size)])
    for n in range(size):
        body = {
            "clip_id": a_clip(30_000 + n).clip_id,
            "used_for": "exam",
            "label": "yes" if n % 2 else "no",
            "reason": f"Because {n}.",
        }
        assert lead.post("/api/desk/examples", json=body).status_code == 200


def sit(client: TestClient, exam: dict[str, Any], wrong: int) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for n, question in enumerate(exam["questions"]):
        odd = int(question["clip"]["clip_id"], 16) % 2 == 1  # as `add_pool` labels them
        value = "yes" if odd == (n >= wrong) else "no"
        body = {"exam": exam["exam"], "example": question["example"], "value": value}
        done = client.post("/api/exam/answers", json=body).json()
        assert done["answered"] == n + 1 and done["total"] == len(exam["questions"])
        assert client.post("/api/exam/answers", json=body).json() == done
    return done["result"]


def test_a_qualification_comes_before_the_first_clip(app: FastAPI, context: AppContext) -> None:
    workplace(context.database, 5, 0)
    lead, client, other = browser(app, "Lea"), browser(app, "Ana"), browser(app, "Ben")
    add_pool(context, lead, 12)
    rule = {"required": True, "questions": 10, "pass_share": 0.8}
    assert lead.post("/api/desk/qualification", json=rule).json() == rule | {"pool": 12}
    assert lead.get("/api/desk/qualification").json() == rule | {"pool": 12}
    found = client.post("/api/claim", json={"count": 2}).json()
    assert found["clips"] == [] and found["paused"] is None
    assert found["qualify"] == {"questions": 10, "pass_share": 0.8, "attempts": 0}
    exam = client.post("/api/exam").json()
    assert exam["pass_share"] == 0.8 and len(exam["questions"]) == 10
    first = exam["questions"][0]
    assert set(first["clip"]) == {"clip_id", "narration", "duration_s", "flags"}
    assert first["value"] is None
    assert client.post("/api/exam").json() == exam
    foreign = {"exam": exam["exam"], "example": first["example"], "value": "yes"}
    assert other.post("/api/exam/answers", json=foreign).status_code == 404
    outside = foreign | {"example": 10_000}
    assert client.post("/api/exam/answers", json=outside).status_code == 404
    unknown = foreign | {"value": "perhaps"}
    assert client.post("/api/exam/answers", json=unknown).status_code == 422
    result = sit(client, exam, wrong=3)
    assert not result["passed"] and (result["correct"], result["total"]) == (7, 10)
    assert len(result["review"]) == 3 and set(result["review"][0]) == KNOWN | {"yours"}
    changed = foreign | {"value": "unsure"}
    assert client.post("/api/exam/answers", json=changed).status_code == 409
    assert client.post("/api/claim", json={"count": 2}).json()["qualify"]["attempts"] == 1
    assert sit(client, client.post("/api/exam").json(), wrong=2)["passed"]
    assert len(client.post("/api/claim", json={"count": 2}).json()["clips"]) == 2


def test_the_guideline_is_there_from_the_start_and_a_new_text_is_a_version(
    app: FastAPI, context: AppContext
) -> None:
    client = browser(app, "Ana")
    assert browser(app).get("/api/guideline").status_code == 401
    first = client.get("/api/guideline").json()
    assert first == {"version": 1, "text": shipped_guideline(), "examples": [], "gain_db": 0}
    for words in ("visible AND audible", "can't tell", "Broken", "Edge cases", "Not the wearer"):
        assert words in first["text"]
    assert client.post("/api/desk/guidelines", json={"text": " "}).status_code == 422
    assert client.post("/api/desk/guidelines", json={"text": "Listen."}).json() == {"version": 2}
    assert client.post("/api/desk/guidelines", json={"text": "Listen."}).status_code == 409
    assert client.get("/api/guideline").json()["version"] == 2
    assert [row["version"] for row in client.get("/api/desk/guidelines").json()] == [2, 1]


def test_worked_examples_are_shown_in_order_and_three_warm_up(
    app: FastAPI, context: AppContext
) -> None:
    with context.database.write() as session_:
        add_clips(session_, [a_clip(n) for n in range(5)])
    client = browser(app, "Ana")
    assert client.get("/api/warmups").json() == {"clips": []}
    body = {"clip_id": a_clip(0).clip_id, "used_for": "worked", "label": "yes", "reason": "x"}
    ids: list[int] = []
    for n in range(5):
        made = client.post("/api/desk/examples", json=body | {"clip_id": a_clip(n).clip_id})
        ids.append(made.json()["id"])
    assert client.post("/api/desk/examples", json=body).status_code == 409
    assert client.post("/api/desk/examples", json=body | {"used_for": "y"}).status_code == 422
    assert client.post("/api/desk/examples", json=body | {"reason": ""}).status_code == 422
    assert client.post("/api/desk/examples/order", json=[ids[4], ids[1]]).status_code == 200
    assert client.post("/api/desk/examples/order", json=[999]).status_code == 404
    assert client.delete(f"/api/desk/examples/{ids[0]}").status_code == 200
    assert client.delete(f"/api/desk/examples/{ids[0]}").status_code == 409
    shown = client.get("/api/guideline").json()["examples"]
    assert [one["clip_id"] for one in shown] == [a_clip(n).clip_id for n in (4, 1, 2, 3)]
    assert set(shown[0]) == KNOWN
    assert [one["id"] for one in client.get("/api/desk/examples").json()][:2] == [ids[4], ids[1]]
    warm = client.get("/api/warmups").json()["clips"]
    assert len(warm) == 3 and all(set(one) == KNOWN for one in warm)


def test_a_lead_makes_and_retires_gold(app: FastAPI, context: AppContext) -> None:
    with context.database.write() as session_:
        add_clips(session_, [a_clip(0), a_clip(1, flags=("withdrawn",)), a_clip(2)])
        session_.add(
            Adjudication(
                clip_id=a_clip(2).clip_id, by_id=None, label="no", reason="", created_at=utc_now()
            )
        )
    lead = browser(app, "Lea")
    body = {"clip_id": a_clip(0).clip_id, "label": "yes", "reason": "Heard."}
    number = lead.post("/api/desk/gold", json=body).json()["id"]
    for change, status in (
        ({}, 409),
        ({"clip_id": a_clip(1).clip_id}, 409),
        ({"clip_id": a_clip(2).clip_id}, 409),
        ({"clip_id": "f" * 16}, 404),
        ({"clip_id": "../../etc"}, 422),
        ({"label": "unsure"}, 422),
        ({"reason": "  "}, 422),
    ):
        assert lead.post("/api/desk/gold", json=body | change).status_code == status, change
    (row,) = lead.get("/api/desk/gold").json()
    assert row["id"] == number and row["by"] == "Lea" and row["disputes"] == 0
    assert lead.delete(f"/api/desk/gold/{number}").status_code == 200
    assert lead.delete(f"/api/desk/gold/{number}").status_code == 409
    assert lead.delete("/api/desk/gold/999").status_code == 404
    assert lead.get("/api/desk/gold").json() == []
    with context.database.read() as session_:
        actions = [row.action for row in page_of_audit(session_).rows]
        assert actions == ["gold retired", "gold made"]
        assert [person.name for person in list_people(session_)] == ["Lea"]


def test_no_route_of_an_annotator_names_a_stream(app: FastAPI, context: AppContext) -> None:
    workplace(context.database, 60, 20)
    client = browser(app, "Ana")
    to_the_first_gold(client, context)
    for answer in (
        client.post("/api/claim", json={"count": 20}),
        client.get("/api/mine"),
        client.get("/api/progress"),
    ):
        told = json.dumps({key: v for key, v in answer.json().items() if key != "gold"})
        assert "gold" not in told and "repeat" not in told and "stream" not in told


def test_the_desk_gets_what_its_page_reads(app: FastAPI, context: AppContext) -> None:
    workplace(context.database, 120, 30)
    client = browser(app, "Ana")
    given = to_the_first_gold(client, context)
    say(client, given, "no")
    mine = client.get("/api/mine").json()["answers"]
    assert "assignment" not in mine[0] and "assignment" in mine[1]  # told: it stays
    client.post("/api/disputes", json={"assignment": given["assignment"], "note": "silent"})
    (row,) = client.get("/api/desk/disputes").json()
    assert row["gold_label"] == "yes" and row["gold_reason"]
    decided = a_clip(0).clip_id
    assert client.post("/api/desk/gold", json={"clip_id": decided}).status_code == 409
    with context.database.write() as session_:
        decide(session_, decided, "no", reason="only the fan")
    assert client.post("/api/desk/gold", json={"clip_id": decided}).status_code == 200
    made = client.get("/api/desk/gold").json()[0]
    assert (made["clip_id"], made["label"], made["reason"]) == (decided, "no", "only the fan")
    who = person_id(client)
    assert client.post(f"/api/desk/people-quality/{who}/lift").status_code == 409
    assert client.post("/api/desk/people-quality/999/lift").status_code == 404
    first = client.get("/api/desk/guidelines").json()[0]
    assert first["diff"] == []
    client.post("/api/desk/guidelines", json={"text": first["text"] + " And a case."})
    diff = client.get("/api/desk/guidelines").json()[0]["diff"]
    assert any(line.startswith("+") and "And a case." in line for line in diff)


def test_the_gain_of_every_clip_is_the_leads_choice(app: FastAPI, context: AppContext) -> None:
    lead, client = browser(app, "Lea"), browser(app, "Ana")
    assert client.get("/api/guideline").json()["gain_db"] == 0
    assert lead.post("/api/desk/playback", json={"gain_db": 4.5}).json() == {"gain_db": 4.5}
    assert client.get("/api/guideline").json()["gain_db"] == 4.5
    assert lead.post("/api/desk/playback", json={"gain_db": 60}).status_code == 422
    with context.database.read() as session:
        (row,) = page_of_audit(session, action="playback gain set").rows
    assert row.detail == {"before_db": 0.0, "after_db": 4.5}
