"""Giving clips to people: leases that return by themselves, never one clip twice to one person.

Checks (db.checks) are mixed in: an annotator sees no difference, and neither slots nor progress
know of them.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from annotation.assignment import WINDOW, choose
from annotation.protocol import leave, take
from db.batches import batch_record
from db.checks import GOLD, REPEAT, STREAMS, Check, lease_check, next_checks
from db.clip_state import LEASED, MAIN, PLAYABLE, StoredClip, load_clips, store
from db.clip_tables import Clip
from db.clips import clip_record
from db.columns import utc_now
from db.label_tables import Assignment, Batch, BatchPerson, Slot
from db.quality_tables import Example, Gold
from db.records import Claimed, PersonProgress
from db.standing import standing

LEASE = timedelta(minutes=10)

_PERSON, _BATCH, _MOST = bindparam("person"), bindparam("batch"), bindparam("most")
_any_slot, _had = aliased(Slot), aliased(Assignment)
_has_place = exists().where(
    _any_slot.clip_id == Assignment.clip_id, _any_slot.assignment_id.is_(None), ~_any_slot.shut
)
_is_gold = exists().where(Gold.clip_id == Assignment.clip_id, Gold.retired_at.is_(None))
_is_there = exists().where(Clip.clip_id == Assignment.clip_id, PLAYABLE)
_RETAKABLE = (
    select(Assignment)
    .where(
        Assignment.person_id == _PERSON,
        Assignment.stream.in_(STREAMS),
        Assignment.state == "expired",
        Assignment.batch_id == _BATCH,
        or_(
            and_(Assignment.stream == MAIN, _has_place),
            and_(Assignment.stream == GOLD, _is_gold, _is_there),
            and_(Assignment.stream == REPEAT, _is_there),
        ),
    )
    .order_by(Assignment.id)
    .limit(_MOST)
)
_HELD = (
    select(Assignment)
    .where(
        Assignment.person_id == _PERSON,
        Assignment.stream.in_(STREAMS),
        Assignment.state == "leased",
        Assignment.batch_id == _BATCH,
    )
    .order_by(Assignment.id)
    .limit(_MOST)
)
# Their answers are shown, to everybody or after an exam: they are nothing to ask about.
_is_example = exists().where(Example.clip_id == Slot.clip_id, Example.retired_at.is_(None))
_OPEN = (
    select(Slot.clip_id)
    .where(
        Slot.batch_id == _BATCH,
        Slot.assignment_id.is_(None),
        ~Slot.shut,
        # In any stream: a check has told them something about the clip.
        ~exists().where(_had.person_id == _PERSON, _had.clip_id == Slot.clip_id),
        ~_is_example,
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

    Call it in `Database.write()`. Empty means that nothing is left for this person, or that they
    may not label now (db.standing).
    """
    now = now or utc_now()
    return_expired(session, now)
    known = standing(session, person_id)
    if not known.may_label:
        give_back(session, person_id, now)
        return []
    until = now + LEASE
    claimed: list[Claimed] = []
    for batch in _open_batches(session, person_id, batch_id):
        wanted = count - len(claimed)
        if wanted <= 0:
            break
        own = _own(session, person_id, batch.id, wanted)
        planned = next_checks(session, person_id, wanted - len(own), known)
        checks = {check.clip_id for check in planned if check is not None}
        asked = planned.count(None)
        fresh = _fresh(session, person_id, batch, asked, checks)
        if asked and not fresh:
            planned = []  # no check without work
        states = load_clips(session, fresh)
        for item in _mixed(planned, fresh):
            if isinstance(item, Check):
                own.append(lease_check(session, person_id, batch.id, item, now, until))
                continue
            assignment = Assignment(
                clip_id=item,
                person_id=person_id,
                stream=MAIN,
                batch_id=batch.id,
                state="leased",
                created_at=now,
                lease_until=until,
            )
            session.add(assignment)
            session.flush()
            if not _take(session, assignment, states[item]):
                raise RuntimeError(f"the open slot of clip {item} vanished inside a transaction")
            own.append(assignment)
        claimed.extend(_lease(session, assignment, batch, until) for assignment in own)
    return claimed


def _mixed(planned: Sequence[Check | None], fresh: Sequence[str]) -> Iterator[Check | str]:
    """Checks at their places among the clips, up to where the clips end."""
    clips = iter(fresh)
    for check in planned:
        item = next(clips, None) if check is None else check
        if item is None:
            return
        yield item


def renew(session: Session, person_id: int, now: datetime | None = None) -> int:
    """Keep this person's leases alive (heartbeat); returns how many are held."""
    now = now or utc_now()
    kept = session.scalars(
        update(Assignment)
        .where(
            Assignment.person_id == person_id,
            Assignment.stream.in_(STREAMS),
            Assignment.state == "leased",
            Assignment.lease_until >= now,
        )
        .values(lease_until=now + LEASE)
        .returning(Assignment.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(kept)


def give_back(session: Session, person_id: int, now: datetime) -> None:
    """Let go of what this person holds: a page left open would keep it from others for ever."""
    session.execute(
        update(Assignment)
        .where(
            Assignment.person_id == person_id,
            Assignment.stream.in_(STREAMS),
            Assignment.state == "leased",
        )
        .values(lease_until=now - timedelta(microseconds=1))
        .execution_options(synchronize_session=False)
    )
    return_expired(session, now)


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
            ~_is_example,
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
    """Unanswered ones of any stream: held, then those whose lease ran out and can be retaken."""
    if count <= 0:
        return []
    mine = {"person": person_id, "batch": batch_id, "most": count}
    held = list(session.scalars(_HELD, mine))
    if len(held) == count:
        return held
    late = session.scalars(_RETAKABLE, mine | {"most": count - len(held)}).all()
    states = load_clips(session, [one.clip_id for one in late if one.stream == MAIN])
    return held + [
        one for one in late if one.stream != MAIN or _take(session, one, states[one.clip_id])
    ]


def _fresh(
    session: Session, person_id: int, batch: Batch, count: int, but: Collection[str | None]
) -> list[str]:
    """Clips with an open slot that this person never had, from the front of the batch's order."""
    if count <= 0:
        return []
    most = max(WINDOW, count + len(but))
    wanted = {"person": person_id, "batch": batch.id, "most": most * batch.slots_per_clip}
    clips = list(dict.fromkeys(session.scalars(_OPEN, wanted)))[:most]
    return choose([clip_id for clip_id in clips if clip_id not in but], person_id, count)


def _lease(session: Session, assignment: Assignment, batch: Batch, until: datetime) -> Claimed:
    assignment.state = "leased"
    assignment.lease_until = until
    clip = session.get_one(Clip, assignment.clip_id)
    return Claimed(assignment.id, clip_record(clip), batch_record(batch), until)


def _is_of(person_id: int) -> ColumnElement[bool]:
    return and_(Assignment.person_id == person_id, Assignment.stream == MAIN)
