"""Giving clips to people: leases that return by themselves, never one clip twice to one person."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from annotation.assignment import WINDOW, choose
from annotation.protocol import leave, take
from db.batches import batch_record
from db.clip_state import MAIN, load_clip, load_clips, store
from db.clips import clip_record
from db.columns import utc_now
from db.models import Assignment, Batch, BatchPerson, Clip, Slot
from db.records import Claimed, PersonProgress

LEASE = timedelta(minutes=10)


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
        for clip_id in _fresh(session, person_id, batch.id, count - len(claimed)):
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
            if not _take(session, assignment):
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
    mine = _is_of(person_id)
    batches = _batches_of(person_id).with_only_columns(Batch.id)
    if batch_id is not None:
        batches = select(Batch.id).where(Batch.id == batch_id)
    done = session.scalar(
        select(func.count()).where(
            mine, Assignment.state == "answered", Assignment.batch_id.in_(batches)
        )
    )
    held = session.scalar(
        select(func.count()).where(
            mine, Assignment.state == "leased", Assignment.batch_id.in_(batches)
        )
    )
    # Any stream: a clip that was a check for somebody is nothing to ask them about.
    closed_to_me = select(Assignment.clip_id).where(
        Assignment.person_id == person_id,
        (Assignment.state != "expired") | (Assignment.stream != MAIN),
    )
    # Distinct by the columns of `ix_slot_open`, whose order saves the sort.
    open_clips = (
        select(Slot.batch_id, Slot.rank, Slot.clip_id)
        .where(
            Slot.batch_id.in_(batches),
            Slot.assignment_id.is_(None),
            ~Slot.shut,
            Slot.clip_id.not_in(closed_to_me),
        )
        .distinct()
    )
    free = session.scalar(select(func.count()).select_from(open_clips.subquery()))
    return PersonProgress(done=done or 0, left=(free or 0) + (held or 0))


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
        .where(Assignment.state == "leased", Assignment.lease_until < now)
        .values(state="expired")
        .returning(Assignment.id, Assignment.clip_id, Assignment.stream)
        .execution_options(synchronize_session=False)
    ).all()
    clips = load_clips(session, [clip_id for _, clip_id, stream in late if stream == MAIN])
    for assignment_id, clip_id, stream in late:
        if stream == MAIN:
            stored = clips[clip_id]
            clips[clip_id] = store(session, stored, leave(stored.state, assignment_id))


def _take(session: Session, assignment: Assignment) -> bool:
    stored = load_clip(session, assignment.clip_id)
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
    slot = aliased(Slot)
    retakable = exists().where(
        slot.batch_id == batch_id,
        slot.clip_id == Assignment.clip_id,
        slot.assignment_id.is_(None),
        ~slot.shut,
    )
    late = session.scalars(
        select(Assignment)
        .where(mine, Assignment.state == "expired", retakable)
        .order_by(Assignment.id)
        .limit(count - len(held))
    ).all()
    return held + [assignment for assignment in late if _take(session, assignment)]


def _fresh(session: Session, person_id: int, batch_id: int, count: int) -> list[str]:
    """Clips with an open slot that this person never had, from the front of the batch's order."""
    if count <= 0:
        return []
    # In any stream: a check has told them something about the clip.
    had = exists().where(Assignment.person_id == person_id, Assignment.clip_id == Slot.clip_id)
    slots_per_clip = session.get_one(Batch, batch_id).slots_per_clip
    window = session.scalars(
        select(Slot.clip_id)
        .where(Slot.batch_id == batch_id, Slot.assignment_id.is_(None), ~Slot.shut, ~had)
        .order_by(Slot.rank, Slot.clip_id, Slot.k)
        .limit(max(WINDOW, count) * slots_per_clip)
    )
    clips = list(dict.fromkeys(window))[: max(WINDOW, count)]
    return choose(clips, person_id, count)


def _lease(session: Session, assignment: Assignment, batch: Batch, until: datetime) -> Claimed:
    assignment.state = "leased"
    assignment.lease_until = until
    clip = session.get_one(Clip, assignment.clip_id)
    return Claimed(assignment.id, clip_record(clip), batch_record(batch), until)


def _is_of(person_id: int) -> ColumnElement[bool]:
    return and_(Assignment.person_id == person_id, Assignment.stream == MAIN)
