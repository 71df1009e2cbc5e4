"""Which clips a new batch would take: they pass a filter, are in no batch, and can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, exists, func, select, type_coerce
from sqlalchemy.orm import Session

from db.clip_state import WITHDRAWN
from db.clip_tables import Clip
from db.clips import IDS_AT_ONCE, filtered
from db.label_tables import Slot
from db.quality_tables import Example
from db.records import ClipFilter

Stratum = Literal["verb", "noun", "source", "split", "video"]

_COLUMNS: dict[Stratum, Any] = {
    "verb": Clip.verb,
    "noun": Clip.noun,
    "source": Clip.source,
    "split": Clip.split,
    "video": Clip.video_uid,
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """`free` clips in the order of the data, with the stratum of each ("" without one); of `found`
    ones in all, `in_batches` have their places already and `unplayable` cannot be asked about:
    there is nothing to play, or they are examples, whose answers are shown."""

    free: dict[str, str]
    found: int
    in_batches: int
    unplayable: int


def candidates(session: Session, where: ClipFilter, by: Stratum | None = None) -> Candidates:
    """Of the clips that pass the filter."""
    return _candidates(session, filtered(session, where), by)


def candidates_among(
    session: Session, clip_ids: Sequence[str], by: Stratum | None = None
) -> Candidates:
    """Of these clips; ids that do not exist are not found."""
    wanted = list(dict.fromkeys(clip_ids))
    free: dict[str, str] = {}
    found = taken = unplayable = 0
    for start in range(0, len(wanted), IDS_AT_ONCE):
        part = _candidates(session, [Clip.clip_id.in_(wanted[start : start + IDS_AT_ONCE])], by)
        free |= part.free
        found += part.found
        taken += part.in_batches
        unplayable += part.unplayable
    return Candidates(free, found, taken, unplayable)


def _candidates(
    session: Session, conditions: Sequence[ColumnElement[bool]], by: Stratum | None
) -> Candidates:
    asked = exists().where(Slot.clip_id == Clip.clip_id)
    flags = type_coerce(Clip.flags, String)
    example = exists().where(Example.clip_id == Clip.clip_id, Example.retired_at.is_(None))
    never = flags.like(f"%,{WITHDRAWN},%") | flags.like("%,training_only,%") | example
    stratum = Clip.source if by is None else _COLUMNS[by]
    query = select(Clip.clip_id, stratum).where(*conditions, ~asked, ~never)
    rows = session.execute(query.order_by(Clip.video_uid, Clip.time_s, Clip.clip_id))
    free = {clip_id: "" if by is None else name or "" for clip_id, name in rows}

    def count(*more: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(Clip).where(*conditions, *more)
        return session.scalar(counted) or 0

    return Candidates(free, count(), count(asked), count(~asked, never))
