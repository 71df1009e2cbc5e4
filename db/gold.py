"""Gold clips: made with their reason, retired, overturned. One row of a clip is in force."""

from datetime import datetime

from sqlalchemy import and_, case, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from db.adjudicating import decisions
from db.audit import note
from db.check_records import GoldRecord, Label, QualityError, UnknownError
from db.clip_state import RETRACTED, WITHDRAWN
from db.clip_tables import Clip
from db.clips import clip_record
from db.columns import utc_now
from db.gold_scores import GOLD
from db.label_tables import Answer, Assignment
from db.person_tables import Person
from db.quality_tables import Dispute, Example, Gold
from db.verdicts import adjudicated

OTHER: dict[str, Label] = {"yes": "no", "no": "yes"}


def make_gold(
    session: Session,
    clip_id: str,
    label: Label | None = None,
    reason: str | None = None,
    *,
    by_id: int | None = None,
    now: datetime | None = None,
) -> int:
    """Ask this clip as a check from now on; the number of its gold row. Label and reason are those
    of the lead's decision about it where they are not given.

    Raises UnknownError, or QualityError: no reason, withdrawn, gold already, an example, or decided
    otherwise by a lead.
    """
    if label is None or reason is None:
        known_label, known_reason = _decision(session, clip_id)
        label, reason = label or known_label, reason or known_reason
    clip = usable_clip(session, clip_id, reason)
    if _row_of(session, clip_id) is not None:
        raise QualityError("This clip is gold already: retire it first, or overturn it.")
    if session.scalar(
        select(Example.id).where(Example.clip_id == clip_id, Example.retired_at.is_(None)).limit(1)
    ):
        raise QualityError("This clip is an example, whose answer is shown: take another clip.")
    decided = adjudicated(session, [clip_id]).get(clip_id)
    if decided not in (None, label):
        raise QualityError(f"A lead decided “{decided}” about this clip: gold must say the same.")
    row = _put(session, clip.clip_id, label, reason.strip(), by_id, now or utc_now())
    note(session, by_id, "gold made", clip_id, {"gold": row, "label": label, "reason": reason})
    return row


def retire_gold(
    session: Session, gold_id: int, *, by_id: int | None = None, now: datetime | None = None
) -> None:
    """Ask it no more: it leaves every score it was in, and open disputes of it end with it."""
    gold = live_gold(session, gold_id)
    end_gold(session, gold, "retired", by_id, now or utc_now())
    note(session, by_id, "gold retired", gold.clip_id, {"gold": gold_id, "label": gold.label})


def overturn_gold(session: Session, gold: Gold, reason: str, by_id: int | None) -> int:
    """The other label is right: answers given before are scored by it, and pauses lift."""
    now = utc_now()
    end_gold(session, gold, "overturned", by_id, now)
    return _put(session, gold.clip_id, OTHER[gold.label], reason, by_id, now)


def end_gold(session: Session, gold: Gold, outcome: str, by_id: int | None, now: datetime) -> None:
    """Take a row out of force, and close what was said against it."""
    gold.retired_at = now
    session.execute(
        update(Dispute)
        .where(Dispute.gold_id == gold.id, Dispute.outcome.is_(None))
        .values(outcome=outcome, resolved_at=now, resolved_by=by_id)
        .execution_options(synchronize_session="fetch")
    )
    # Whoever holds it is not asked again; an answer on its way is still taken.
    session.execute(
        update(Assignment)
        .where(
            Assignment.clip_id == gold.clip_id,
            Assignment.stream == GOLD,
            Assignment.state == "leased",
        )
        .values(state="expired")
        .execution_options(synchronize_session="fetch")
    )
    session.flush()


def list_gold(session: Session) -> list[GoldRecord]:
    """Gold clips in force, the newest first, with what was answered to them."""
    undone = aliased(Answer)
    answers = (
        select(
            Gold.id,
            func.sum(case((Answer.value == Gold.label, 1), else_=0)).label("right"),
            func.count().label("total"),
        )
        .join(Assignment, and_(Assignment.clip_id == Gold.clip_id, Assignment.stream == GOLD))
        .join(Answer, Answer.assignment_id == Assignment.id)
        .where(
            Gold.retired_at.is_(None),
            Answer.value.in_(("yes", "no")),
            ~exists().where(undone.supersedes == Answer.id, undone.value == RETRACTED),
        )
        .group_by(Gold.id)
        .subquery()
    )
    against = (
        select(Dispute.gold_id, func.count().label("open"))
        .where(Dispute.outcome.is_(None))
        .group_by(Dispute.gold_id)
        .subquery()
    )
    query = (
        select(Gold, Clip, Person.name, answers.c.right, answers.c.total, against.c.open)
        .join(Clip, Clip.clip_id == Gold.clip_id)
        .outerjoin(Person, Person.id == Gold.by_id)
        .outerjoin(answers, answers.c.id == Gold.id)
        .outerjoin(against, against.c.gold_id == Gold.id)
        .where(Gold.retired_at.is_(None))
        .order_by(Gold.id.desc())
    )
    return [
        GoldRecord(
            id=gold.id,
            clip=clip_record(clip),
            label=gold.label,
            reason=gold.reason,
            by=by,
            created_at=gold.created_at,
            right=int(right or 0),
            total=int(total or 0),
            disputes=int(disputes or 0),
        )
        for gold, clip, by, right, total, disputes in session.execute(query)
    ]


def live_gold(session: Session, gold_id: int) -> Gold:
    gold = session.get(Gold, gold_id)
    if gold is None:
        raise UnknownError(f"There is no gold clip number {gold_id}.")
    if gold.retired_at is not None:
        raise QualityError("This gold clip is out of force already.")
    return gold


def usable_clip(session: Session, clip_id: str, reason: str) -> Clip:
    """A clip that may be shown with its answer."""
    clip = session.get(Clip, clip_id)
    if clip is None:
        raise UnknownError(f"There is no clip {clip_id}.")
    if WITHDRAWN in clip.flags:
        raise QualityError("The video of this clip was withdrawn: nobody can be asked about it.")
    if not reason.strip():
        raise QualityError("Write the reason: whoever answers otherwise is told it.")
    return clip


def gold_clips(session: Session) -> set[str]:
    """Clips that are gold now."""
    return set(session.scalars(select(Gold.clip_id).where(Gold.retired_at.is_(None))))


def _decision(session: Session, clip_id: str) -> tuple[Label, str]:
    found = decisions(session, [clip_id]).get(clip_id)
    if found is None:
        raise QualityError("Nothing is decided about this clip: give its answer and the reason.")
    if found.label == "unusable":
        raise QualityError("A lead decided that this clip is unusable: take another one.")
    return found.label, found.reason


def _row_of(session: Session, clip_id: str) -> int | None:
    return session.scalar(select(Gold.id).where(Gold.clip_id == clip_id, Gold.retired_at.is_(None)))


def _put(
    session: Session, clip_id: str, label: str, reason: str, by_id: int | None, now: datetime
) -> int:
    gold = Gold(clip_id=clip_id, label=label, reason=reason, by_id=by_id, created_at=now)
    session.add(gold)
    session.flush()
    return gold.id
