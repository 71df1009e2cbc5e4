"""Many finished answers at once: from simulated people, or from another tool."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from annotation.labels import FILLS_A_SLOT, VALUES
from db.answering import AnswerError
from db.clip_state import MAIN
from db.columns import utc_now
from db.models import Answer, Assignment, Slot
from db.people import ensure_person
from db.records import ImportedAnswer, ImportReport, PersonKind

_NAMESPACE = uuid.UUID("6f5d0f0e-5a3c-4d0e-9f1b-0a6d1c2e7b90")


def record_answers(
    session: Session,
    batch_id: int,
    rows: Iterable[ImportedAnswer],
    *,
    kind: PersonKind = "human",
    studio_version: str = "import",
    now: datetime | None = None,
) -> ImportReport:
    """Store answers of a batch in bulk, as if their people had claimed and answered.

    A person's second answer to a clip is `repeated` and left out (importing twice is safe); a "yes"
    or "no" that finds all slots taken is stored as `surplus`. Clips outside the batch are named.
    """
    now = now or utc_now()
    rows = list(rows)
    for row in rows:
        if row.value not in VALUES:
            raise AnswerError(
                f"Clip {row.clip_id}: “{row.value}” is not one of {', '.join(VALUES)}."
            )
    people = {name: ensure_person(session, name, kind).id for name in {r.person for r in rows}}
    open_slots = _open_slots(session, batch_id)
    in_batch = set(session.scalars(select(Slot.clip_id).where(Slot.batch_id == batch_id)))
    had = {
        (clip_id, person_id)
        for clip_id, person_id in session.execute(
            select(Assignment.clip_id, Assignment.person_id).where(
                Assignment.stream == MAIN, Assignment.person_id.in_(people.values())
            )
        )
    }
    unknown = dict.fromkeys(row.clip_id for row in rows if row.clip_id not in in_batch)
    fresh: list[ImportedAnswer] = []
    for row in rows:
        pair = (row.clip_id, people[row.person])
        if row.clip_id in in_batch and pair not in had:
            had.add(pair)
            fresh.append(row)
    ids = _assign(session, batch_id, fresh, people, now)
    taken: list[dict[str, object]] = []
    surplus = 0
    for row, assignment_id in zip(fresh, ids, strict=True):
        if row.value not in FILLS_A_SLOT:
            continue
        if slots := open_slots[row.clip_id]:
            taken.append({"id": slots.pop(0), "assignment_id": assignment_id, "filled": True})
        else:
            surplus += 1
    _append(session, fresh, ids, people, studio_version, now)
    if taken:
        session.execute(update(Slot), taken)
    outside = sum(row.clip_id in unknown for row in rows)
    return ImportReport(
        stored=len(fresh),
        surplus=surplus,
        repeated=len(rows) - len(fresh) - outside,
        unknown_clips=tuple(unknown),
    )


def _open_slots(session: Session, batch_id: int) -> defaultdict[str, list[int]]:
    slots: defaultdict[str, list[int]] = defaultdict(list)
    query = select(Slot.clip_id, Slot.id).where(
        Slot.batch_id == batch_id, Slot.assignment_id.is_(None)
    )
    for clip_id, slot_id in session.execute(query.order_by(Slot.k)):
        slots[clip_id].append(slot_id)
    return slots


def _assign(
    session: Session,
    batch_id: int,
    rows: list[ImportedAnswer],
    people: dict[str, int],
    now: datetime,
) -> list[int]:
    if not rows:
        return []
    values = [
        {
            "clip_id": row.clip_id,
            "person_id": people[row.person],
            "stream": MAIN,
            "batch_id": batch_id,
            "state": "answered",
            "created_at": now,
            "lease_until": now,
        }
        for row in rows
    ]
    inserted = insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True)
    return list(session.scalars(inserted, values))


def _append(
    session: Session,
    rows: list[ImportedAnswer],
    ids: list[int],
    people: dict[str, int],
    studio_version: str,
    now: datetime,
) -> None:
    if not rows:
        return
    values = [
        {
            "client_uuid": row.client_uuid
            or str(uuid.uuid5(_NAMESPACE, f"{people[row.person]}\0{row.clip_id}")),
            "assignment_id": assignment_id,
            "supersedes": None,
            "value": row.value,
            "plays": 0,
            "heard": False,
            "decision_ms": row.decision_ms,
            "shown_at": row.shown_at,
            "created_at": now,
            "studio_version": studio_version,
        }
        for row, assignment_id in zip(rows, ids, strict=True)
    ]
    session.execute(insert(Answer), values)
