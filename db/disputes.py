"""One key against a gold clip: an annotator disputes it, a lead decides what becomes of it."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from db.audit import note
from db.check_records import DisputeRecord, Outcome, QualityError, UnknownError
from db.clip_state import RETRACTED
from db.clip_tables import Clip
from db.clips import clip_record
from db.columns import utc_now
from db.gold import end_gold, live_gold, overturn_gold
from db.gold_scores import GOLD
from db.label_tables import Answer, Assignment
from db.person_tables import Person
from db.present import present
from db.quality_tables import Dispute, Gold

_NOTHING = "There is no check of yours to dispute here."
OUTCOMES: tuple[Outcome, ...] = ("upheld", "overturned", "retired")


def dispute(session: Session, person_id: int, assignment_id: int, text: str) -> int:
    """Say that the gold answer is wrong, after having been told it; the dispute's number.

    Raises UnknownError for whatever is no answered check of this person's, in the same words: it
    does not tell which clips are checks. QualityError where it was disputed or retired before.
    """
    assignment = session.get(Assignment, assignment_id)
    if assignment is None or (assignment.person_id, assignment.stream) != (person_id, GOLD):
        raise UnknownError(_NOTHING)
    gold = session.scalar(
        select(Gold).where(Gold.clip_id == assignment.clip_id, Gold.retired_at.is_(None))
    )
    if gold is None:
        raise QualityError("This check is out of use already: it counts in no score.")
    if not session.scalar(
        select(Answer.id)
        .where(
            Answer.assignment_id == assignment_id,
            Answer.value.not_in((RETRACTED, gold.label)),
        )
        .limit(1)
    ):
        raise UnknownError(_NOTHING)
    if session.scalar(
        select(Dispute.id).where(Dispute.gold_id == gold.id, Dispute.person_id == person_id)
    ):
        raise QualityError("You have disputed this check already: a lead looks at it.")
    row = Dispute(gold_id=gold.id, person_id=person_id, note=text.strip(), created_at=utc_now())
    session.add(row)
    session.flush()
    return row.id


def resolve(
    session: Session,
    dispute_id: int,
    outcome: Outcome,
    text: str = "",
    *,
    by_id: int | None = None,
) -> None:
    """Uphold the gold answer, overturn it, or retire the clip; scores follow by themselves.

    Overturned or retired ends every open dispute of that gold row. `text` becomes the new reason.
    """
    row = session.get(Dispute, dispute_id)
    if row is None:
        raise UnknownError(f"There is no dispute number {dispute_id}.")
    if row.outcome is not None:
        raise QualityError(f"This dispute was {row.outcome} already.")
    gold = live_gold(session, row.gold_id)
    detail = {"dispute": dispute_id, "gold": gold.id, "label": gold.label, "note": text}
    match outcome:
        case "upheld":
            row.outcome, row.resolved_at, row.resolved_by = outcome, utc_now(), by_id
        case "retired":
            end_gold(session, gold, outcome, by_id, utc_now())
        case "overturned":
            reason = text.strip() or f"A lead overturned the answer “{gold.label}”."
            detail["new"] = overturn_gold(session, gold, reason, by_id)
    session.flush()
    note(session, by_id, f"dispute {outcome}", gold.clip_id, detail)


def list_disputes(session: Session) -> list[DisputeRecord]:
    """Open ones first, the oldest on top; then the closed, the newest on top."""
    query = (
        select(Dispute, Gold, Clip, Person.name, Answer.value)
        .join(Gold, Gold.id == Dispute.gold_id)
        .join(Clip, Clip.clip_id == Gold.clip_id)
        .join(Person, Person.id == Dispute.person_id)
        .outerjoin(
            Assignment,
            and_(
                Assignment.clip_id == Gold.clip_id,
                Assignment.person_id == Dispute.person_id,
                Assignment.stream == GOLD,
            ),
        )
        .outerjoin(
            Answer,
            and_(
                Answer.assignment_id == Assignment.id,
                Answer.value != RETRACTED,
                present(Answer),
            ),
        )
        .order_by(Dispute.id)
    )
    rows = [
        DisputeRecord(
            id=row.id,
            clip=clip_record(clip),
            gold_label=gold.label,
            gold_reason=gold.reason,
            person=person,
            note=row.note,
            their_answer=value,
            created_at=row.created_at,
            outcome=_outcome(row.outcome),
            resolved_at=row.resolved_at,
        )
        for row, gold, clip, person, value in session.execute(query)
    ]
    still = [row for row in rows if row.outcome is None]
    return still + [row for row in reversed(rows) if row.outcome is not None]


def _outcome(said: str | None) -> Outcome | None:
    return next((known for known in OUTCOMES if known == said), None)
