"""Who does it: the person behind a request, for the audit; None where no account was needed."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Cookie

from app.security import SESSION_COOKIE
from db.engine import Database
from db.people import who


def doer(database: Database) -> Callable[[str | None], int | None]:
    """A dependency: the id of the signed-in person."""

    def by(token: Annotated[str | None, Cookie(alias=SESSION_COOKIE)] = None) -> int | None:
        if token is None:
            return None
        with database.read() as session:
            found = who(session, token)
        return None if found is None else found.person.id

    return by
