"""What went wrong on the way to an answer, as a sentence for the page instead of a bare 500."""

import json
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError

from app.services.passwords import BusyError
from db.check_records import QualityError, UnknownError
from db.engine import DatabaseError
from mc3core.errors import InputError, RunError

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (InputError, 422),  # also a damaged file of the workspace: the sentence says which
    (RunError, 500),
    (DatabaseError, 503),
    (UnknownError, 404),
    (QualityError, 409),
    (BusyError, 503),
)


def explain_errors(app: FastAPI) -> None:
    """Answer our own errors with their message; others stay what they are, a bug."""
    app.add_exception_handler(RequestValidationError, _say_what_is_odd)
    for kind, status in STATUS:
        app.add_exception_handler(kind, _answer(status))
    app.add_exception_handler(OperationalError, _cannot_save)


def _answer(status: int) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    async def answer(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status)

    return answer


# What SQLite says, in words for whoever waits: an annotator's page keeps the answer and asks again.
_TROUBLES = (
    ("full", 507, "The disk of the studio is full. Make room on it: nothing else has to be done."),
    (
        "readonly",
        503,
        "The studio cannot write to its database: the file or its disk is read-only.",
    ),
    ("i/o error", 503, "The disk of the studio does not read or write as it should."),
)


async def _cannot_save(_: Request, error: Exception) -> JSONResponse:
    why = str(getattr(error, "orig", error)).strip().rstrip(".")
    for sign, status, sentence in _TROUBLES:
        if sign in why.lower():
            return JSONResponse({"detail": sentence}, status)
    return JSONResponse({"detail": f"The database does not answer: {why}."}, 503)


async def _say_what_is_odd(_: Request, error: Exception) -> Response:
    """Where and why, without what was sent: it may hold a password, or what no answer can say."""
    assert isinstance(error, RequestValidationError)
    told = [{key: one[key] for key in ("type", "loc", "msg")} for one in error.errors()]
    body = json.dumps({"detail": told}, default=str)
    return Response(body, 422, media_type="application/json")
