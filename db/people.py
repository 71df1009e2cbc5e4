"""People, and the browsers they signed in from."""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.clip_tables import Identity
from db.columns import utc_now
from db.person_tables import Person, SignIn
from db.records import PersonKind, PersonRecord, SignInRecord

NAME_LIMIT = 60
_CLOCK_SLACK = timedelta(minutes=5)


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


def name_key(name: str) -> str:
    """What two spellings of one name have in common. Raises UnusableNameError."""
    return unicodedata.normalize("NFKC", clean_name(name)).casefold()


def ensure_person(session: Session, name: str, kind: PersonKind = "human") -> PersonRecord:
    """Find a person by name, whatever its case and width, or add one.

    Raises UnusableNameError when the name is unusable, or belongs to somebody of the other kind.
    """
    shown, key = clean_name(name), name_key(name)
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


def start_session(
    session: Session,
    person_id: int,
    batch_id: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Sign a browser in; the returned token goes into its cookie and is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.expires_at <= utc_now()))
    session.add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person_id,
            batch_id=batch_id,
            created_at=utc_now(),
            expires_at=expires_at,
        )
    )
    return token


def who(session: Session, token: str, *, password: bool = False) -> SignInRecord | None:
    """Whose cookie this is; with `password` only of somebody who has one. None also for a session
    that ended, for a removed person, and for a session of the future: a clock was wrong."""
    now = utc_now()
    found = session.execute(
        select(Person, SignIn).join(SignIn).where(SignIn.token_hash == hash_token(token))
    ).one_or_none()
    if found is None:
        return None
    person, signed_in = found
    ended = signed_in.expires_at is not None and signed_in.expires_at <= now
    if ended or signed_in.created_at > now + _CLOCK_SLACK:
        return None
    if person.state == "removed" or (password and person.password_hash is None):
        return None
    return SignInRecord(person_record(person), signed_in.batch_id)


def end_session(session: Session, token: str) -> None:
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(token)))


def end_sessions_of(session: Session, person_id: int, *, but: str | None = None) -> None:
    """Sign a person out of every browser, except the one with the token `but`."""
    theirs = delete(SignIn).where(SignIn.person_id == person_id)
    session.execute(theirs if but is None else theirs.where(SignIn.token_hash != hash_token(but)))


def hash_token(token: str) -> str:
    """What the database keeps of a secret that a browser holds."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def person_record(person: Person) -> PersonRecord:
    kind: Any = person.kind
    role: Any = person.role
    return PersonRecord(person.id, person.name, kind, role, person.state == "removed")
