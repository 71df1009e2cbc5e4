"""Batches: which clips are labelled, by how many people each, in which order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, case, delete, exists, func, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from annotation.assignment import asks_all, rank_of, ranks
from annotation.protocol import new_clip
from db.clip_state import WITHDRAWN
from db.clip_tables import Clip
from db.clips import IDS_AT_ONCE
from db.columns import utc_now
from db.label_tables import Batch, BatchPerson, Slot
from db.quality_tables import Example
from db.records import BatchProgress, BatchRecord, BatchState, Chosen


@dataclass(frozen=True, slots=True)
class BatchRule:
    """How a batch is labelled. `people`: only these, else everyone; `strata` by clip id are kept in
    proportion all along the order."""

    slots_per_clip: int = 3
    order_seed: int = 0
    chosen: Chosen = "random"
    early_stop: bool = False
    full_share: float = 1.0
    people: tuple[int, ...] = ()
    owner_id: int | None = None
    deadline: datetime | None = None
    note: str = ""


def create_batch(
    session: Session,
    name: str,
    clip_ids: Iterable[str] = (),
    rule: BatchRule | None = None,
    strata: Mapping[str, str] | None = None,
) -> BatchRecord:
    """Open a batch with its slots for each clip. The name must be new."""
    rule = rule or BatchRule()
    batch = Batch(
        name=name,
        slots_per_clip=rule.slots_per_clip,
        order_seed=rule.order_seed,
        state="open",
        created_at=utc_now(),
        chosen=rule.chosen,
        early_stop=rule.early_stop,
        full_share=rule.full_share,
        everyone=not rule.people,
        owner_id=rule.owner_id,
        deadline=rule.deadline,
        note=rule.note,
    )
    session.add(batch)
    session.flush()
    if rule.people:
        assign_people(session, batch.id, rule.people)
    add_to_batch(session, batch.id, clip_ids, strata)
    return batch_record(batch)


def assign_people(session: Session, batch_id: int, people: Iterable[int]) -> None:
    """Give a batch to these people; to everyone where there are none."""
    wanted = sorted(set(people))
    session.execute(delete(BatchPerson).where(BatchPerson.batch_id == batch_id))
    if wanted:
        rows = [{"batch_id": batch_id, "person_id": person} for person in wanted]
        session.execute(insert(BatchPerson), rows)
    session.execute(update(Batch).where(Batch.id == batch_id).values(everyone=not wanted))


def add_to_batch(
    session: Session,
    batch_id: int,
    clip_ids: Iterable[str],
    strata: Mapping[str, str] | None = None,
) -> int:
    """Give more clips their slots; those that are in a batch already are left alone. Returns how
    many were added."""
    batch = session.get_one(Batch, batch_id)
    wanted = list(dict.fromkeys(clip_ids))
    there = in_batches(session, wanted)
    new = [clip_id for clip_id in wanted if clip_id not in there]
    order = ranks(new, strata or {}, batch.order_seed) if strata else {}
    slots: list[dict[str, Any]] = []
    for clip_id in new:
        early = batch.early_stop and not asks_all(clip_id, batch.order_seed, batch.full_share)
        fresh = new_clip(batch.slots_per_clip, early_stop=early)
        slots += [
            {
                "batch_id": batch_id,
                "clip_id": clip_id,
                "k": k,
                "rank": order.get(clip_id, rank_of(clip_id, batch.order_seed)),
                "stratum": (strata or {}).get(clip_id),
                "filled": False,
                "shut": place.shut,
            }
            for k, place in enumerate(fresh.places, 1)
        ]
    if slots:
        session.execute(insert(Slot), slots)
    return len(new)


def in_batches(session: Session, clip_ids: Sequence[str]) -> set[str]:
    """Which of these clips are in a batch: an ingest asks for those of a video, never for all."""
    found: set[str] = set()
    for start in range(0, len(clip_ids), IDS_AT_ONCE):
        some = Slot.clip_id.in_(clip_ids[start : start + IDS_AT_ONCE])
        # One slot of each clip is enough: k = 1 is always there.
        found.update(session.scalars(select(Slot.clip_id).where(some, Slot.k == 1)))
    return found


def set_batch_state(session: Session, batch_id: int, state: BatchState) -> None:
    """Pause, close or open again; answers already leased are still taken."""
    session.execute(update(Batch).where(Batch.id == batch_id).values(state=state))


def clips_without_batch(session: Session) -> list[str]:
    """Ids of clips that nobody is asked about yet, by video and time."""
    order = (Clip.video_uid, Clip.time_s, Clip.clip_id)
    return list(session.scalars(select(Clip.clip_id).where(_FREE).order_by(*order)))


def count_without_batch(session: Session) -> int:
    """How many clips nobody is asked about yet."""
    return session.scalar(select(func.count()).select_from(Clip).where(_FREE)) or 0


def any_batch(session: Session) -> bool:
    """Whether anybody was ever asked about anything."""
    return session.scalar(select(Batch.id).limit(1)) is not None


# In no batch, and still there: a withdrawn clip is asked of nobody, nor is an example, whose answer
# is shown.
_FREE = (
    ~exists().where(Slot.clip_id == Clip.clip_id)
    & ~exists().where(Example.clip_id == Clip.clip_id, Example.retired_at.is_(None))
    & type_coerce(Clip.flags, String).not_like(f"%,{WITHDRAWN},%")
)


def batch_by_name(session: Session, name: str) -> BatchRecord | None:
    batch = session.scalar(select(Batch).where(Batch.name == name))
    return None if batch is None else batch_record(batch)


def all_batches(session: Session) -> list[BatchRecord]:
    """Every batch, oldest first."""
    return [batch_record(batch) for batch in session.scalars(select(Batch).order_by(Batch.id))]


def list_batches(session: Session) -> list[BatchProgress]:
    """Every batch with its progress, oldest first."""
    per_clip = (
        select(
            Slot.batch_id,
            func.count().label("slots"),
            func.sum(case((Slot.filled, 1), else_=0)).label("filled"),
            func.count(Slot.assignment_id).label("taken"),
            func.sum(case((Slot.shut, 1), else_=0)).label("shut"),
        )
        .group_by(Slot.batch_id, Slot.clip_id)
        .subquery()
    )
    columns = per_clip.c
    sums = select(
        columns.batch_id,
        func.count(),
        func.sum(case((columns.filled + columns.shut == columns.slots, 1), else_=0)),
        func.sum(columns.slots - columns.shut),
        func.sum(columns.filled),
        func.sum(columns.taken),
        func.sum(case((columns.taken > columns.filled, 1), else_=0)),
    ).group_by(columns.batch_id)
    numbers = {row[0]: tuple(int(n) for n in row[1:]) for row in session.execute(sums)}
    progress: list[BatchProgress] = []
    for batch in session.scalars(select(Batch).order_by(Batch.id)):
        clips, complete, slots, filled, taken, seen = numbers.get(batch.id, (0,) * 6)
        record = batch_record(batch)
        progress.append(BatchProgress(record, clips, complete, slots, filled, taken - filled, seen))
    return progress


def batch_record(batch: Batch) -> BatchRecord:
    state: Any = batch.state
    chosen: Any = batch.chosen
    return BatchRecord(
        id=batch.id,
        name=batch.name,
        slots_per_clip=batch.slots_per_clip,
        order_seed=batch.order_seed,
        state=state,
        created_at=batch.created_at,
        chosen=chosen,
        early_stop=batch.early_stop,
        full_share=batch.full_share,
        everyone=batch.everyone,
        owner_id=batch.owner_id,
        deadline=batch.deadline,
        note=batch.note,
    )
