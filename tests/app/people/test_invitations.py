"""Invitations: once, for one role, in somebody's name, and not for ever."""

from fastapi import FastAPI

from app.context import AppContext
from db.columns import utc_now
from db.invitations import invite
from db.person_tables import Invitation
from tests.app.accounts import browser
from tests.app.people.studio import person_id, whoami


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
