"""The protocol's state of clips, read from the tables and written back: the rules themselves are in
`annotation.protocol`, the constraints of the tables hold whatever code does."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, bindparam, literal_column, select, type_coerce, update
from sqlalchemy.orm import Session

from annotation.assignment import asks_all
from annotation.labels import Value, known_value
from annotation.protocol import ClipState, Place
from db.clip_tables import Clip
from db.clips import IDS_AT_ONCE
from db.label_tables import Adjudication, Answer, Assignment, Batch, Slot
from db.present import present

MAIN = "main"
RETRACTED = "retracted"
WITHDRAWN = "withdrawn"
PLAYABLE = type_coerce(Clip.flags, String).not_like(f"%,{WITHDRAWN},%")
# Written out, because the index of leases is partial and a parameter would not match it.
LEASED = literal_column("'leased'")

# The queries of the hot path are built once: building one takes longer than running it.
_CLIPS = bindparam("clips", expanding=True)
_PLACES = (
    select(
        Slot.clip_id,
        Slot.id,
        Slot.assignment_id,
        Slot.filled,
        Slot.shut,
        Batch.early_stop,
        Batch.order_seed,
        Batch.full_share,
        Clip.flags,
    )
    .join(Batch, Batch.id == Slot.batch_id)
    .join(Clip, Clip.clip_id == Slot.clip_id)
    .where(Slot.clip_id.in_(_CLIPS))
    .order_by(Slot.clip_id, Slot.k)
)
_WORDS = (
    select(Assignment.clip_id, Assignment.id, Answer.value)
    .join(Answer, Answer.assignment_id == Assignment.id)
    .where(
        Assignment.clip_id.in_(_CLIPS),
        Assignment.stream == MAIN,
        Answer.value != RETRACTED,
        present(Answer),
    )
    .order_by(Answer.id)
)
_DECIDED = select(Adjudication.clip_id).where(
    Adjudication.clip_id.in_(_CLIPS),
    Adjudication.label != RETRACTED,
    present(Adjudication),
)


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
    clips = {"clips": clip_ids}
    words: defaultdict[str, dict[int, Value]] = defaultdict(dict)
    for clip_id, assignment_id, value in session.execute(_WORDS, clips):
        if (word := known_value(value)) is not None:
            words[clip_id][assignment_id] = word
    ended = set(session.scalars(_DECIDED, clips))
    slots: defaultdict[str, list[int]] = defaultdict(list)
    places: defaultdict[str, list[Place]] = defaultdict(list)
    early: set[str] = set()
    for clip_id, slot, holder, filled, shut, stops, seed, share, flags in session.execute(
        _PLACES, clips
    ):
        slots[clip_id].append(slot)
        places[clip_id].append(Place(holder, filled, shut))
        if stops and not asks_all(clip_id, seed, share):
            early.add(clip_id)
        if WITHDRAWN in flags:
            ended.add(clip_id)
    return {
        clip_id: StoredClip(
            ClipState(
                tuple(places[clip_id]), words.get(clip_id, {}), clip_id in early, clip_id in ended
            ),
            tuple(slots[clip_id]),
        )
        for clip_id in clip_ids
    }
