"""Signing in, out and up: passwords, invitations, sessions that end, and what attackers send."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.access import gate
from app.api import account, annotate, doors, errors, labelling, media, session, static, users
from app.context import AppContext
from app.security import BODY_LIMIT, SESSION_COOKIE, guard
from app.throttle import Throttle, address_key
from db.accounts import remove_account, set_role
from db.audit import page_of_audit
from db.columns import utc_now
from db.invitations import invite
from db.people import ensure_person
from db.person_tables import Invitation, SignIn
from tests.app.accounts import HOME, PASSWORD, browser, fill, opened, sign_in

WRONG = {"detail": "Name or password is not right."}


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    with opened(tmp_path / "workspace") as found:
        yield found


@pytest.fixture
def app(context: AppContext) -> FastAPI:
    """Our own routes, without Gradio's seconds."""
    fill(context)
    return bare(context)


def bare(context: AppContext) -> FastAPI:
    app = FastAPI()
    app.include_router(static.router())
    app.include_router(annotate.router())
    for module in (session, account, users, doors, labelling, media):
        app.include_router(module.router(context))
    app.include_router(doors.nothing())
    errors.explain_errors(app)
    gate(app, context)
    guard(app, context.settings)
    return app


def person_id(context: AppContext, name: str) -> int:
    with context.database.write() as db:
        return ensure_person(db, name).id


def whoami(client: TestClient) -> dict[str, Any]:
    return client.get("/api/session").json()


def test_name_and_password_sign_in_and_the_cookie_is_out_of_scripts_reach(app: FastAPI) -> None:
    client = browser(app)
    assert whoami(client) == {"database": None, "accounts": True, "person": None, "progress": None}
    answer = sign_in(client, " ana ")
    assert answer.json()["person"]["name"] == "Ana"
    assert answer.json()["person"]["role"] == "annotator"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie  # plain http on this machine
    assert whoami(client)["person"]["name"] == "Ana"
    assert client.post("/api/claim", json={}).status_code == 200
    assert client.delete("/api/session").status_code == 200
    assert client.post("/api/claim", json={}).status_code == 401


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ana", "wrong horse battery"),
        ("Nobody", PASSWORD),
        ("", PASSWORD),
        ("Ana", PASSWORD + "x"),
        ("Ana", PASSWORD.upper()),
        ("Ana", "x" * 1900),
        ("Ana\0", PASSWORD + "\0"),
        ("\u202eanA", PASSWORD),
        ("<b>Ana</b>", PASSWORD),
        ("🐈" * 100, "🐈" * 100),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ],
)
def test_nothing_tells_which_of_the_two_was_wrong(app: FastAPI, name: str, password: str) -> None:
    answer = sign_in(browser(app), name, password)
    assert (answer.status_code, answer.json()) == (401, WRONG)
    assert "set-cookie" not in answer.headers


def test_a_name_alone_is_not_enough_any_more(app: FastAPI) -> None:
    answer = browser(app).post("/api/session", json={"name": "Ana"})
    assert answer.status_code == 401
    assert answer.headers["x-sign-in"] == "password"


def test_an_unknown_name_takes_as_long_as_a_wrong_password(app: FastAPI) -> None:
    def fastest(name: str) -> float:
        took: list[float] = []
        for _ in range(4):
            start = time.perf_counter()
            assert sign_in(browser(app), name, "wrong horse battery").status_code == 401
            took.append(time.perf_counter() - start)
        return min(took)

    fastest("warm up")
    known, unknown = fastest("Ana"), fastest("Nobody here")
    assert 0.5 < known / unknown < 2


def test_guessing_is_slowed_down_by_name_whoever_guesses(app: FastAPI) -> None:
    client = browser(app)
    for _ in range(10):
        assert sign_in(client, "Ana", "wrong horse battery").status_code == 401
    late = sign_in(client, "ＡＮＡ ")
    assert late.status_code == 429  # even the right password
    assert 800 < int(late.headers["retry-after"]) <= 900
    assert late.json()["detail"] == "Too many tries. Wait 15 minutes, then try again."
    assert sign_in(client, "Lea").status_code == 200


def test_guessing_is_slowed_down_by_address_whatever_the_names(app: FastAPI) -> None:
    client = browser(app)
    for number in range(40):
        assert sign_in(client, f"name {number}", "x").status_code == 401
    assert sign_in(client, "Lea").status_code == 429
    elsewhere = TestClient(app, base_url="http://127.0.0.1:7860", client=("::1", 1))
    assert sign_in(elsewhere, "Lea").status_code == 200


def test_a_flood_of_tries_leaves_threads_for_everybody_else(app: FastAPI) -> None:
    client = browser(app, "Ana")
    with ThreadPoolExecutor(60) as pool:
        flood = [
            pool.submit(
                sign_in, TestClient(app, base_url=HOME, client=(f"10.0.0.{n}", 1)), f"n {n}"
            )
            for n in range(60)
        ]
        assert client.get("/api/progress").status_code == 200
        found = {one.result().status_code for one in flood}
    assert found <= {401, 503}
    assert sign_in(client, "Ana").status_code == 200


def test_who_signs_in_rightly_is_never_slowed_down(app: FastAPI) -> None:
    client = browser(app)
    assert {sign_in(client, "Ana").status_code for _ in range(12)} == {200}


def test_the_token_changes_at_every_sign_in_and_the_old_one_ends(app: FastAPI) -> None:
    client = browser(app, "Ana")
    old = client.cookies[SESSION_COOKIE]
    sign_in(client, "Ana")
    assert client.cookies[SESSION_COOKIE] != old
    other = browser(app)
    other.cookies.set(SESSION_COOKIE, old)
    assert whoami(other)["person"] is None


def test_a_planted_token_never_becomes_a_session(app: FastAPI) -> None:
    client = browser(app)
    client.cookies.set(SESSION_COOKIE, "planted", domain="127.0.0.1")
    sign_in(client, "Ana")
    other = browser(app)
    other.cookies.set(SESSION_COOKIE, "planted")
    assert whoami(other)["person"] is None


def test_a_removed_persons_session_ends_and_the_answers_stay(
    app: FastAPI, context: AppContext
) -> None:
    client = browser(app, "Ana")
    claimed = client.post("/api/claim", json={}).json()["clips"][0]
    said = {"client_uuid": "00000000-0000-4000-8000-000000000001", "value": "yes"}
    body = said | {"assignment": claimed["assignment"]}
    assert client.post("/api/answers", json=body).status_code == 200
    with context.database.write() as db:
        remove_account(db, ensure_person(db, "Ana").id, None)
    assert client.post("/api/claim", json={}).status_code == 401
    assert client.get(f"/media/{claimed['clip']['clip_id']}").status_code == 401
    assert sign_in(client, "Ana").json() == WRONG
    lead = browser(app, "Lea")
    assert lead.get("/api/batches").json()["batches"][0]["filled"] == 1


def test_a_role_that_changes_holds_from_the_next_request_on(
    app: FastAPI, context: AppContext
) -> None:
    client = browser(app, "Lea")
    assert client.get("/api/batches").status_code == 200
    with context.database.write() as db:
        set_role(db, ensure_person(db, "Lea").id, "annotator", None)
    assert client.get("/api/batches").status_code == 403


@pytest.mark.parametrize(
    "forged",
    [
        "x",
        "0" * 43,
        "../../etc/passwd",
        "' OR 1=1 --",
        "%00",
        "a" * 5000,
        '"quoted"',
        "Ana",
        "1",
        "null",
    ],
)
def test_forged_cookies_are_nobodys(app: FastAPI, forged: str) -> None:
    cookie = {"Cookie": f"{SESSION_COOKIE}={forged}"}
    client = browser(app)
    assert client.get("/api/mine", headers=cookie).status_code == 401
    assert client.get("/api/session", headers=cookie).json()["person"] is None


def test_the_stored_hash_is_no_cookie(app: FastAPI, context: AppContext) -> None:
    browser(app, "Ana")
    with context.database.read() as db:
        hashes = list(db.scalars(SignIn.__table__.select().with_only_columns(SignIn.token_hash)))
    client = browser(app)
    for value in hashes:
        client.cookies.set(SESSION_COOKIE, value)
        assert whoami(client)["person"] is None


def test_ended_and_future_dated_sessions_are_nobodys(app: FastAPI, context: AppContext) -> None:
    client = browser(app, "Ana")
    for fields in (
        {"expires_at": utc_now() - timedelta(seconds=1)},
        {"created_at": utc_now() + timedelta(days=1), "expires_at": utc_now() + timedelta(days=9)},
    ):
        with context.database.write() as db:
            db.execute(update(SignIn).values(**fields))
        assert client.get("/api/mine").status_code == 401


def test_sessions_by_name_end_when_the_first_password_is_set(context: AppContext) -> None:
    app = bare(context)
    client = browser(app)
    assert client.post("/api/session", json={"name": "Zoe"}).status_code == 200
    assert client.get("/api/users").status_code == 200  # nobody has a password: all may all
    assert client.get("/signin").headers["location"] == "/"
    fill(context)
    assert client.get("/api/mine").status_code == 401
    assert client.get("/api/users").status_code == 401
    assert client.get("/signin").status_code == 200
    assert sign_in(client, "Zoe", "").status_code == 401


def test_another_password_signs_every_other_browser_out(app: FastAPI) -> None:
    here, there = browser(app, "Ana"), browser(app, "Ana")
    change = {"current": PASSWORD, "new": "a better sentence"}
    assert here.post("/api/account/password", json=change | {"current": "no"}).status_code == 422
    for weak in ("short", "aaaaaaaaaaaaaaa", "y" * 300):
        answer = here.post("/api/account/password", json=change | {"new": weak})
        assert answer.status_code == 422, weak
        assert answer.json()["detail"].startswith(("Use a password", "This password"))
    assert here.post("/api/account/password", json=change).status_code == 200
    assert here.get("/api/mine").status_code == 200
    assert there.get("/api/mine").status_code == 401
    assert sign_in(there, "Ana").status_code == 401
    assert sign_in(there, "Ana", "a better sentence").status_code == 200


def test_an_invitation_works_once_and_gives_the_role_it_names(app: FastAPI) -> None:
    admin = browser(app, "Ada")
    link = admin.post("/api/users/invite", json={"role": "researcher", "days": 2}).json()["link"]
    assert link.startswith("join#")
    token = {"token": link.removeprefix("join#")}
    guest = browser(app)
    assert guest.get("/join").status_code == 200
    assert guest.post("/api/join/look", json=token).json()["role"] == "researcher"
    wish = token | {"name": "Nia", "password": "a fine sentence"}
    assert guest.post("/api/join", json=wish | {"password": "short"}).status_code == 422
    taken = guest.post("/api/join", json=wish | {"name": "ana"})
    assert (taken.status_code, "Somebody here" in taken.json()["detail"]) == (409, True)
    assert guest.post("/api/join", json=wish).json()["person"]["role"] == "researcher"
    assert whoami(guest)["person"]["name"] == "Nia"
    assert guest.get("/api/batches").status_code == 200
    again = browser(app).post("/api/join", json=wish | {"name": "Eve"})
    assert again.status_code == 404
    assert again.json()["detail"].startswith("This invitation is used up")


def test_an_invitation_in_somebodys_name_is_theirs_and_a_newer_one_replaces_it(
    app: FastAPI, context: AppContext
) -> None:
    zoe = person_id(context, "Zoe")
    admin = browser(app, "Ada")

    def asked() -> str:
        made = admin.post("/api/users/invite", json={"role": "lead", "name": "zoe"})
        return made.json()["link"].removeprefix("join#")

    first, second = asked(), asked()
    guest = browser(app)
    assert guest.post("/api/join/look", json={"token": first}).status_code == 404
    assert guest.post("/api/join/look", json={"token": second}).json()["name"] == "Zoe"
    wish = {"token": second, "name": "somebody else", "password": "a fine sentence"}
    assert guest.post("/api/join", json=wish).json()["person"] == {
        "id": zoe,
        "name": "Zoe",
        "role": "lead",
    }


def test_ended_revoked_and_guessed_invitations_say_the_same(
    app: FastAPI, context: AppContext
) -> None:
    admin, guest = browser(app, "Ada"), browser(app)
    with context.database.write() as db:
        ended, revoked = invite(db, "admin", 1), invite(db, "admin", 1)
        first = db.query(Invitation).order_by(Invitation.id).first()
        assert first is not None
        first.expires_at = utc_now()
    number = admin.get("/api/users").json()["invitations"][-1]["id"]
    assert admin.post(f"/api/users/invitations/{number}/revoke").status_code == 200
    assert admin.post(f"/api/users/invitations/{number}/revoke").status_code == 404
    said = {
        guest.post("/api/join/look", json={"token": token}).text
        for token in (ended, revoked, "guessed", "", "\0")
    }
    assert len(said) == 1
    for _ in range(25):
        guest.post("/api/join/look", json={"token": "guessed"})
    assert guest.post("/api/join/look", json={"token": "guessed"}).status_code == 429


def test_admins_manage_accounts_and_one_always_stays(app: FastAPI, context: AppContext) -> None:
    admin = browser(app, "Ada")
    by_name = {one["name"]: one for one in admin.get("/api/users").json()["users"]}
    ada, lea = by_name["Ada"]["id"], by_name["Lea"]["id"]
    assert admin.post(f"/api/users/{ada}/role", json={"role": "lead"}).status_code == 409
    assert admin.post(f"/api/users/{ada}/remove").status_code == 409
    assert admin.post("/api/users/999/role", json={"role": "lead"}).status_code == 404
    assert admin.post(f"/api/users/{lea}/role", json={"role": "emperor"}).status_code == 422
    assert admin.post(f"/api/users/{lea}/role", json={"role": "admin"}).json()["role"] == "admin"
    assert admin.post(f"/api/users/{lea}/remove").json()["state"] == "removed"
    assert sign_in(browser(app), "Lea").status_code == 401
    assert browser(app, "Rea").get("/api/users").status_code == 403
    with context.database.read() as db:
        rows = page_of_audit(db, by_id=ada).rows
    assert [row.action for row in rows] == ["account removed", "role changed"]
    assert rows[1].detail == {"person": lea, "to": "admin", "was": "lead"}


def test_no_secret_stands_in_the_audit_trail(app: FastAPI, context: AppContext) -> None:
    admin = browser(app, "Ada")
    link = admin.post("/api/users/invite", json={"role": "lead"}).json()["link"]
    change = {"current": PASSWORD, "new": "a better sentence"}
    admin.post("/api/account/password", json=change)
    with context.database.read() as db:
        trail = str(page_of_audit(db).rows)
    for secret in (link.removeprefix("join#"), "a better sentence", PASSWORD, "argon2"):
        assert secret not in trail


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "\u202egnihsif",
        "👩‍🍳🍳",
        "nul\0nul",
        "a\nb",
        "{{7*7}}${7*7}",
        "=cmd|' /C calc'!A0",
    ],
)
def test_hostile_names_are_text_and_nothing_else(
    app: FastAPI, context: AppContext, name: str
) -> None:
    import json

    with context.database.write() as db:
        token = invite(db, "annotator", 1)
    client = browser(app)
    body = json.dumps({"token": token, "name": name, "password": "a fine sentence"})
    joined = client.post("/api/join", content=body, headers={"content-type": "application/json"})
    assert joined.status_code == 200, joined.text
    shown = joined.json()["person"]["name"]
    assert "\0" not in shown and "\n" not in shown
    again = browser(app)
    sent = json.dumps({"name": name, "password": "a fine sentence"})
    head = {"content-type": "application/json"}
    assert again.post("/api/session", content=sent, headers=head).status_code == 200
    for page in ("/annotate", "/account", "/signin"):
        assert shown not in again.get(page).text  # pages are the same for everybody


def test_what_is_no_text_is_refused_without_being_repeated(app: FastAPI) -> None:
    body = b'{"name": "\\ud800", "password": "correct horse battery"}'
    head = {"content-type": "application/json"}
    answer = browser(app).post("/api/session", content=body, headers=head)
    assert answer.status_code == 422
    assert "ud800" not in answer.text and "horse" not in answer.text


@pytest.mark.parametrize("path", ["/api/session", "/api/join", "/api/users/invite", "/api/claim"])
def test_posts_of_other_pages_and_giant_bodies_are_refused(app: FastAPI, path: str) -> None:
    client = browser(app, "Ada")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(path, json={}, headers=headers).status_code == 403
    giant = b'{"name": "' + b"x" * (10 << 20) + b'"}'
    assert client.post(path, content=giant).status_code == 413
    assert (
        client.post(path, content=(giant[n : n + BODY_LIMIT] for n in (0, 1, 2))).status_code == 413
    )


def test_the_pages_before_the_studio_hold_no_script_of_their_own(app: FastAPI) -> None:
    client = browser(app, "Ada")
    for page in ("/join", "/account", "/annotate"):
        answer = client.get(page)
        assert not re.search(r"<script(?![^>]*src=)", answer.text)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe-eval" not in answer.headers["content-security-policy"]


def test_a_window_slides_and_a_flood_of_keys_is_forgotten() -> None:
    now = [0.0]
    throttle = Throttle(2, 10, clock=lambda: now[0])
    assert [throttle.take("a") for _ in range(3)] == [0, 0, 10]
    now[0] = 6.5
    assert throttle.take("a") == 4
    throttle.give_back("a")
    assert throttle.take("a") == 0
    now[0] = 10.5
    assert throttle.take("a") == 0
    for number in range(20_001):
        throttle.take(f"other {number}")
    assert throttle.take("a") == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8::1", "2001:0db8:0000:0000"),
        ("2001:db8:0:0:ffff::9", "2001:0db8:0000:0000"),
        ("no address", "no address"),
    ],
)
def test_addresses_of_one_line_are_one(address: str, key: str) -> None:
    assert address_key(address) == key
