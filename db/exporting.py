"""Every label there is, clip by clip, from one query whose rows are read as they come."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Select, String, and_, collate, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from annotation.label_rows import Decision, GivenAnswer, LabelRow
from db.clip_state import MAIN, RETRACTED, WITHDRAWN
from db.clip_tables import Clip, Video
from db.label_tables import Adjudication, Answer, Assignment, Batch, Slot
from db.person_tables import Person
from db.present import present

AT_ONCE = 2000


def label_rows(
    session: Session, *, batch_id: int | None = None, verb: str | None = None
) -> Iterator[LabelRow]:
    """Clips that are in a batch (or that a lead decided about), by video and time, with everybody's
    present word. Clips of withdrawn videos are left out.

    Memory does not grow with the clips: read them all inside one `Database.read()`.
    """
    query = _query(session.get_bind().dialect.name)
    if batch_id is not None:
        query = query.where(_FIRST.batch_id == batch_id)
    if verb is not None:
        query = query.where(Clip.verb == verb)
    found = session.execute(query, execution_options={"yield_per": AT_ONCE})
    for _, rows in groupby(map(tuple, found), key=lambda row: row[0]):
        yield _row(list(rows))


def count_labelled(session: Session, batch_id: int | None = None) -> int:
    """About how many rows to expect: clips that are in a batch."""
    query = select(func.count()).select_from(Slot).where(Slot.k == 1)
    if batch_id is not None:
        query = query.where(Slot.batch_id == batch_id)
    return session.scalar(query) or 0


def count_withdrawn(session: Session) -> int:
    """How many labelled clips an export leaves out because their video was withdrawn."""
    labelled = exists().where(Slot.clip_id == Clip.clip_id)
    return session.scalar(select(func.count()).select_from(Clip).where(labelled, _GONE)) or 0


# How many columns of a row are the clip's own, its decision's; the rest are an answer's.
_CLIP, _DECISION = 16, 4
_FIRST = aliased(Slot, name="first_place")
_FILLED = aliased(Slot, name="filled_place")
_PLACE = aliased(Slot, name="place")
_GONE = type_coerce(Clip.flags, String).like(f"%,{WITHDRAWN},%")
_ASKED = _PLACE.clip_id == Clip.clip_id


def _query(dialect: str) -> Select[*tuple[Any, ...]]:
    decided, lead = aliased(Adjudication), aliased(Person)
    needed = select(func.count()).select_from(_PLACE).where(_ASKED)
    waiting = needed.where(~_PLACE.filled, ~_PLACE.shut)
    # One order on both engines: PostgreSQL would sort by the language of its cluster.
    uid = collate(Clip.video_uid, "C") if dialect == "postgresql" else Clip.video_uid
    columns: tuple[Any, ...] = (
        Clip.clip_id,
        Clip.video_uid,
        Clip.annotation_uid,
        Clip.source,
        Clip.narration,
        Clip.verb,
        Clip.noun,
        Clip.time_s,
        Clip.start_s,
        Clip.end_s,
        Video.duration_s,
        Clip.split,
        Batch.name,
        Batch.chosen,
        needed.scalar_subquery(),
        waiting.scalar_subquery(),
        decided.label,
        decided.reason,
        lead.name,
        decided.created_at,
        Person.name,
        Answer.value,
        Person.kind,
        _FILLED.id.is_not(None),
        Answer.created_at,
        Answer.reasons,
        Answer.decision_ms,
        Answer.shown_at,
        Answer.plays,
        Answer.heard,
        Answer.volume,
        Answer.rate,
        Answer.gain_db,
        Answer.guideline_version,
        Answer.studio_version,
        Answer.client_uuid,
    )
    return (
        select(*columns)
        .select_from(Clip)
        .outerjoin(Video, Video.video_uid == Clip.video_uid)
        .outerjoin(_FIRST, and_(_FIRST.clip_id == Clip.clip_id, _FIRST.k == 1))
        .outerjoin(Batch, Batch.id == _FIRST.batch_id)
        .outerjoin(
            decided,
            and_(
                decided.clip_id == Clip.clip_id,
                decided.label != RETRACTED,
                present(decided),
            ),
        )
        .outerjoin(lead, lead.id == decided.by_id)
        .outerjoin(Assignment, and_(Assignment.clip_id == Clip.clip_id, Assignment.stream == MAIN))
        .outerjoin(
            Answer,
            and_(
                Answer.assignment_id == Assignment.id,
                Answer.value != RETRACTED,
                present(Answer),
            ),
        )
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(_FILLED, and_(_FILLED.assignment_id == Assignment.id, _FILLED.filled))
        .where(or_(_FIRST.id.is_not(None), decided.id.is_not(None)), ~_GONE)
        # By the index of clips; a clip's answers are put in order as it is read.
        .order_by(uid, Clip.time_s, Clip.clip_id)
    )


def _row(rows: list[tuple[Any, ...]]) -> LabelRow:
    first = rows[0]
    answers = [GivenAnswer(*row[_CLIP + _DECISION :]) for row in rows if row[-1] is not None]
    answers.sort(key=lambda answer: (answer.answered_at, answer.uuid))
    label, reason, by, at = first[_CLIP : _CLIP + _DECISION]
    decision = None if label is None else Decision(label, reason, by, at)
    return LabelRow(*first[:_CLIP], answers=tuple(answers), decision=decision)
