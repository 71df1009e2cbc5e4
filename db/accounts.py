"""Accounts: a person with a role and a password's hash. What is removed cannot sign in; its answers
and its name stay."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from db.audit import note
from db.columns import utc_now
from db.people import UnusableNameError, clean_name, end_sessions_of, name_key, person_record
from db.person_tables import Invitation, Person, SignIn
from db.records import AccountRecord, PersonRecord, Role

ROLES: tuple[Role, ...] = ("annotator", "researcher", "lead", "admin")


class AccountError(ValueError):
    """What was asked of an account cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whose password is to be checked against which hash."""

    person: PersonRecord
    password_hash: str


def accounts_on(session: Session) -> bool:
    """Whether anybody has to sign in with a password: one person has one."""
    return bool(session.scalar(select(exists().where(_ACTIVE, Person.password_hash.is_not(None)))))


def may(role: Role, needed: Role) -> bool:
    """Roles are ordered: each may what those before it may."""
    return ROLES.index(role) >= ROLES.index(needed)


def add_account(session: Session, name: str, role: Role, by_id: int | None = None) -> PersonRecord:
    """Give a role to a new person, or to one who has worked here under that name; the password
    comes by `set_password` or an invitation. Raises AccountError, UnusableNameError."""
    shown, key = clean_name(name), name_key(name)
    person = session.scalar(select(Person).where(Person.name_key == key))
    if person is None:
        person = Person(name=shown, name_key=key, kind="human", created_at=utc_now())
        session.add(person)
    elif person.kind != "human":
        raise UnusableNameError(f"“{person.name}” is a simulated annotator: choose another name.")
    elif person.state == "active" and person.password_hash is not None:
        raise AccountError(
            f"“{person.name}” has an account already ({person.role}). `sounding users role` "
            "changes what they may do."
        )
    person.role = role
    person.state = "active"
    session.flush()
    note(session, by_id, "account added", person.name, {"person": person.id, "role": role})
    return person_record(person)


def set_password(
    session: Session,
    person_id: int,
    password_hash: str,
    by_id: int | None = None,
    *,
    but: str | None = None,
) -> None:
    """Set a password and sign the person out of every browser but the one with the token `but`."""
    person = session.get_one(Person, person_id)
    person.password_hash = password_hash
    end_sessions_of(session, person_id, but=but)
    revoke_invitations_of(session, person_id)
    note(session, by_id, "password set", person.name, {"person": person_id})


def rehash(session: Session, person_id: int, password_hash: str) -> None:
    """The same password under today's cost: nobody is signed out."""
    session.get_one(Person, person_id).password_hash = password_hash


def set_role(session: Session, person_id: int, role: Role, by_id: int | None) -> None:
    person = session.get_one(Person, person_id)
    was, person.role = person.role, role
    note(session, by_id, "role changed", person.name, {"person": person_id, "to": role, "was": was})


def remove_account(session: Session, person_id: int, by_id: int | None) -> None:
    """End every session; the answers stay, with the name beside them."""
    person = session.get_one(Person, person_id)
    person.state = "removed"
    person.password_hash = None
    end_sessions_of(session, person_id)
    revoke_invitations_of(session, person_id)
    note(session, by_id, "account removed", person.name, {"person": person_id, "role": person.role})


def revoke_invitations_of(session: Session, person_id: int) -> None:
    """An unused link would set the password of an account that has changed since."""
    session.execute(
        update(Invitation)
        .where(Invitation.used_by == person_id, *OPEN_INVITATION)
        .values(revoked_at=utc_now())
        .execution_options(synchronize_session=False)
    )


def account_by_name(session: Session, name: str) -> PersonRecord | None:
    """A person who may be given a role; None also for a name that nobody can have."""
    try:
        key = name_key(name)
    except UnusableNameError:
        return None
    person = session.scalar(select(Person).where(Person.name_key == key, Person.kind == "human"))
    return None if person is None else person_record(person)


def credentials(session: Session, name: str) -> Credentials | None:
    """What a password is checked against; None for everybody who cannot sign in."""
    found = account_by_name(session, name)
    return None if found is None else credentials_of(session, found.id)


def credentials_of(session: Session, person_id: int) -> Credentials | None:
    person = session.get(Person, person_id)
    if person is None or person.state != "active" or person.password_hash is None:
        return None
    return Credentials(person_record(person), person.password_hash)


def last_admin(session: Session, person_id: int) -> bool:
    """Whether nobody else could manage accounts from the browser."""
    others = (Person.role == "admin", Person.password_hash.is_not(None), Person.id != person_id)
    return not session.scalar(select(exists().where(_ACTIVE, *others)))


def list_accounts(session: Session) -> list[AccountRecord]:
    """Everybody who is or was given a password or a role above annotator, and who labels by name;
    simulated annotators are left out."""
    sessions = (
        select(SignIn.person_id, func.count().label("n")).group_by(SignIn.person_id).subquery()
    )
    rows = session.execute(
        select(Person, sessions.c.n)
        .outerjoin(sessions, sessions.c.person_id == Person.id)
        .where(Person.kind == "human")
        .order_by(Person.id)
    )
    return [
        AccountRecord(
            person_record(person), person.password_hash is not None, person.created_at, count or 0
        )
        for person, count in rows
    ]


_ACTIVE = Person.state == "active"
OPEN_INVITATION = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
