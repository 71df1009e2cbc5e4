"""One's own account: joining by an invitation, and changing the password."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from app.access import Asker, needs
from app.api.session import BY_PASSWORD, Token, set_session
from app.api.tries import Tries
from app.context import AppContext
from app.services import passwords
from db.accounts import AccountError, credentials_of, set_password
from db.columns import utc_now
from db.invitations import InvitationError, accept, open_invitation
from db.people import UnusableNameError, clean_name, end_session, start_session
from db.records import InvitationRecord

Secret = Annotated[str, Field(max_length=200)]
Password = Annotated[str, Field(max_length=2000)]


class LookRequest(BaseModel):
    """The token stood in the link's fragment, which no browser sends and no log holds."""

    token: Secret


class JoinRequest(LookRequest):
    name: Annotated[str, Field(max_length=500)] = ""
    password: Password


class PasswordRequest(BaseModel):
    current: Password
    new: Password


def router(context: AppContext) -> APIRouter:
    api = APIRouter()
    database = context.database
    guesses = Tries(names=1000, addresses=30, window_s=15 * 60)
    own = Depends(needs(context))
    own_tries = Tries(names=10, addresses=1000, window_s=15 * 60)

    def invitation(asked: LookRequest, request: Request) -> InvitationRecord:
        with guesses.one(request) as tried:
            with database.read() as session:
                found = open_invitation(session, asked.token)
            if found is None:
                raise HTTPException(404, str(InvitationError()))
            tried.was_right()
        return found

    @api.post("/api/join/look")
    def look_at(asked: LookRequest, request: Request) -> dict[str, Any]:
        found = invitation(asked, request)
        return {
            "role": found.role,
            "name": found.name,
            "expires_at": found.expires_at.isoformat(),
            "shortest_password": passwords.SHORTEST,
        }

    @api.post("/api/join")
    def join(
        asked: JoinRequest, request: Request, response: Response, token: Token = None
    ) -> dict[str, Any]:
        found = invitation(asked, request)
        try:
            name = found.name or clean_name(asked.name)
            new = passwords.hashed(asked.password, name)
            with database.write() as session:
                person = accept(session, asked.token, name, new)
                if token is not None:
                    end_session(session, token)
                fresh = start_session(session, person.id, expires_at=utc_now() + BY_PASSWORD)
        except InvitationError as error:  # somebody was quicker
            raise HTTPException(404, str(error)) from None
        except AccountError as error:
            raise HTTPException(409, str(error)) from None
        except (UnusableNameError, passwords.WeakPasswordError) as error:
            raise HTTPException(422, str(error)) from None
        set_session(context, response, fresh, BY_PASSWORD)
        return {"person": {"id": person.id, "name": person.name, "role": person.role}}

    @api.post("/api/account/password")
    def change_password(
        asked: PasswordRequest,
        request: Request,
        asker: Asker = own,
        token: Token = None,
    ) -> dict[str, Any]:
        """Every other browser of this person is signed out."""
        known = None
        if asker.person is not None:
            with database.read() as session:
                known = credentials_of(session, asker.person.id)
        if known is None:
            raise HTTPException(409, "You have no password here: nobody needs one yet.")
        with own_tries.one(request, known.person.name) as tried:
            if not passwords.matches(known.password_hash, asked.current):
                raise HTTPException(422, "Your present password is not right.")
            tried.was_right()
        try:
            new = passwords.hashed(asked.new, known.person.name)
        except passwords.WeakPasswordError as error:
            raise HTTPException(422, str(error)) from None
        with database.write() as session:
            set_password(session, known.person.id, new, known.person.id, but=token)
        return {"changed": True}

    return api
