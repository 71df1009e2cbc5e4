"""Batches: which clips are labelled, by how many people each, in which order."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import case, exists, func, insert, select, update
from sqlalchemy.orm import Session

from annotation.assignment import rank_of
from db.clips import IDS_AT_ONCE
from db.columns import utc_now
from db.models import Batch, Clip, Slot
from db.records import BatchProgress, BatchRecord, BatchState


def create_batch(
    session: Session,
    name: str,
    clip_ids: Iterable[str] = (),
    *,
    slots_per_clip: int = 3,
    order_seed: int = 0,
) -> BatchRecord:
    """Open a batch with `slots_per_clip` slots for each clip. The name must be new."""
    batch = Batch(
        name=name,
        slots_per_clip=slots_per_clip,
        order_seed=order_seed,
        state="open",
        created_at=utc_now(),
    )
    session.add(batch)
    session.flush()
    add_to_batch(session, batch.id, clip_ids)
    return batch_record(batch)


def add_to_batch(session: Session, batch_id: int, clip_ids: Iterable[str]) -> int:
    """Give more clips their slots; those already in the batch are left alone. Returns how many."""
    batch = session.get_one(Batch, batch_id)
    wanted = list(dict.fromkeys(clip_ids))
    there = _in_batch(session, batch_id, wanted)
    new = [clip_id for clip_id in wanted if clip_id not in there]
    slots = [
        {
            "batch_id": batch_id,
            "clip_id": clip_id,
            "k": k,
            "rank": rank_of(clip_id, batch.order_seed),
            "filled": False,
        }
        for clip_id in new
        for k in range(1, batch.slots_per_clip + 1)
    ]
    if slots:
        session.execute(insert(Slot), slots)
    return len(new)


def _in_batch(session: Session, batch_id: int, clip_ids: Sequence[str]) -> set[str]:
    """Which of these clips have slots: an ingest asks for those of a video, never for all."""
    found: set[str] = set()
    for start in range(0, len(clip_ids), IDS_AT_ONCE):
        some = Slot.clip_id.in_(clip_ids[start : start + IDS_AT_ONCE])
        # One slot of each clip is enough: k = 1 is always there.
        query = select(Slot.clip_id).where(Slot.batch_id == batch_id, some, Slot.k == 1)
        found.update(session.scalars(query))
    return found


def set_batch_state(session: Session, batch_id: int, state: BatchState) -> None:
    """Pause, close or open again; answers already leased are still taken."""
    session.execute(update(Batch).where(Batch.id == batch_id).values(state=state))


def clips_without_batch(session: Session) -> list[str]:
    """Ids of clips that nobody is asked about yet, by video and time."""
    order = (Clip.video_uid, Clip.time_s, Clip.clip_id)
    return list(session.scalars(select(Clip.clip_id).where(~_ASKED).order_by(*order)))


def count_without_batch(session: Session) -> int:
    """How many clips nobody is asked about yet."""
    return session.scalar(select(func.count()).select_from(Clip).where(~_ASKED)) or 0


def any_batch(session: Session) -> bool:
    """Whether anybody was ever asked about anything."""
    return session.scalar(select(Batch.id).limit(1)) is not None


_ASKED = exists().where(Slot.clip_id == Clip.clip_id)


def batch_by_name(session: Session, name: str) -> BatchRecord | None:
    batch = session.scalar(select(Batch).where(Batch.name == name))
    return None if batch is None else batch_record(batch)


def list_batches(session: Session) -> list[BatchProgress]:
    """Every batch with its progress, oldest first."""
    per_clip = (
        select(
            Slot.batch_id,
            func.count().label("slots"),
            func.sum(case((Slot.filled, 1), else_=0)).label("filled"),
            func.count(Slot.assignment_id).label("taken"),
        )
        .group_by(Slot.batch_id, Slot.clip_id)
        .subquery()
    )
    columns = per_clip.c
    sums = select(
        columns.batch_id,
        func.count(),
        func.sum(case((columns.filled == columns.slots, 1), else_=0)),
        func.sum(columns.slots),
        func.sum(columns.filled),
        func.sum(columns.taken),
    ).group_by(columns.batch_id)
    numbers = {row[0]: tuple(int(n) for n in row[1:]) for row in session.execute(sums)}
    progress: list[BatchProgress] = []
    for batch in session.scalars(select(Batch).order_by(Batch.id)):
        clips, complete, slots, filled, taken = numbers.get(batch.id, (0, 0, 0, 0, 0))
        record = batch_record(batch)
        progress.append(BatchProgress(record, clips, complete, slots, filled, taken - filled))
    return progress


def batch_record(batch: Batch) -> BatchRecord:
    state: Any = batch.state
    return BatchRecord(
        id=batch.id,
        name=batch.name,
        slots_per_clip=batch.slots_per_clip,
        order_seed=batch.order_seed,
        state=state,
        created_at=batch.created_at,
    )
