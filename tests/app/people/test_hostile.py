"""What attackers send to the doors: forged cookies, odd names, other pages, giant bodies."""

import re

import pytest
from fastapi import FastAPI

from app.context import AppContext
from app.security import BODY_LIMIT, SESSION_COOKIE
from db.audit import page_of_audit
from db.invitations import invite
from db.person_tables import SignIn
from tests.app.accounts import PASSWORD, browser, sign_in
from tests.app.people.studio import whoami


def test_a_planted_token_never_becomes_a_session(app: FastAPI) -> None:
    client = browser(app)
    client.cookies.set(SESSION_COOKIE, "planted", domain="127.0.0.1")
    sign_in(client, "Ana")
    other = browser(app)
    other.cookies.set(SESSION_COOKIE, "planted")
    assert whoami(other)["person"] is None


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
