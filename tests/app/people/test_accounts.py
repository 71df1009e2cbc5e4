"""Signing in and out by password: roles, sessions that end, removal."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.context import AppContext
from app.security import SESSION_COOKIE
from db.accounts import remove_account, set_role
from db.audit import page_of_audit
from db.columns import utc_now
from db.people import ensure_person
from db.person_tables import SignIn
from tests.app.accounts import PASSWORD, browser, fill, sign_in
from tests.app.people.studio import WRONG, bare, whoami


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


def test_the_token_changes_at_every_sign_in_and_the_old_one_ends(app: FastAPI) -> None:
    client = browser(app, "Ana")
    old = client.cookies[SESSION_COOKIE]
    sign_in(client, "Ana")
    assert client.cookies[SESSION_COOKIE] != old
    other = browser(app)
    other.cookies.set(SESSION_COOKIE, old)
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
