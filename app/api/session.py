"""Signing in by name: a cookie that scripts cannot read, and its hash in the database."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, HTTPException, Response
from pydantic import BaseModel, Field

from app.context import AppContext
from app.security import SESSION_COOKIE
from db.engine import Database
from db.labelling import batch_by_name, person_progress
from db.people import (
    UnusableNameError,
    database_uid,
    end_session,
    ensure_person,
    start_session,
    who,
)
from db.records import PersonProgress, PersonRecord, SignInRecord

Token = Annotated[str | None, Cookie(alias=SESSION_COOKIE)]
_NINETY_DAYS_S = 90 * 24 * 3600


class SignInRequest(BaseModel):
    """The name shown beside the answers, and the batch to work on (any open one where absent)."""

    name: Annotated[str, Field(max_length=500)]
    batch: Annotated[str | None, Field(max_length=500)] = None


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/session")
    database = context.database

    @api.get("")
    def whoami(token: Token = None) -> dict[str, Any]:
        with database.read() as session:
            found = None if token is None else who(session, token)
            progress = (
                None if found is None else person_progress(session, found.person.id, found.batch_id)
            )
            return _session_json(database_uid(session), found, progress)

    @api.post("")
    def sign_in(request: SignInRequest, response: Response, token: Token = None) -> dict[str, Any]:
        with database.write() as session:
            batch = None if request.batch is None else batch_by_name(session, request.batch)
            if request.batch is not None and batch is None:
                raise HTTPException(404, f"There is no batch “{request.batch}”.")
            try:
                person = ensure_person(session, request.name)
            except UnusableNameError as error:
                raise HTTPException(422, str(error)) from None
            if token is not None:
                end_session(session, token)
            batch_id = None if batch is None else batch.id
            fresh = start_session(session, person.id, batch_id)
            progress = person_progress(session, person.id, batch_id)
            uid = database_uid(session)
        response.set_cookie(
            SESSION_COOKIE, fresh, max_age=_NINETY_DAYS_S, httponly=True, samesite="lax", path="/"
        )
        return _session_json(uid, SignInRecord(person, batch_id), progress)

    @api.delete("")
    def sign_out(response: Response, token: Token = None) -> dict[str, Any]:
        with database.write() as session:
            if token is not None:
                end_session(session, token)
            uid = database_uid(session)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", path="/")
        return _session_json(uid, None, None)

    return api


def signed_in(database: Database) -> Callable[[str | None], SignInRecord]:
    """A dependency: who asks, or 401 with what to do."""

    def asks(token: Token = None) -> SignInRecord:
        with database.read() as session:
            found = None if token is None else who(session, token)
        if found is None:
            raise HTTPException(401, "Sign in with your name first.")
        return found

    return asks


def progress_json(progress: PersonProgress) -> dict[str, int]:
    return {
        "done": progress.done,
        "left": progress.left,
        "total": progress.done + progress.left,
    }


def _session_json(
    uid: str, found: SignInRecord | None, progress: PersonProgress | None
) -> dict[str, Any]:
    person: PersonRecord | None = None if found is None else found.person
    return {
        "database": uid,
        "person": None if person is None else {"id": person.id, "name": person.name},
        "progress": None if progress is None else progress_json(progress),
    }
