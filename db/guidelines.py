"""Guidelines by version: a new text is a new version, and an answer names the one it was under."""

from difflib import unified_diff

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.audit import note
from db.check_records import GuidelineRecord, QualityError
from db.columns import utc_now
from db.person_tables import Person
from db.quality_tables import Guideline


def present_guideline(session: Session) -> GuidelineRecord | None:
    """The newest version; None where there is none yet."""
    return next(iter(guidelines(session, limit=1)), None)


def guidelines(session: Session, limit: int | None = None) -> list[GuidelineRecord]:
    """Every version, the newest first."""
    query = (
        select(Guideline, Person.name)
        .outerjoin(Person, Person.id == Guideline.by_id)
        .order_by(Guideline.version.desc())
        .limit(limit)
    )
    return [
        GuidelineRecord(row.version, row.text, row.created_at, by)
        for row, by in session.execute(query)
    ]


def lines_changed(before: str, after: str) -> list[str]:
    """A unified diff without its head: what somebody who knows the version before must read."""
    lines = unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=1)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def add_guideline(session: Session, text: str, *, by_id: int | None = None) -> int:
    """Publish a text; its version. Raises QualityError for no text, or the same text again."""
    text = text.strip()
    if not text:
        raise QualityError("Write what annotators are to do: the guideline is empty.")
    known = present_guideline(session)
    if known is not None and known.text == text:
        raise QualityError(f"This is version {known.version} already: nothing has changed.")
    version = (session.scalar(select(func.max(Guideline.version))) or 0) + 1
    session.add(Guideline(version=version, text=text, created_at=utc_now(), by_id=by_id))
    session.flush()
    note(session, by_id, "guideline published", f"version {version}", {"signs": len(text)})
    return version


def install_guideline(session: Session, text: str) -> None:
    """The text a workspace begins with, as version 1; nothing where there is one."""
    if session.get(Guideline, 1) is None and present_guideline(session) is None:
        session.add(Guideline(version=1, text=text.strip(), created_at=utc_now(), by_id=None))
        session.flush()
