"""Who changed the rules or the labels, and when: rows are appended, never changed."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.columns import utc_now
from db.person_tables import Audit, Person
from db.records import AuditRecord, Page


def note(
    session: Session,
    by_id: int | None,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append a row, inside the transaction of what it tells about: both are kept or neither.

    `by_id` is None for the command line and where no account was needed. `action` is a short word
    pair such as "role changed"; no secret goes into `detail`.
    """
    session.add(
        Audit(
            at=utc_now(),
            by_id=by_id,
            action=action,
            subject=subject,
            detail=json.dumps(dict(detail or {}), ensure_ascii=False, default=str),
        )
    )


def page_of_audit(
    session: Session,
    offset: int = 0,
    limit: int = 50,
    *,
    action: str | None = None,
    subject: str | None = None,
    by_id: int | None = None,
) -> Page[AuditRecord]:
    """The newest rows first; None means any."""
    wanted = [
        column == value
        for column, value in (
            (Audit.action, action),
            (Audit.subject, subject),
            (Audit.by_id, by_id),
        )
        if value is not None
    ]
    total = session.scalar(select(func.count()).select_from(Audit).where(*wanted)) or 0
    found = session.execute(
        select(Audit, Person.name)
        .outerjoin(Person, Person.id == Audit.by_id)
        .where(*wanted)
        .order_by(Audit.id.desc())
        .offset(offset)
        .limit(limit)
    )
    rows = tuple(
        AuditRecord(
            row.id, row.at, row.by_id, name, row.action, row.subject, json.loads(row.detail)
        )
        for row, name in found
    )
    return Page(rows, total, offset)
