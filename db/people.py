"""People, and the browsers they signed in from."""

import hashlib
import secrets
import unicodedata
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.columns import utc_now
from db.models import Identity, Person, SignIn
from db.records import PersonKind, PersonRecord, SignInRecord

NAME_LIMIT = 60


class UnusableNameError(ValueError):
    """A name that cannot be used; the message is for the person who typed it."""


def clean_name(name: str) -> str:
    """Any script, one line, single spaces; empty or over 60 characters is refused."""
    shown = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") else sign
        for sign in unicodedata.normalize("NFC", name)
    )
    shown = " ".join(shown.split())
    if not any(unicodedata.category(sign)[0] in "LNSP" for sign in shown):
        raise UnusableNameError("Type a name: it stands beside your answers.")
    if len(shown) > NAME_LIMIT:
        raise UnusableNameError(
            f"Use a name of at most {NAME_LIMIT} characters (this one: {len(shown)})."
        )
    return shown


def ensure_person(session: Session, name: str, kind: PersonKind = "human") -> PersonRecord:
    """Find a person by name, whatever its case and width, or add one.

    Raises UnusableNameError when the name is unusable, or belongs to somebody of the other kind.
    """
    shown = clean_name(name)
    key = unicodedata.normalize("NFKC", shown).casefold()
    person = session.scalar(select(Person).where(Person.name_key == key))
    if person is None:
        person = Person(name=shown, name_key=key, kind=kind, created_at=utc_now())
        session.add(person)
        session.flush()
    elif person.kind != kind:
        raise UnusableNameError(
            f"“{person.name}” is a {person.kind} annotator: choose another name."
        )
    return person_record(person)


def database_uid(session: Session) -> str:
    """A name of this database that no other one has."""
    return session.scalars(select(Identity.uid)).one()


def list_people(session: Session) -> list[PersonRecord]:
    return [person_record(person) for person in session.scalars(select(Person).order_by(Person.id))]


def start_session(session: Session, person_id: int, batch_id: int | None = None) -> str:
    """Sign a browser in; the returned token goes into its cookie and is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=_hash(token), person_id=person_id, batch_id=batch_id, created_at=utc_now()
        )
    )
    return token


def who(session: Session, token: str) -> SignInRecord | None:
    """Whose cookie this is."""
    found = session.execute(
        select(Person, SignIn.batch_id).join(SignIn).where(SignIn.token_hash == _hash(token))
    ).one_or_none()
    return None if found is None else SignInRecord(person_record(found[0]), found[1])


def end_session(session: Session, token: str) -> None:
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def person_record(person: Person) -> PersonRecord:
    kind: Any = person.kind
    role: Any = person.role
    return PersonRecord(person.id, person.name, kind, role, person.state == "removed")
