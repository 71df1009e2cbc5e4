"""Many finished answers at once: from simulated people, or from another tool."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from annotation.labels import FILLS_A_SLOT, VALUES
from annotation.protocol import settle
from db.answering import AnswerError
from db.clip_state import MAIN, RETRACTED, load_clips, store
from db.columns import utc_now
from db.label_tables import Answer, Assignment, Slot
from db.people import ensure_person
from db.present import present
from db.records import ImportedAnswer, ImportReport, PersonKind

_NAMESPACE = uuid.UUID("6f5d0f0e-5a3c-4d0e-9f1b-0a6d1c2e7b90")


@dataclass(frozen=True, slots=True)
class _Given:
    """A clip that a person was given before: their present word (None: undone, or none yet), and
    the last row of its chain."""

    assignment_id: int
    value: str | None
    last_id: int | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a new answer goes: its assignment, and the row of its chain that it follows."""

    row: ImportedAnswer
    person_id: int
    assignment_id: int
    supersedes: int | None = None


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
    people = _people(session, rows, kind)
    in_batch = set(session.scalars(select(Slot.clip_id).where(Slot.batch_id == batch_id)))
    given = _given(session, set(people.values()))
    unknown = dict.fromkeys(row.clip_id for row in rows if row.clip_id not in in_batch)
    fresh: list[tuple[ImportedAnswer, int]] = []
    late: list[_Place] = []
    seen: set[tuple[str, int]] = set()
    for row in rows:
        pair = (row.clip_id, people[row.person])
        if row.clip_id not in in_batch or pair in seen:
            continue
        seen.add(pair)
        before = given.get(pair)
        if before is None:
            fresh.append((row, pair[1]))
        elif before.value is None:
            late.append(_Place(row, pair[1], before.assignment_id, before.last_id))
    places = [*_assign(session, batch_id, fresh, now), *late]
    _append(session, places, studio_version, now)
    _free(session, late)
    surplus = _count(session, batch_id, places)
    _settle(session, batch_id, {place.row.clip_id for place in places})
    outside = sum(row.clip_id in unknown for row in rows)
    return ImportReport(
        stored=len(places),
        surplus=surplus,
        repeated=len(rows) - len(places) - outside,
        unknown_clips=tuple(unknown),
    )


def _people(session: Session, rows: Sequence[ImportedAnswer], kind: PersonKind) -> dict[str, int]:
    kinds: dict[str, PersonKind] = {row.person: row.kind or kind for row in rows}
    return {name: ensure_person(session, name, its).id for name, its in kinds.items()}


def _given(session: Session, people: set[int]) -> dict[tuple[str, int], _Given]:
    """What these people were given. A word that a lead declared void is theirs still: importing an
    old file does not bring it back."""
    query = (
        select(
            Assignment.clip_id,
            Assignment.person_id,
            Assignment.id,
            Answer.value,
            Answer.id,
            Answer.void_id,
        )
        .outerjoin(Answer, Answer.assignment_id == Assignment.id)
        .where(Assignment.stream == MAIN, Assignment.person_id.in_(people), present(Answer))
    )
    return {
        (clip_id, person_id): _Given(
            assignment_id, None if value == RETRACTED and void_id is None else value, last_id
        )
        for clip_id, person_id, assignment_id, value, last_id, void_id in session.execute(query)
    }


def _assign(
    session: Session, batch_id: int, rows: list[tuple[ImportedAnswer, int]], now: datetime
) -> list[_Place]:
    if not rows:
        return []
    values = [
        {
            "clip_id": row.clip_id,
            "person_id": person_id,
            "stream": MAIN,
            "batch_id": batch_id,
            "state": "answered",
            "created_at": row.answered_at or now,
            "lease_until": row.answered_at or now,
        }
        for row, person_id in rows
    ]
    inserted = insert(Assignment).returning(Assignment.id, sort_by_parameter_order=True)
    ids = session.scalars(inserted, values)
    return [_Place(row, who, its) for (row, who), its in zip(rows, ids, strict=True)]


def _append(session: Session, places: Sequence[_Place], studio_version: str, now: datetime) -> None:
    if not places:
        return
    values = [
        {
            "client_uuid": place.row.client_uuid or _uuid(place),
            "assignment_id": place.assignment_id,
            "supersedes": place.supersedes,
            "value": place.row.value,
            "plays": place.row.plays,
            "heard": place.row.heard,
            "volume": place.row.volume,
            "rate": place.row.rate,
            "decision_ms": place.row.decision_ms,
            "shown_at": place.row.shown_at,
            "created_at": place.row.answered_at or now,
            "studio_version": (
                studio_version if place.row.studio_version is None else place.row.studio_version
            ),
            "reasons": place.row.reasons,
            "guideline_version": place.row.guideline_version,
            "gain_db": place.row.gain_db,
        }
        for place in places
    ]
    session.execute(insert(Answer), values)


def _uuid(place: _Place) -> str:
    """The same at every import; another one after an answer that was undone."""
    after = "" if place.supersedes is None else f"\0{place.supersedes}"
    return str(uuid.uuid5(_NAMESPACE, f"{place.person_id}\0{place.row.clip_id}{after}"))


def _free(session: Session, late: Sequence[_Place]) -> None:
    """Those who held a place when the import came queue again with everybody else."""
    ids = [place.assignment_id for place in late]
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        session.execute(
            update(Slot)
            .where(Slot.assignment_id.in_(some))
            .values(assignment_id=None, filled=False)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Assignment)
            .where(Assignment.id.in_(some))
            .values(state="answered")
            .execution_options(synchronize_session=False)
        )


def _count(session: Session, batch_id: int, places: Sequence[_Place]) -> int:
    """Give each "yes" and "no" a place, shut or not; returns for how many there was none."""
    empty: defaultdict[str, list[int]] = defaultdict(list)
    query = select(Slot.clip_id, Slot.id).where(
        Slot.batch_id == batch_id, Slot.assignment_id.is_(None)
    )
    for clip_id, slot_id in session.execute(query.order_by(Slot.k.desc())):
        empty[clip_id].append(slot_id)
    taken: list[dict[str, object]] = []
    surplus = 0
    # Those that counted where they come from first: the others must not take their places.
    for place in sorted(places, key=lambda place: place.row.counted is not True):
        if place.row.value not in FILLS_A_SLOT:
            continue
        slots = empty[place.row.clip_id]
        if slots and place.row.counted is not False:
            taken.append(
                {
                    "id": slots.pop(),
                    "assignment_id": place.assignment_id,
                    "filled": True,
                    "shut": False,
                }
            )
        else:
            surplus += 1
    if taken:
        session.execute(update(Slot), taken)
    return surplus


def _settle(session: Session, batch_id: int, clips: set[str]) -> None:
    """Offer the places that are still asked for, and no others."""
    query = select(Slot.clip_id).where(Slot.batch_id == batch_id, Slot.assignment_id.is_(None))
    unfinished = sorted(clips.intersection(session.scalars(query.distinct())))
    for stored in load_clips(session, unfinished).values():
        store(session, stored, settle(stored.state))
