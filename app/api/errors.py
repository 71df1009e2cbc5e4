"""What went wrong on the way to an answer, as a sentence for the page instead of a bare 500."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from db.check_records import QualityError, UnknownError
from db.engine import DatabaseError
from mc3core.errors import InputError, RunError

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (InputError, 422),  # also a damaged file of the workspace: the sentence says which
    (RunError, 500),
    (DatabaseError, 503),
    (UnknownError, 404),
    (QualityError, 409),
)


def explain_errors(app: FastAPI) -> None:
    """Answer our own errors with their message; others stay what they are, a bug."""
    for kind, status in STATUS:
        app.add_exception_handler(kind, _answer(status))


def _answer(status: int) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    async def answer(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status)

    return answer
