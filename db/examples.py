"""Examples: worked ones are shown with their answer, those of the exam are asked."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from db.audit import note
from db.check_records import ExampleRecord, Label, QualityError, UnknownError, UsedFor
from db.clip_state import PLAYABLE
from db.clip_tables import Clip
from db.clips import clip_record
from db.columns import utc_now
from db.gold import gold_clips, usable_clip
from db.label_tables import Slot
from db.quality_tables import Example, Gold


def examples(
    session: Session, used_for: UsedFor | None = None, *, playable: bool = True
) -> list[ExampleRecord]:
    """Those in force, in the lead's order; without those whose video was withdrawn."""
    query = (
        select(Example, Clip)
        .join(Clip, Clip.clip_id == Example.clip_id)
        .where(Example.retired_at.is_(None))
        .order_by(Example.used_for.desc(), Example.position, Example.id)
    )
    if used_for is not None:
        query = query.where(Example.used_for == used_for)
    if playable:
        query = query.where(PLAYABLE)
    return [
        ExampleRecord(
            id=row.id,
            clip=clip_record(clip),
            used_for="exam" if row.used_for == "exam" else "worked",
            label=row.label,
            reason=row.reason,
            position=row.position,
        )
        for row, clip in session.execute(query)
    ]


def add_example(
    session: Session,
    clip_id: str,
    used_for: UsedFor,
    label: Label,
    reason: str,
    *,
    by_id: int | None = None,
) -> int:
    """Add an example at the end; its number.

    Raises UnknownError, or QualityError: no reason, withdrawn, an example already, gold, or in a
    batch that still asks for votes, which nobody could give any more.
    """
    usable_clip(session, clip_id, reason)
    still_asked = exists().where(Slot.clip_id == clip_id, ~Slot.filled, ~Slot.shut)
    if session.scalar(select(still_asked)):
        raise QualityError(
            "People are still asked about this clip, and an example tells them its answer: decide "
            "it first, or take another clip."
        )
    known = session.scalar(
        select(Example.used_for).where(Example.clip_id == clip_id, Example.retired_at.is_(None))
    )
    if known is not None:
        raise QualityError(f"This clip is an example already ({known}): remove that one first.")
    if clip_id in gold_clips(session):
        raise QualityError("This clip is gold: an example would tell its answer. Retire it first.")
    last = select(func.max(Example.position)).where(Example.used_for == used_for)
    row = Example(
        clip_id=clip_id,
        used_for=used_for,
        label=label,
        reason=reason.strip(),
        position=(session.scalar(last) or 0) + 1,
        by_id=by_id,
        created_at=utc_now(),
    )
    session.add(row)
    session.flush()
    detail = {"example": row.id, "used_for": used_for, "label": label, "reason": row.reason}
    note(session, by_id, "example added", clip_id, detail)
    return row.id


def remove_example(session: Session, example_id: int, *, by_id: int | None = None) -> None:
    """Show or ask it no more; exams that hold it keep their question."""
    row = session.get(Example, example_id)
    if row is None:
        raise UnknownError(f"There is no example number {example_id}.")
    if row.retired_at is not None:
        raise QualityError("This example was removed already.")
    row.retired_at = utc_now()
    session.flush()
    detail = {"example": row.id, "used_for": row.used_for}
    note(session, by_id, "example removed", row.clip_id, detail)


def order_examples(session: Session, ids: Sequence[int], *, by_id: int | None = None) -> None:
    """Put these first, in this order; the others follow as they were.

    Raises UnknownError for a number that is no example in force, QualityError for one named twice.
    """
    if len(set(ids)) != len(ids):
        raise QualityError("An example is named twice in this order.")
    rows = {
        row.id: row
        for row in session.scalars(
            select(Example).where(Example.retired_at.is_(None)).order_by(Example.position)
        )
    }
    if missing := [number for number in ids if number not in rows]:
        raise UnknownError(f"There is no example number {missing[0]}.")
    rest = [number for number in rows if number not in set(ids)]
    for position, number in enumerate([*ids, *rest], 1):
        rows[number].position = position
    session.flush()
    note(session, by_id, "examples ordered", "examples", {"order": list(ids)})


def used_clips(session: Session) -> set[str]:
    """Clips that are or were an example or gold."""
    return set(session.scalars(select(Example.clip_id).union(select(Gold.clip_id))))
