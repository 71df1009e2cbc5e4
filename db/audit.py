"""Who did what and when: rows are added, never changed."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from db.columns import utc_now
from db.models import Audit


def note(
    session: Session, by_id: int | None, action: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Add a row in the caller's transaction: what is undone is not noted."""
    text = json.dumps(dict(detail), ensure_ascii=False, default=str)
    session.add(Audit(at=utc_now(), by_id=by_id, action=action, subject=subject, detail=text))
