"""Who may ask for what: every route of the studio, for every role and for nobody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.access import RULES, Asker, Gate, needs, rule_of
from app.context import AppContext
from db.accounts import ROLES
from db.columns import utc_now
from db.labelling import claim
from db.people import ensure_person
from db.quality_tables import Exam, ExamAnswer, Example
from db.records import Role
from tests.app.accounts import CLIPS, NAMES, browser, mounted, opened, routes_of, studio

ANNOTATORS_REACH = {
    "/account",
    "/annotate",
    "/api/account",
    "/api/answers",
    "/api/claim",
    "/api/disputes",
    "/api/exam",
    "/api/guideline",
    "/api/heartbeat",
    "/api/join",
    "/api/mine",
    "/api/progress",
    "/api/session",
    "/api/undo",
    "/api/warmups",
    "/join",
    "/media",
    "/poster",
    "/signin",
    "/static",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[AppContext, FastAPI]]:
    with studio(tmp_path_factory.mktemp("whole") / "workspace") as found:
        yield found


@pytest.fixture(scope="module")
def clients(whole: tuple[AppContext, FastAPI]) -> dict[Role | None, TestClient]:
    _, app = whole
    found: dict[Role | None, TestClient] = {None: browser(app)}
    for role in ROLES:
        found[role] = browser(app, NAMES[role])
    return found


def ours(app: FastAPI) -> list[tuple[str, str]]:
    return [
        (method, re.sub(r"\{[^}]*\}", "x", path))
        for method, path in routes_of(app.routes)
        if "{rest:path}" not in path  # the ends of our paths answer 404
    ]


def test_every_route_of_ours_stands_in_the_table(whole: tuple[AppContext, FastAPI]) -> None:
    _, app = whole
    found = ours(app)
    assert len(found) > 50
    forgotten = [path for _, path in found if rule_of(path).path in ("/", "/api")]
    assert set(forgotten) == {"/api"}, "name these in app.access.RULES"  # /api itself is a 404


def test_annotators_reach_these_paths_and_no_others() -> None:
    reached = {rule.path for rule in RULES if rule.read in (None, "annotator")}
    assert reached == ANNOTATORS_REACH
    assert {rule.path for rule in RULES if rule.write in (None, "annotator")} == reached


def test_each_role_may_what_the_table_says_on_every_route(
    whole: tuple[AppContext, FastAPI], clients: dict[Role | None, TestClient]
) -> None:
    """The gate itself, before an application that would answer anything."""
    context, app = whole

    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("reached")(scope, receive, send)

    gated = TestClient(Gate(answers, context), base_url="http://127.0.0.1", follow_redirects=False)
    tried = 0
    for role, client in clients.items():
        gated.cookies = client.cookies
        for method, path in {*ours(app), ("GET", "/config"), ("POST", "/gradio_api/queue/join")}:
            rule = rule_of(path)
            needed = rule.read if method in ("GET", "HEAD", "OPTIONS") else rule.write
            may = needed is None or (role is not None and ROLES.index(role) >= ROLES.index(needed))
            status = gated.request(method, path).status_code
            assert (status == 200) == may, (role, method, path, status)
            tried += 1
    assert tried > 300


def test_gradio_is_shut_whole_to_the_signed_out_and_to_annotators(
    whole: tuple[AppContext, FastAPI], clients: dict[Role | None, TestClient]
) -> None:
    _, app = whole
    routes = {
        (method, re.sub(r"\{[^}]*\}", "x", path))
        for mount in mounted(app)
        for method, path in routes_of(list(mount.routes))
    }
    assert len(routes) > 30
    for method, path in routes:
        for client, refused in (
            (clients[None], {401, 404}),
            (clients["annotator"], {403, 404}),
        ):
            answer = client.request(method, path)
            page = answer.status_code == 303 and path == "/"
            assert page or answer.status_code in refused, (method, path, answer.status_code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/config"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/startup-events"),
        ("GET", "/startup-events"),
        ("GET", "/theme.css"),
        ("GET", "/gradio_api/heartbeat/x"),
        ("GET", "/gradio_api/queue/data"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/reset"),
        ("POST", "/reset"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/run/predict"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/file=/etc/passwd"),
        ("GET", "http://127.0.0.1:7860//config"),
        ("GET", "/assets/index.js"),
        ("GET", "/static/img/logo.svg"),
        ("GET", "/signin/config"),
        ("GET", "/join/../config"),
        ("GET", "/annotate/x"),
        ("GET", "/static/..%2f..%2fconfig"),
    ],
)
def test_no_way_into_gradio_while_signed_out(
    clients: dict[Role | None, TestClient], method: str, path: str
) -> None:
    answer = clients[None].request(method, path)
    assert answer.status_code in (401, 404), answer.text
    assert "gradio" not in answer.text.lower() and "root:" not in answer.text


def test_pages_lead_on_to_where_one_may_be(clients: dict[Role | None, TestClient]) -> None:
    def led(role: Role | None, path: str) -> str | None:
        answer = clients[role].get(path)
        return answer.headers.get("location") if answer.status_code == 303 else None

    assert led(None, "/") == "/signin"
    assert led(None, "/annotate") == "/signin?to=annotate"
    assert led("annotator", "/") == "/annotate"
    assert led("annotator", "/annotate") is None
    for role in ("researcher", "lead", "admin"):
        assert clients[role].get("/").status_code == 200
        assert clients[role].get("/config").status_code == 200


def test_a_path_of_ours_that_is_no_route_is_not_gradios(
    clients: dict[Role | None, TestClient],
) -> None:
    for path in ("/api/nothing", "/static/a/b", "/media/a/b", "/join/x", "/annotate/x"):
        assert clients["admin"].get(path).status_code == 404
    assert clients["lead"].get("/api/nothing").status_code == 403
    assert clients[None].get("/api/nothing").status_code == 401


def test_refusals_say_what_to_do(clients: dict[Role | None, TestClient]) -> None:
    assert clients[None].get("/api/runs").json() == {"detail": "Sign in first."}
    assert "x-sign-in" in clients[None].get("/api/runs").headers
    refused = clients["researcher"].post("/api/batches", json={})
    assert refused.status_code == 403
    assert refused.json()["detail"] == "This is for leads; your account is a researcher’s."


def test_an_annotator_sees_the_clips_that_were_given_to_them_and_examples(
    whole: tuple[AppContext, FastAPI], clients: dict[Role | None, TestClient]
) -> None:
    context, _ = whole
    client = clients["annotator"]
    with context.database.write() as session:
        ana, ben = ensure_person(session, "Ana").id, ensure_person(session, "Ben").id
        mine = [one.clip.clip_id for one in claim(session, ana, 1)]
    others = [clip_id for clip_id in CLIPS if clip_id not in mine]
    for place in ("media", "poster"):
        assert client.get(f"/{place}/{mine[0]}").status_code == 200
        assert {client.get(f"/{place}/{clip_id}").status_code for clip_id in others} == {404}
        assert clients["researcher"].get(f"/{place}/{others[0]}").status_code == 200
        assert clients[None].get(f"/{place}/{mine[0]}").status_code == 401
    assert client.get(f"/api/clips/{mine[0]}").status_code == 403
    worked, own_exam, other_exam, retired = others[:4]
    with context.database.write() as session:
        now = utc_now()
        examples = [
            Example(
                clip_id=clip_id,
                used_for=used_for,
                label="yes",
                reason="",
                position=1,
                created_at=now,
                retired_at=now if clip_id == retired else None,
            )
            for clip_id, used_for in (
                (worked, "worked"),
                (own_exam, "exam"),
                (other_exam, "exam"),
                (retired, "worked"),
            )
        ]
        session.add_all(examples)
        for person, example in ((ana, examples[1]), (ben, examples[2])):
            exam = Exam(person_id=person, started_at=now)
            session.add(exam)
            session.flush()
            session.add(ExamAnswer(exam_id=exam.id, example_id=example.id, position=1))
    found = {clip_id: client.get(f"/media/{clip_id}").status_code for clip_id in others[:4]}
    assert found == {worked: 200, own_exam: 200, other_exam: 404, retired: 404}


def test_media_come_in_byte_ranges_and_are_kept(clients: dict[Role | None, TestClient]) -> None:
    answer = clients["lead"].get(f"/media/{CLIPS[0]}", headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.content == bytes(range(10, 20))
    assert re.fullmatch(r"private, max-age=\d{5,}, immutable", answer.headers["cache-control"])
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (
        clients["lead"].get(f"/media/{CLIPS[0]}", headers={"Range": "bytes=900-"}).status_code
        == 416
    )


ESCAPES = [
    "..%2f..%2fsounding.db",
    "%2e%2e%2fsounding.db",
    "%2e%2e/sounding.db",
    "../sounding.db",
    "..%5csounding.db",
    "..%252fsounding.db",
    "%c0%ae%c0%ae%2fsounding.db",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "....//....//sounding.db",
    f"{CLIPS[0]}.mp4",
    f"{CLIPS[0]}%00.mp4",
    f"{CLIPS[0]}%0a",
    f"x%2f..%2f{CLIPS[0]}",
    CLIPS[0].upper() + " ",
    "%ef%bc%8e%ef%bc%8e%2fsounding.db",
]


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("place", ["media", "poster", "static", "api/clips"])
def test_no_path_leads_out_however_it_is_written(
    clients: dict[Role | None, TestClient], place: str, escape: str
) -> None:
    answer = clients["admin"].get(f"/{place}/{escape}")
    assert answer.status_code in (403, 404), answer.status_code
    assert b"SQLite" not in answer.content and b"root:" not in answer.content
    assert b"Traceback" not in answer.content


def test_needs_gives_the_person_also_where_no_gate_stands_before_it(tmp_path: Path) -> None:
    with opened(tmp_path / "workspace") as context:
        request = Request({"type": "http", "headers": []})
        assert needs(context, "admin")(request) == Asker(None, None, False)
        assert needs(context, "admin")(request).by_id is None


def test_without_accounts_everybody_may_everything_with_no_name_even(tmp_path: Path) -> None:
    with opened(tmp_path / "workspace") as context:

        async def answers(scope: Scope, receive: Receive, send: Send) -> None:
            await PlainTextResponse("reached")(scope, receive, send)

        client = TestClient(Gate(answers, context), base_url="http://127.0.0.1")
        for path in ("/", "/config", "/annotate", "/api/users", "/api/desk", "/media/x"):
            assert client.get(path).text == client.post(path).text == "reached"
