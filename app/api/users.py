"""Accounts of others, for admins: who there is, invitations, roles, removal."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.access import Asker, needs
from app.context import AppContext
from db.accounts import (
    AccountError,
    add_account,
    last_admin,
    list_accounts,
    remove_account,
    set_role,
)
from db.invitations import invite, open_invitations, revoke
from db.people import UnusableNameError
from db.records import AccountRecord, InvitationRecord, Role

DAYS = 7


class InviteRequest(BaseModel):
    """With a name the invitation is for that person, who may have answered here before."""

    role: Role
    name: Annotated[str | None, Field(max_length=500)] = None
    days: Annotated[float, Field(gt=0, le=90)] = DAYS


class RoleRequest(BaseModel):
    role: Role


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/users")
    database = context.database
    admin = Depends(needs(context, "admin"))

    @api.get("")
    def users(_: Asker = admin) -> dict[str, Any]:
        with database.read() as session:
            accounts, invitations = list_accounts(session), open_invitations(session)
        return {
            "users": [account_json(one) for one in accounts],
            "invitations": [invitation_json(one) for one in invitations],
        }

    @api.post("/invite")
    def make_invitation(asked: InviteRequest, asker: Asker = admin) -> dict[str, Any]:
        """The answer alone holds the token."""
        with database.write() as session:
            person = None
            try:
                if asked.name:
                    person = add_account(session, asked.name, asked.role, asker.by_id)
            except UnusableNameError as error:
                raise HTTPException(422, str(error)) from None
            except AccountError as error:
                raise HTTPException(409, str(error)) from None
            person_id = None if person is None else person.id
            token = invite(session, asked.role, asked.days, asker.by_id, person_id=person_id)
        return {"link": f"join#{token}", "role": asked.role, "days": asked.days}

    @api.post("/invitations/{invitation_id}/revoke")
    def take_back(invitation_id: int, asker: Asker = admin) -> dict[str, Any]:
        with database.write() as session:
            if not revoke(session, invitation_id, asker.by_id):
                raise HTTPException(404, "This invitation is used up or ended already.")
        return {"revoked": True}

    @api.post("/{person_id}/role")
    def change_role(person_id: int, asked: RoleRequest, asker: Asker = admin) -> dict[str, Any]:
        with database.write() as session:
            found = _known(list_accounts(session), person_id)
            if asked.role != "admin":
                _refuse_last(session, found)
            set_role(session, person_id, asked.role, asker.by_id)
            found = _known(list_accounts(session), person_id)
        return account_json(found)

    @api.post("/{person_id}/remove")
    def remove(person_id: int, asker: Asker = admin) -> dict[str, Any]:
        with database.write() as session:
            found = _known(list_accounts(session), person_id)
            _refuse_last(session, found)
            remove_account(session, person_id, asker.by_id)
            found = _known(list_accounts(session), person_id)
        return account_json(found)

    return api


def account_json(account: AccountRecord) -> dict[str, Any]:
    person = account.person
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "state": "removed" if person.removed else "active",
        "password": account.password,
        "signed_in": account.sessions,
        "created_at": account.created_at.isoformat(),
    }


def invitation_json(invitation: InvitationRecord) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "role": invitation.role,
        "name": invitation.name,
        "expires_at": invitation.expires_at.isoformat(),
    }


def _refuse_last(session: Session, account: AccountRecord) -> None:
    admin = account.person.role == "admin" and account.password
    if admin and last_admin(session, account.person.id):
        raise HTTPException(409, "Nobody else is an admin: make somebody one first.")


def _known(accounts: list[AccountRecord], person_id: int) -> AccountRecord:
    found = next((one for one in accounts if one.person.id == person_id), None)
    if found is None:
        raise HTTPException(404, "There is no such person.")
    return found
