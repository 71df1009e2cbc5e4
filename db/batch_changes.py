"""Changing a batch once it is there: name, state, who, when; its clips and K stay."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.batches import assign_people, batch_record
from db.label_tables import Batch
from db.person_tables import Person
from db.records import BatchRecord, BatchState


class BatchError(ValueError):
    """A change that cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class BatchChange:
    """What to change; None leaves it. `people`: only these, () everyone. `clear_*` empties."""

    name: str | None = None
    state: BatchState | None = None
    people: tuple[int, ...] | None = None
    owner_id: int | None = None
    deadline: datetime | None = None
    note: str | None = None
    clear_owner: bool = False
    clear_deadline: bool = False


def change_batch(session: Session, batch_id: int, change: BatchChange) -> BatchRecord:
    """Change a batch; answers already leased are still taken whatever its state.

    Raises BatchError: no such batch or person, a name that is taken or empty.
    """
    batch = session.get(Batch, batch_id)
    if batch is None:
        raise BatchError(f"There is no batch {batch_id}.")
    if change.name is not None:
        batch.name = free_name(session, change.name, besides=batch_id)
    if change.people is not None:
        known_people(session, change.people)
        assign_people(session, batch_id, change.people)
    if change.owner_id is not None:
        known_people(session, (change.owner_id,))
    fresh: dict[str, Any] = {
        "state": change.state,
        "owner_id": change.owner_id,
        "deadline": change.deadline,
        "note": change.note,
    }
    for name, value in fresh.items():
        if value is not None:
            setattr(batch, name, value)
    if change.clear_owner:
        batch.owner_id = None
    if change.clear_deadline:
        batch.deadline = None
    session.flush()
    session.refresh(batch)
    return batch_record(batch)


def free_name(session: Session, name: str, besides: int | None = None) -> str:
    """The name in one line; BatchError where it is empty or another batch has it."""
    wanted = " ".join(name.split())
    if not wanted:
        raise BatchError("Give the batch a name.")
    taken = session.scalar(select(Batch.id).where(Batch.name == wanted))
    if taken not in (None, besides):
        raise BatchError(f"There is a batch “{wanted}” already: choose another name.")
    return wanted


def known_people(session: Session, people: tuple[int, ...]) -> None:
    """BatchError where somebody does not exist."""
    known = set(session.scalars(select(Person.id).where(Person.id.in_(people))))
    if missing := sorted(set(people) - known):
        raise BatchError(f"There is no person {missing[0]}: reload the page and choose again.")
