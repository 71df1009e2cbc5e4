"""Who did what and when: appended by whatever changes the rules or the labels, never changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.columns import utc_now
from db.models import Audit, Person
from db.records import Page


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One deed; `by` is None where no account was needed."""

    id: int
    at: datetime
    by: str | None
    action: str
    subject: str
    detail: dict[str, Any]


def note(
    session: Session, by_id: int | None, action: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Append a deed, in the transaction that does it: one is never kept without the other."""
    said = json.dumps(dict(detail), ensure_ascii=False)
    session.add(Audit(at=utc_now(), by_id=by_id, action=action, subject=subject, detail=said))
    session.flush()


def page_of_audit(session: Session, offset: int = 0, limit: int = 50) -> Page[AuditRecord]:
    """The newest first."""
    total = session.scalar(select(func.count()).select_from(Audit)) or 0
    query = (
        select(Audit, Person.name)
        .outerjoin(Person, Person.id == Audit.by_id)
        .order_by(Audit.id.desc())
        .offset(offset)
        .limit(limit)
    )
    rows = tuple(
        AuditRecord(deed.id, deed.at, by, deed.action, deed.subject, json.loads(deed.detail))
        for deed, by in session.execute(query)
    )
    return Page(rows, total, offset)
