"""Our own routes behind gate and guard, and what the tests of accounts ask them."""

from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.access import gate
from app.api import account, annotate, doors, errors, labelling, media, session, static, users
from app.context import AppContext
from app.security import guard
from db.people import ensure_person

WRONG = {"detail": "Name or password is not right."}


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
