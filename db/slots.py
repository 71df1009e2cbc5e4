"""Taking, filling and giving back slots: every change is one guarded UPDATE."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Assignment, Slot


def take_slot(session: Session, batch_id: int, clip_id: str, assignment_id: int) -> bool:
    """Take the first open slot of a clip; False when all K are taken."""
    first_open = (
        select(Slot.id)
        .where(Slot.batch_id == batch_id, Slot.clip_id == clip_id, Slot.assignment_id.is_(None))
        .order_by(Slot.k)
        .limit(1)
        .scalar_subquery()
    )
    taken = session.scalars(
        update(Slot)
        .where(Slot.id == first_open, Slot.assignment_id.is_(None))
        .values(assignment_id=assignment_id)
        .returning(Slot.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(taken)


def holds_slot(session: Session, assignment_id: int) -> bool:
    held = session.scalar(select(Slot.id).where(Slot.assignment_id == assignment_id))
    return held is not None


def set_filled(session: Session, assignment_id: int, filled: bool) -> None:
    """Count the holder's answer, or stop counting it and keep the place for the holder."""
    session.execute(
        update(Slot)
        .where(Slot.assignment_id == assignment_id)
        .values(filled=filled)
        .execution_options(synchronize_session=False)
    )


def give_back(session: Session, assignment_id: int) -> None:
    """Open the slot for somebody else."""
    session.execute(
        update(Slot)
        .where(Slot.assignment_id == assignment_id)
        .values(assignment_id=None, filled=False)
        .execution_options(synchronize_session=False)
    )


def return_expired(session: Session, now: datetime) -> None:
    """Open every slot whose holder let the lease run out; the late answer is still taken."""
    late = session.scalars(
        update(Assignment)
        .where(Assignment.state == "leased", Assignment.lease_until < now)
        .values(state="expired")
        .returning(Assignment.id)
        .execution_options(synchronize_session=False)
    ).all()
    for assignment_id in late:
        give_back(session, assignment_id)
