"""Giving clips to people: leases that return by themselves, never one clip twice to one person."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from annotation.assignment import WINDOW, choose
from annotation.protocol import leave, take
from db.batches import batch_record
from db.clip_state import LEASED, MAIN, StoredClip, load_clips, store
from db.clips import clip_record
from db.columns import utc_now
from db.models import Assignment, Batch, BatchPerson, Clip, Slot
from db.records import Claimed, PersonProgress

LEASE = timedelta(minutes=10)

_PERSON, _BATCH, _MOST = bindparam("person"), bindparam("batch"), bindparam("most")
_any_slot, _had = aliased(Slot), aliased(Assignment)
_RETAKABLE = (
    select(Assignment)
    .where(
        Assignment.person_id == _PERSON,
        Assignment.stream == MAIN,
        Assignment.state == "expired",
        Assignment.batch_id == _BATCH,
        exists().where(
            _any_slot.clip_id == Assignment.clip_id,
            _any_slot.assignment_id.is_(None),
            ~_any_slot.shut,
        ),
    )
    .order_by(Assignment.id)
    .limit(_MOST)
)
_OPEN = (
    select(Slot.clip_id)
    .where(
        Slot.batch_id == _BATCH,
        Slot.assignment_id.is_(None),
        ~Slot.shut,
        # In any stream: a check has told them something about the clip.
        ~exists().where(_had.person_id == _PERSON, _had.clip_id == Slot.clip_id),
    )
    .order_by(Slot.rank, Slot.clip_id, Slot.k)
    .limit(_MOST)
)


def claim(
    session: Session,
    person_id: int,
    count: int,
    *,
    batch_id: int | None = None,
    now: datetime | None = None,
) -> list[Claimed]:
    """Lease up to `count` clips, this person's own unanswered ones first.

    Call it in `Database.write()`. Empty means that nothing is left for this person.
    """
    now = now or utc_now()
    return_expired(session, now)
    until = now + LEASE
    claimed: list[Claimed] = []
    for batch in _open_batches(session, person_id, batch_id):
        wanted = count - len(claimed)
        if wanted <= 0:
            break
        for assignment in _own(session, person_id, batch.id, wanted):
            claimed.append(_lease(session, assignment, batch, until))
        fresh = _fresh(session, person_id, batch, count - len(claimed))
        states = load_clips(session, fresh)
        for clip_id in fresh:
            assignment = Assignment(
                clip_id=clip_id,
                person_id=person_id,
                stream=MAIN,
                batch_id=batch.id,
                state="leased",
                created_at=now,
                lease_until=until,
            )
            session.add(assignment)
            session.flush()
            if not _take(session, assignment, states[clip_id]):
                raise RuntimeError(f"the open slot of clip {clip_id} vanished inside a transaction")
            claimed.append(_lease(session, assignment, batch, until))
    return claimed


def renew(session: Session, person_id: int, now: datetime | None = None) -> int:
    """Keep this person's leases alive (heartbeat); returns how many are held."""
    now = now or utc_now()
    kept = session.scalars(
        update(Assignment)
        .where(_is_of(person_id), Assignment.state == "leased", Assignment.lease_until >= now)
        .values(lease_until=now + LEASE)
        .returning(Assignment.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(kept)


def person_progress(
    session: Session, person_id: int, batch_id: int | None = None
) -> PersonProgress:
    """Clips this person answered and clips still to do, over one batch or all open ones."""
    return PersonProgress(
        done=answered_by(session, person_id, batch_id),
        left=clips_left(session, person_id, batch_id),
    )


def answered_by(session: Session, person_id: int, batch_id: int | None = None) -> int:
    """How many clips this person has answered."""
    return session.scalar(_in_state(person_id, batch_id, "answered")) or 0


def clips_left(session: Session, person_id: int, batch_id: int | None = None) -> int:
    """How many clips this person holds or could still be given. It counts the open ones, so it
    takes time where many are."""
    # Any stream: a clip that was a check for somebody is nothing to ask them about.
    closed_to_me = select(Assignment.clip_id).where(
        Assignment.person_id == person_id,
        (Assignment.state != "expired") | (Assignment.stream != MAIN),
    )
    # Distinct by the columns of `ix_slot_open`, whose order saves the sort.
    open_clips = (
        select(Slot.batch_id, Slot.rank, Slot.clip_id)
        .where(
            Slot.batch_id.in_(_batch_ids(person_id, batch_id)),
            Slot.assignment_id.is_(None),
            ~Slot.shut,
            Slot.clip_id.not_in(closed_to_me),
        )
        .distinct()
    )
    free = session.scalar(select(func.count()).select_from(open_clips.subquery()))
    held = session.scalar(_in_state(person_id, batch_id, "leased"))
    return (free or 0) + (held or 0)


def _in_state(person_id: int, batch_id: int | None, state: str) -> Select[int]:
    return select(func.count(Assignment.id)).where(
        _is_of(person_id),
        Assignment.state == state,
        Assignment.batch_id.in_(_batch_ids(person_id, batch_id)),
    )


def _batch_ids(person_id: int, batch_id: int | None) -> Select[int]:
    if batch_id is not None:
        return select(Batch.id).where(Batch.id == batch_id)
    return _batches_of(person_id).with_only_columns(Batch.id)


def _open_batches(session: Session, person_id: int, batch_id: int | None) -> list[Batch]:
    """The nearest deadline first."""
    query = _batches_of(person_id).order_by(Batch.deadline.is_(None), Batch.deadline, Batch.id)
    if batch_id is not None:
        query = query.where(Batch.id == batch_id)
    return list(session.scalars(query))


def _batches_of(person_id: int) -> Select[Batch]:
    theirs = exists().where(BatchPerson.batch_id == Batch.id, BatchPerson.person_id == person_id)
    return select(Batch).where(Batch.state == "open", Batch.everyone | theirs)


def return_expired(session: Session, now: datetime) -> None:
    """Open every place whose holder let the lease run out; the late answer is still taken."""
    late = session.execute(
        update(Assignment)
        .where(Assignment.state == LEASED, Assignment.lease_until < now)
        .values(state="expired")
        .returning(Assignment.id, Assignment.clip_id, Assignment.stream)
        .execution_options(synchronize_session=False)
    ).all()
    clips = load_clips(session, [clip_id for _, clip_id, stream in late if stream == MAIN])
    for assignment_id, clip_id, stream in late:
        if stream == MAIN:
            stored = clips[clip_id]
            clips[clip_id] = store(session, stored, leave(stored.state, assignment_id))


def _take(session: Session, assignment: Assignment, stored: StoredClip) -> bool:
    taken = take(stored.state, assignment.id)
    if taken is None:
        return False
    store(session, stored, taken)
    return True


def _own(session: Session, person_id: int, batch_id: int, count: int) -> list[Assignment]:
    """Unanswered assignments: held ones, then those whose lease ran out and can be retaken."""
    if count <= 0:
        return []
    mine = and_(_is_of(person_id), Assignment.batch_id == batch_id)
    held = list(
        session.scalars(
            select(Assignment)
            .where(mine, Assignment.state == "leased")
            .order_by(Assignment.id)
            .limit(count)
        )
    )
    if len(held) == count:
        return held
    wanted = {"person": person_id, "batch": batch_id, "most": count - len(held)}
    late = session.scalars(_RETAKABLE, wanted).all()
    states = load_clips(session, [assignment.clip_id for assignment in late])
    return held + [one for one in late if _take(session, one, states[one.clip_id])]


def _fresh(session: Session, person_id: int, batch: Batch, count: int) -> list[str]:
    """Clips with an open slot that this person never had, from the front of the batch's order."""
    if count <= 0:
        return []
    most = max(WINDOW, count)
    wanted = {"person": person_id, "batch": batch.id, "most": most * batch.slots_per_clip}
    clips = list(dict.fromkeys(session.scalars(_OPEN, wanted)))[:most]
    return choose(clips, person_id, count)


def _lease(session: Session, assignment: Assignment, batch: Batch, until: datetime) -> Claimed:
    assignment.state = "leased"
    assignment.lease_until = until
    clip = session.get_one(Clip, assignment.clip_id)
    return Claimed(assignment.id, clip_record(clip), batch_record(batch), until)


def _is_of(person_id: int) -> ColumnElement[bool]:
    return and_(Assignment.person_id == person_id, Assignment.stream == MAIN)
