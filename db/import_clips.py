"""Where imported labels go: which batch a clip is in, how many places wait, a lead's decisions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from annotation.label_rows import Decision
from db.batches import BatchRule, add_to_batch, batch_by_name, create_batch
from db.clip_state import MAIN, RETRACTED
from db.clip_tables import Clip
from db.clips import IDS_AT_ONCE
from db.label_tables import Adjudication, Answer, Assignment, Batch, Slot
from db.people import ensure_person
from db.person_tables import Person
from db.present import present
from db.records import BatchRecord, Chosen


@dataclass(frozen=True, slots=True)
class Known:
    """What the database has of a clip: its batch, the number of its places that are not filled, and
    whether anybody was ever given it."""

    batch_id: int | None
    batch: str | None
    unfilled: int
    touched: bool


def known_clips(session: Session) -> dict[str, Known]:
    """Every clip there is."""
    touched = exists().where(Assignment.clip_id == Clip.clip_id)
    columns: tuple[Any, ...] = (
        Clip.clip_id,
        Slot.batch_id,
        Batch.name,
        func.coalesce(func.sum(case((Slot.filled, 0), else_=1)), 0),
        touched,
    )
    query = (
        select(*columns)
        .outerjoin(Slot, Slot.clip_id == Clip.clip_id)
        .outerjoin(Batch, Batch.id == Slot.batch_id)
        .group_by(Clip.clip_id, Slot.batch_id, Batch.name)
    )
    return {clip_id: Known(*rest) for clip_id, *rest in session.execute(query)}


def known_words(session: Session) -> dict[tuple[str, str], str]:
    """Everybody's present word by clip and folded name."""
    query = (
        select(Assignment.clip_id, Person.name_key, Answer.value)
        .join(Answer, Answer.assignment_id == Assignment.id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.stream == MAIN, present(Answer), Answer.value != RETRACTED)
    )
    return {(clip_id, name): value for clip_id, name, value in session.execute(query)}


def known_uuids(session: Session, uuids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Clip and folded name of the answers that have these UUIDs already."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(uuids), IDS_AT_ONCE):
        query = (
            select(Answer.client_uuid, Assignment.clip_id, Person.name_key)
            .join(Assignment, Assignment.id == Answer.assignment_id)
            .join(Person, Person.id == Assignment.person_id)
            .where(Answer.client_uuid.in_(uuids[start : start + IDS_AT_ONCE]))
        )
        found |= {uuid: (clip_id, name) for uuid, clip_id, name in session.execute(query)}
    return found


def import_batch(session: Session, name: str, slots: int, chosen: Chosen) -> BatchRecord:
    """The batch of this name; a new one is made as the file says."""
    there = batch_by_name(session, name)
    return there or create_batch(session, name, (), BatchRule(slots, chosen=chosen))


def move_clips(session: Session, batch_id: int, clip_ids: Sequence[str]) -> None:
    """Put clips that nobody was given yet into this batch, out of any other."""
    for start in range(0, len(clip_ids), IDS_AT_ONCE):
        some = clip_ids[start : start + IDS_AT_ONCE]
        session.execute(delete(Slot).where(Slot.clip_id.in_(some), Slot.batch_id != batch_id))
    add_to_batch(session, batch_id, clip_ids)


def set_waiting(session: Session, waiting: Mapping[str, int]) -> None:
    """Let exactly so many of a clip's empty places wait for somebody; shut the others."""
    empty: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
    query = select(Slot.clip_id, Slot.id, Slot.shut).where(Slot.assignment_id.is_(None))
    for clip_id, slot_id, shut in session.execute(query.order_by(Slot.k)):
        if clip_id in waiting:
            empty[clip_id].append((slot_id, shut))
    changes = [
        {"id": slot_id, "shut": place >= waiting[clip_id]}
        for clip_id, places in empty.items()
        for place, (slot_id, shut) in enumerate(places)
        if shut != (place >= waiting[clip_id])
    ]
    if changes:
        session.execute(update(Slot), changes)


def known_decisions(session: Session) -> dict[str, tuple[int, str, str]]:
    """The last row of each clip's decisions: its id, its label (`retracted`: taken back), why."""
    query = select(
        Adjudication.clip_id, Adjudication.id, Adjudication.label, Adjudication.reason
    ).where(present(Adjudication))
    return {clip_id: (its, label, why) for clip_id, its, label, why in session.execute(query)}


def add_decisions(session: Session, decisions: Mapping[str, Decision]) -> None:
    """Store decisions of clips that have none in force."""
    if not decisions:
        return
    known = known_decisions(session)
    names = {decision.by for decision in decisions.values() if decision.by is not None}
    people = {name: ensure_person(session, name).id for name in names}
    rows = [
        {
            "clip_id": clip_id,
            "by_id": None if decision.by is None else people[decision.by],
            "label": decision.label,
            "reason": decision.reason,
            "created_at": decision.at,
            "supersedes": known[clip_id][0] if clip_id in known else None,
        }
        for clip_id, decision in decisions.items()
    ]
    session.execute(insert(Adjudication), rows)
