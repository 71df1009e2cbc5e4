"""Which checks a person gets among the next clips: gold clips and repeats, leased like others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from annotation.checks import GOLD_GAP, REPEAT_AFTER, Kind, gold_share, kinds, pick, pick_evenly
from db.clip_state import MAIN, PLAYABLE, RETRACTED
from db.clip_tables import Clip
from db.gold_scores import GOLD
from db.label_tables import Answer, Assignment, Slot
from db.present import present
from db.quality_tables import Exam, ExamAnswer, Example, Gold
from db.standing import Standing

REPEAT: Final = "repeat"
STREAMS = (MAIN, GOLD, REPEAT)
CANDIDATES = 300  # enough to choose from; neither pool nor past work makes a claim slower

_PERSON, _BEFORE = bindparam("person"), bindparam("before")
_other, _repeated = aliased(Assignment), aliased(Assignment)
_waits = and_(Assignment.stream == GOLD, Assignment.state != "answered")
# Items so far: every assignment, and every further time that a gold clip came.
_ITEMS = select(
    select(func.count(Assignment.id))
    .where(Assignment.person_id == _PERSON, or_(Assignment.stream != GOLD, _waits))
    .scalar_subquery()
    + select(func.count(Answer.id))
    .join(Assignment, Assignment.id == Answer.assignment_id)
    .where(Assignment.person_id == _PERSON, Assignment.stream == GOLD, Answer.value != RETRACTED)
    .scalar_subquery()
)
_known = (
    exists().where(
        Example.clip_id == Gold.clip_id, Example.used_for == "worked", Example.retired_at.is_(None)
    ),
    exists().where(
        Example.clip_id == Gold.clip_id,
        ExamAnswer.example_id == Example.id,
        Exam.id == ExamAnswer.exam_id,
        Exam.person_id == _PERSON,
    ),
)
_in_force = (
    select(Gold.clip_id)
    .join(Clip, Clip.clip_id == Gold.clip_id)
    .where(Gold.retired_at.is_(None), PLAYABLE, *(~known for known in _known))
)
_NEW_GOLD = (
    _in_force.add_columns(Gold.label)
    .where(
        ~exists().where(_other.clip_id == Gold.clip_id, _other.person_id == _PERSON),
        # A clip that still needs votes would lose this person's.
        ~exists().where(Slot.clip_id == Gold.clip_id, ~Slot.filled, ~Slot.shut),
    )
    .order_by(Gold.id)
    .limit(CANDIDATES)
)
_last = select(func.max(Answer.id)).where(Answer.assignment_id == Assignment.id).scalar_subquery()
_OLD_GOLD = (
    _in_force.join(Assignment, Assignment.clip_id == Gold.clip_id)
    .where(
        Assignment.person_id == _PERSON,
        Assignment.stream == GOLD,
        Assignment.state == "answered",
        _last < _BEFORE,
        ~exists().where(
            _other.clip_id == Gold.clip_id, _other.person_id == _PERSON, _other.stream != GOLD
        ),
    )
    .with_only_columns(Assignment.id)
    .order_by(_last)
    .limit(1)
)
_answered_main = select(Assignment.id).where(
    Assignment.person_id == _PERSON,
    Assignment.stream == MAIN,
    Assignment.state == "answered",
)
_long_ago = (
    _answered_main.order_by(Assignment.created_at.desc()).offset(REPEAT_AFTER).limit(CANDIDATES)
)
_REPEATABLE = (
    select(Assignment.clip_id)
    .join(Answer, Answer.assignment_id == Assignment.id)
    .join(Clip, Clip.clip_id == Assignment.clip_id)
    .where(
        Assignment.id.in_(_long_ago),
        Answer.value.in_(("yes", "no")),
        Answer.id < _BEFORE,
        PLAYABLE,
        present(Answer),
        ~exists().where(
            _repeated.clip_id == Assignment.clip_id,
            _repeated.person_id == Assignment.person_id,
            _repeated.stream != MAIN,
        ),
    )
    .order_by(Answer.id)
)


def _nth_newest(n: int) -> Select[int | None]:
    """The oldest answer of the n clips given last: whatever was said before it has at least n
    answers after it. None where there are not as many."""
    newest = _answered_main.order_by(Assignment.created_at.desc()).limit(n)
    return select(case((func.count() >= n, func.min(Answer.id)))).where(
        Answer.assignment_id.in_(newest), present(Answer)
    )


_BEFORE_GAP, _BEFORE_REPEAT = _nth_newest(GOLD_GAP), _nth_newest(REPEAT_AFTER)


@dataclass(frozen=True, slots=True)
class Check:
    """A check to be leased: a clip that is new in its stream, or an old gold assignment."""

    stream: Kind
    clip_id: str | None = None
    again: int | None = None


def next_checks(
    session: Session, person_id: int, count: int, known: Standing
) -> list[Check | None]:
    """What the next `count` items are; None is a clip of the labelling itself."""
    if not known.checked or count <= 0:
        return [None] * max(count, 0)
    so_far = session.scalar(_ITEMS, {"person": person_id}) or 0
    planned = kinds(person_id, so_far, count, gold_share(known.score))
    golds = [so_far + n for n, kind in enumerate(planned) if kind == GOLD]
    repeats = [so_far + n for n, kind in enumerate(planned) if kind == REPEAT]
    found = {
        **_golds(session, person_id, golds),
        **_repeats(session, person_id, repeats),
    }
    return [found.get(so_far + n) for n in range(count)]


def lease_check(
    session: Session,
    person_id: int,
    batch_id: int,
    check: Check,
    now: datetime,
    until: datetime,
) -> Assignment:
    """An assignment in the check's own stream; it stands in no slot."""
    if check.again is not None:
        assignment = session.get_one(Assignment, check.again)
        assignment.batch_id = batch_id
        assignment.state = "leased"
        assignment.lease_until = until
    else:
        assignment = Assignment(
            clip_id=check.clip_id,
            person_id=person_id,
            stream=check.stream,
            batch_id=batch_id,
            state="leased",
            created_at=now,
            lease_until=until,
        )
        session.add(assignment)
    session.flush()
    return assignment


def _golds(session: Session, person_id: int, numbers: Sequence[int]) -> dict[int, Check]:
    """New ones first, in an order of this person's own; then the one seen longest ago."""
    if not numbers:
        return {}
    fresh = [tuple(row) for row in session.execute(_NEW_GOLD, {"person": person_id})]
    found: dict[int, Check] = {}
    for number in numbers:
        if fresh:
            place = pick_evenly([label for _, label in fresh], person_id, number)
            found[number] = Check(GOLD, fresh.pop(place)[0])
        else:
            if (again := _again(session, person_id)) is not None:
                found[number] = Check(GOLD, again=again)
            break  # one old check a claim
    return found


def _again(session: Session, person_id: int) -> int | None:
    before = session.scalar(_BEFORE_GAP, {"person": person_id})
    if before is None:
        return None
    return session.scalar(_OLD_GOLD, {"person": person_id, "before": before})


def _repeats(session: Session, person_id: int, numbers: Sequence[int]) -> dict[int, Check]:
    if not numbers:
        return {}
    before = session.scalar(_BEFORE_REPEAT, {"person": person_id})
    if before is None:
        return {}
    own = list(session.scalars(_REPEATABLE, {"person": person_id, "before": before}))
    found: dict[int, Check] = {}
    for number in numbers:
        if own:
            clip_id = own.pop(pick(len(own), person_id, number))
            found[number] = Check(REPEAT, clip_id)
    return found
