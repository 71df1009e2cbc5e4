"""The protocol's state of clips, read from the tables and written back: the rules themselves are in
`annotation.protocol`, the constraints of the tables hold whatever code does."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, select, type_coerce, update
from sqlalchemy.orm import Session, aliased

from annotation.assignment import asks_all
from annotation.protocol import ClipState, Place
from db.clips import IDS_AT_ONCE
from db.models import Adjudication, Answer, Assignment, Batch, Clip, Slot

MAIN = "main"
RETRACTED = "retracted"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StoredClip:
    """A clip's state with the rows of its places, in their order."""

    state: ClipState
    slots: tuple[int, ...]


def load_clip(session: Session, clip_id: str) -> StoredClip:
    return load_clips(session, [clip_id])[clip_id]


def load_clips(session: Session, clip_ids: Sequence[str]) -> dict[str, StoredClip]:
    """The states of clips; one without slots has no places."""
    found: dict[str, StoredClip] = {}
    wanted = list(dict.fromkeys(clip_ids))
    for start in range(0, len(wanted), IDS_AT_ONCE):
        found |= _load(session, wanted[start : start + IDS_AT_ONCE])
    return found


def store(session: Session, before: StoredClip, after: ClipState) -> StoredClip:
    """Write what changed."""
    store_all(session, [(before, after)])
    return StoredClip(after, before.slots)


def store_all(session: Session, changed: Iterable[tuple[StoredClip, ClipState]]) -> None:
    """Write what changed of many clips. A place is emptied before it is given on: no row holds two
    at a time."""
    emptied: list[dict[str, Any]] = []
    filled: list[dict[str, Any]] = []
    for before, after in changed:
        for slot, old, new in zip(before.slots, before.state.places, after.places, strict=True):
            if old == new:
                continue
            if old.holder not in (None, new.holder):
                emptied.append({"id": slot, "assignment_id": None, "filled": False})
            filled.append(
                {
                    "id": slot,
                    "assignment_id": new.holder,
                    "filled": new.filled,
                    "shut": new.shut,
                }
            )
    for rows in (emptied, filled):
        if rows:
            session.execute(update(Slot), rows)


def _load(session: Session, clip_ids: Sequence[str]) -> dict[str, StoredClip]:
    rows = session.execute(
        select(Slot.clip_id, Slot.id, Slot.assignment_id, Slot.filled, Slot.shut, Slot.batch_id)
        .where(Slot.clip_id.in_(clip_ids))
        .order_by(Slot.clip_id, Slot.k)
    ).all()
    slots: defaultdict[str, list[int]] = defaultdict(list)
    places: defaultdict[str, list[Place]] = defaultdict(list)
    batches: dict[str, int] = {}
    for clip_id, slot, holder, filled, shut, batch_id in rows:
        slots[clip_id].append(slot)
        places[clip_id].append(Place(holder, filled, shut))
        batches[clip_id] = batch_id
    rules = {
        batch.id: batch
        for batch in session.scalars(select(Batch).where(Batch.id.in_(set(batches.values()))))
    }
    words = _words(session, clip_ids)
    ended = _ended(session, clip_ids)
    return {
        clip_id: StoredClip(
            ClipState(
                tuple(places[clip_id]),
                words.get(clip_id, {}),
                clip_id in batches and _stops_early(rules[batches[clip_id]], clip_id),
                clip_id in ended,
            ),
            tuple(slots[clip_id]),
        )
        for clip_id in clip_ids
    }


def _stops_early(batch: Batch, clip_id: str) -> bool:
    return batch.early_stop and not asks_all(clip_id, batch.order_seed, batch.full_share)


def _words(session: Session, clip_ids: Sequence[str]) -> dict[str, dict[int, Any]]:
    later = aliased(Answer)
    query = (
        select(Assignment.clip_id, Assignment.id, Answer.value)
        .join(Answer, Answer.assignment_id == Assignment.id)
        .outerjoin(later, later.supersedes == Answer.id)
        .where(
            Assignment.clip_id.in_(clip_ids),
            Assignment.stream == MAIN,
            Answer.value != RETRACTED,
            later.id.is_(None),
        )
        .order_by(Answer.id)
    )
    words: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    for clip_id, assignment_id, value in session.execute(query):
        words[clip_id][assignment_id] = value
    return words


def _ended(session: Session, clip_ids: Sequence[str]) -> set[str]:
    """Clips that a lead has decided about, or whose video was withdrawn."""
    later = aliased(Adjudication)
    decided = (
        select(Adjudication.clip_id)
        .outerjoin(later, later.supersedes == Adjudication.id)
        .where(
            Adjudication.clip_id.in_(clip_ids),
            Adjudication.label != RETRACTED,
            later.id.is_(None),
        )
    )
    flags = type_coerce(Clip.flags, String)
    gone = select(Clip.clip_id).where(Clip.clip_id.in_(clip_ids), flags.like(f"%,{WITHDRAWN},%"))
    return set(session.scalars(decided.union(gone)))
