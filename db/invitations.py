"""Invitations: a secret link, once and for some days, that makes an account of one role."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import OPEN_INVITATION, AccountError, revoke_invitations_of
from db.audit import note
from db.columns import utc_now
from db.people import clean_name, end_sessions_of, hash_token, name_key, person_record
from db.person_tables import Invitation, Person
from db.records import InvitationRecord, PersonRecord, Role


class InvitationError(AccountError):
    """The link does not work (any more); one sentence for all reasons, so that none is told."""

    def __init__(self) -> None:
        super().__init__("This invitation is used up, ended or mistyped: ask for a new one.")


def invite(
    session: Session,
    role: Role,
    days: float,
    by_id: int | None = None,
    *,
    person_id: int | None = None,
) -> str:
    """Make an invitation; the token goes into the link and is kept nowhere else.

    With `person_id` it is for that person alone, and replaces an earlier one of theirs.
    """
    now, token = utc_now(), secrets.token_urlsafe(24)
    if person_id is not None:
        revoke_invitations_of(session, person_id)
    invitation = Invitation(
        token_hash=hash_token(token),
        role=role,
        made_by=by_id,
        created_at=now,
        expires_at=now + timedelta(days=days),
        used_by=person_id,
    )
    session.add(invitation)
    session.flush()
    note(session, by_id, "invited", role, {"invitation": invitation.id, "days": days})
    return token


def open_invitation(
    session: Session, token: str, now: datetime | None = None
) -> InvitationRecord | None:
    """The invitation of a token while it can be used."""
    invitation = session.scalar(
        select(Invitation).where(
            Invitation.token_hash == hash_token(token),
            Invitation.expires_at > (now or utc_now()),
            *OPEN_INVITATION,
        )
    )
    if invitation is None:
        return None
    person = None if invitation.used_by is None else session.get_one(Person, invitation.used_by)
    return None if person is not None and person.state != "active" else _record(invitation, person)


def accept(session: Session, token: str, name: str, password_hash: str) -> PersonRecord:
    """Make the account of an invitation. Raises InvitationError, UnusableNameError, AccountError.

    A name that stands beside somebody's answers is not given away: that person's own invitation
    is made with their name.
    """
    found = open_invitation(session, token)
    if found is None:
        raise InvitationError
    invitation = session.get_one(Invitation, found.id)
    if invitation.used_by is not None:
        person = session.get_one(Person, invitation.used_by)
    else:
        shown, key = clean_name(name), name_key(name)
        if session.scalar(select(Person.id).where(Person.name_key == key)) is not None:
            raise AccountError(
                "Somebody here has this name. Choose another, or ask for an invitation in your "
                "name if it is you."
            )
        person = Person(name=shown, name_key=key, kind="human", created_at=utc_now())
        session.add(person)
        person.role = invitation.role
    person.password_hash = password_hash
    session.flush()
    end_sessions_of(session, person.id)
    invitation.used_by = person.id
    invitation.used_at = utc_now()
    detail = {"invitation": invitation.id, "person": person.id, "role": person.role}
    note(session, person.id, "joined", person.name, detail)
    return person_record(person)


def revoke(session: Session, invitation_id: int, by_id: int | None) -> bool:
    """Take an invitation back; False where there is none open."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.used_at is not None or invitation.revoked_at is not None:
        return False
    invitation.revoked_at = utc_now()
    note(session, by_id, "invitation revoked", invitation.role, {"invitation": invitation_id})
    return True


def open_invitations(session: Session) -> list[InvitationRecord]:
    rows = session.execute(
        select(Invitation, Person)
        .outerjoin(Person, Person.id == Invitation.used_by)
        .where(Invitation.expires_at > utc_now(), *OPEN_INVITATION)
        .order_by(Invitation.id)
    )
    return [_record(invitation, person) for invitation, person in rows]


def _record(invitation: Invitation, person: Person | None) -> InvitationRecord:
    role: Any = invitation.role if person is None else person.role  # changed since, perhaps
    return InvitationRecord(
        invitation.id,
        role,
        None if person is None else person.name,
        invitation.created_at,
        invitation.expires_at,
    )
