"""A lead's decisions: appended, never changed; the clip's places follow them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotation.protocol import settle
from db.clip_state import RETRACTED, load_clip, store
from db.clip_tables import Clip
from db.clips import IDS_AT_ONCE
from db.columns import utc_now
from db.label_tables import Adjudication
from db.person_tables import Person
from db.present import present

Decided = Literal["yes", "no", "unusable"]


class DecisionError(ValueError):
    """A decision that cannot be made or taken back; the message says why."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a lead decided about a clip; `by` is None where no account was needed."""

    clip_id: str
    label: Decided
    reason: str
    by: str | None
    at: datetime


def decide(
    session: Session,
    clip_id: str,
    label: Decided,
    *,
    by_id: int | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Decide a clip, whatever its votes: nobody is asked about it any more.

    Call it in `Database.write()`. Raises DecisionError for an unknown clip.
    """
    if session.get(Clip, clip_id) is None:
        raise DecisionError(f"There is no clip {clip_id}.")
    _append(session, clip_id, label, by_id, reason, now)


def take_back(
    session: Session, clip_id: str, *, by_id: int | None = None, now: datetime | None = None
) -> None:
    """Take the decision back: the votes stand again, and places that are asked for are open.

    Raises DecisionError where nothing is decided.
    """
    if not decisions(session, [clip_id]):
        raise DecisionError(f"Nothing is decided about clip {clip_id}: there is nothing to undo.")
    _append(session, clip_id, RETRACTED, by_id, "", now)


def decisions(session: Session, clip_ids: Sequence[str]) -> dict[str, Decision]:
    """The decisions in force about these clips."""
    query = (
        select(Adjudication, Person.name)
        .outerjoin(Person, Person.id == Adjudication.by_id)
        .where(present(Adjudication), Adjudication.label != RETRACTED)
    )
    found: dict[str, Decision] = {}
    for start in range(0, len(clip_ids), IDS_AT_ONCE):
        some = query.where(Adjudication.clip_id.in_(clip_ids[start : start + IDS_AT_ONCE]))
        for row, by in session.execute(some):
            label: Any = row.label
            found[row.clip_id] = Decision(row.clip_id, label, row.reason, by, row.created_at)
    return found


def _append(
    session: Session,
    clip_id: str,
    label: str,
    by_id: int | None,
    reason: str,
    now: datetime | None,
) -> None:
    before = session.scalar(
        select(Adjudication.id).where(Adjudication.clip_id == clip_id, present(Adjudication))
    )
    session.add(
        Adjudication(
            clip_id=clip_id,
            by_id=by_id,
            label=label,
            reason=reason,
            created_at=now or utc_now(),
            supersedes=before,
        )
    )
    session.flush()
    # Read anew, the state knows whether it is ended; a withdrawn clip stays so.
    stored = load_clip(session, clip_id)
    store(session, stored, settle(stored.state))
