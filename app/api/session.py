"""Signing in: by name alone while nobody has a password, by name and password from then on.

The cookie holds a token that scripts cannot read; the database keeps its hash.
"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, HTTPException, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.access import SIGN_IN, Asker, look
from app.api.tries import Tries
from app.context import AppContext
from app.security import SESSION_COOKIE
from app.services import passwords
from db.accounts import Credentials, credentials, credentials_of, rehash
from db.columns import utc_now
from db.labelling import batch_by_name
from db.people import UnusableNameError, database_uid, end_session, ensure_person, start_session
from db.records import PersonProgress, PersonRecord

Token = Annotated[str | None, Cookie(alias=SESSION_COOKIE)]
BY_NAME, BY_PASSWORD = timedelta(days=90), timedelta(days=14)
_WRONG = "Name or password is not right."


class SignInRequest(BaseModel):
    """The name shown beside the answers, the password where accounts are on, and the batch to work
    on (any open one where absent)."""

    name: Annotated[str, Field(max_length=500)]
    password: Annotated[str | None, Field(max_length=2000)] = None
    batch: Annotated[str | None, Field(max_length=500)] = None


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/session")
    database = context.database
    always = context.settings.public is not None
    tries = Tries(names=10, addresses=40, window_s=15 * 60)

    @api.get("")
    def whoami(request: Request) -> dict[str, Any]:
        asker = look(request, database, always)
        with database.read() as session:
            progress = (
                None
                if asker.person is None
                else context.progress.of(session, asker.person.id, asker.batch_id)
            )
            uid = database_uid(session)
        return _session_json(uid, asker, progress)

    @api.post("")
    def sign_in(
        asked: SignInRequest, request: Request, response: Response, token: Token = None
    ) -> dict[str, Any]:
        accounts = look(request, database, always).accounts
        known = checked(asked, request) if accounts else None
        with database.write() as session:
            person = still(session, known, asked) if accounts else by_name(session, asked.name)
            batch = None if asked.batch is None else batch_by_name(session, asked.batch)
            if asked.batch is not None and batch is None:
                raise HTTPException(404, f"There is no batch “{asked.batch}”.")
            if token is not None:
                end_session(session, token)
            batch_id = None if batch is None else batch.id
            lasts = BY_PASSWORD if accounts else BY_NAME
            fresh = start_session(session, person.id, batch_id, utc_now() + lasts)
            progress = context.progress.of(session, person.id, batch_id)
            uid = database_uid(session)
        set_session(context, response, fresh, lasts)
        return _session_json(uid, Asker(person, batch_id, accounts), progress)

    def checked(asked: SignInRequest, request: Request) -> Credentials | None:
        """Whose name and password these are; None where they are nobody's, as slowly."""
        if not asked.password:
            raise HTTPException(401, "Type your name and your password.", SIGN_IN)
        with tries.one(request, asked.name) as tried:
            with database.read() as session:
                found = credentials(session, asked.name)
            stored = None if found is None else found.password_hash
            if right := passwords.matches(stored, asked.password):
                tried.was_right()
        return found if right else None

    @api.delete("")
    def sign_out(request: Request, response: Response, token: Token = None) -> dict[str, Any]:
        with database.write() as session:
            if token is not None:
                end_session(session, token)
            uid = database_uid(session)
        accounts = look(request, database, always).accounts
        response.delete_cookie(SESSION_COOKIE, **_cookie(context))
        return _session_json(uid, Asker(None, None, accounts), None)

    return api


def still(session: Session, known: Credentials | None, asked: SignInRequest) -> PersonRecord:
    """The person, in the transaction that signs them in: a password may have changed meanwhile."""
    now = None if known is None else credentials_of(session, known.person.id)
    if known is None or now is None or now.password_hash != known.password_hash:
        raise HTTPException(401, _WRONG)
    if passwords.outdated(now.password_hash):
        rehash(session, now.person.id, passwords.rehashed(asked.password or ""))
    return now.person


def by_name(session: Session, name: str) -> PersonRecord:
    """Whoever says so, while nobody has a password."""
    try:
        person = ensure_person(session, name)
    except UnusableNameError as error:
        raise HTTPException(422, str(error)) from None
    if person.removed:
        raise HTTPException(422, f"“{person.name}” was removed: choose another name.")
    return person


def set_session(context: AppContext, response: Response, token: str, lasts: timedelta) -> None:
    """The cookie: for this studio alone, unreadable for scripts, over TLS where there is TLS."""
    response.set_cookie(
        SESSION_COOKIE, token, max_age=int(lasts.total_seconds()), **_cookie(context)
    )


def _cookie(context: AppContext) -> dict[str, Any]:
    settings = context.settings
    return {
        "path": settings.base or "/",
        "httponly": True,
        "samesite": "lax",
        "secure": settings.public is not None,
    }


def progress_json(progress: PersonProgress) -> dict[str, int]:
    return {
        "done": progress.done,
        "left": progress.left,
        "total": progress.done + progress.left,
    }


def _session_json(uid: str, asker: Asker, progress: PersonProgress | None) -> dict[str, Any]:
    person: PersonRecord | None = asker.person
    hidden = asker.accounts and person is None  # not even which database this is
    return {
        "database": None if hidden else uid,
        "accounts": asker.accounts,
        "person": None if person is None else _person_json(person, asker),
        "progress": None if progress is None else progress_json(progress),
    }


def _person_json(person: PersonRecord, asker: Asker) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "role": asker.role}
