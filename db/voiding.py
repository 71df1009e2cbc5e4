"""Declaring answers void, and undoing it: appended rows only, the places of the clips follow.

Only the labelling itself is voided: a person's checks stay, they tell how the person answered.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased

from annotation.labels import Value, Verdict
from annotation.protocol import ClipState, annul, revive
from annotation.voting import verdict_of
from db.clip_state import MAIN, RETRACTED, StoredClip, load_clips, store_all
from db.clips import IDS_AT_ONCE
from db.columns import utc_now
from db.label_tables import Answer, Assignment, Void
from db.verdicts import adjudicated
from db.void_records import VoidCriteria, VoidPreview, VoidUndone


class VoidError(ValueError):
    """Answers that cannot be voided or brought back; the message says why."""


def preview(session: Session, criteria: VoidCriteria) -> VoidPreview:
    """Which verdicts would change, and how; nothing is written."""
    answers = _matching(session, criteria)
    return _effect(session, answers, _states(session, answers))


def void_answers(
    session: Session,
    criteria: VoidCriteria,
    *,
    by_id: int | None = None,
    reason: str = "",
    again: bool = False,
    now: datetime | None = None,
) -> tuple[int, VoidPreview]:
    """Void them: the number of the void, and what it did. Call it in `Database.write()`.

    `again`: the same people are offered those clips once more. Raises VoidError for nothing.
    """
    now = now or utc_now()
    answers = _matching(session, criteria)
    if not answers:
        raise VoidError("No answer meets all of this: nothing to void.")
    states = _states(session, answers)
    effect = _effect(session, answers, states)
    surplus = [a.assignment_id for a in answers if _is_surplus(a, states[a.clip_id].state)]
    after = _annulled(answers, states)
    stay = {clip_id: sorted(state.votes) for clip_id, state in after.items() if state.votes}
    told = {"asked": criteria.to_json(), "again": again, "answers": len(answers)}
    told |= {"changed": effect.changed}
    kept = {"surplus": surplus, "stay": stay}
    # Two lines: a list of voids reads the first, only undoing one needs the second.
    void = Void(
        at=now, by_id=by_id, reason=reason, criteria=f"{json.dumps(told)}\n{json.dumps(kept)}"
    )
    session.add(void)
    session.flush()
    rows = [_retraction(answer, void.id, now) for answer in answers]
    session.execute(insert(Answer), rows)
    store_all(session, ((states[clip_id], state) for clip_id, state in after.items()))
    if again:
        _set_state(session, [a.assignment_id for a in answers], "expired")
    return void.id, effect


def undo_void(
    session: Session, void_id: int, *, by_id: int | None = None, now: datetime | None = None
) -> VoidUndone:
    """Bring the answers back as they were said; who took their places since becomes surplus.

    A person who has answered the clip anew keeps that word, their last. Call it in
    `Database.write()`. Raises VoidError for an unknown or undone void.
    """
    void = session.get(Void, void_id)
    if void is None:
        raise VoidError(f"There is no void {void_id}.")
    if void.undone_at is not None:
        raise VoidError("This void was undone before.")
    kept: dict[str, Any] = json.loads(void.criteria.splitlines()[1])
    surplus, stay = set(kept["surplus"]), kept["stay"]
    answers, anew = _voided(session, void_id)
    states = load_clips(session, sorted({answer.clip_id for answer in answers}))
    after = {clip_id: stored.state for clip_id, stored in states.items()}
    before: defaultdict[str, set[int]] = defaultdict(set)
    for answer in answers:
        assignment = answer.assignment_id
        counted_before = before[answer.clip_id]
        counted_before.update(stay.get(answer.clip_id, ()))
        after[answer.clip_id] = revive(
            after[answer.clip_id],
            assignment,
            answer.value,
            counted=assignment not in surplus,
            before=counted_before,
        )
        counted_before.add(assignment)
    rows = [
        {
            **answer.said,
            "client_uuid": str(uuid.uuid4()),
            "supersedes": answer.last_id,
            "void_id": void_id,
        }
        for answer in answers
    ]
    if rows:
        session.execute(insert(Answer), rows)
    store_all(session, ((states[clip_id], state) for clip_id, state in after.items()))
    _set_state(session, [answer.assignment_id for answer in answers], "answered")
    void.undone_at = now or utc_now()
    void.undone_by = by_id
    session.flush()
    return VoidUndone(restored=len(rows), anew=anew, clips=len(states))


@dataclass(frozen=True, slots=True)
class _Said:
    """A word: where it belongs, and the last row of its assignment's chain."""

    last_id: int
    assignment_id: int
    value: Value
    clip_id: str
    studio_version: str
    guideline_version: int | None


@dataclass(frozen=True, slots=True)
class _Voided:
    """A word that was taken back; `said` is the whole answer."""

    last_id: int
    clip_id: str
    said: dict[str, Any]

    @property
    def assignment_id(self) -> int:
        return self.said["assignment_id"]

    @property
    def value(self) -> Value:
        return self.said["value"]


# What of an answer is the person's own: all that undoing a void brings back.
_SAID = (
    *("assignment_id", "value", "plays", "heard", "volume", "rate", "decision_ms", "shown_at"),
    *("created_at", "studio_version", "reasons", "guideline_version", "gain_db"),
)


def _matching(session: Session, criteria: VoidCriteria) -> list[_Said]:
    if not criteria.any:
        raise VoidError("Say which answers: a person, a time, a guideline version or a batch.")
    later = aliased(Answer)
    query = (
        select(
            Answer.id,
            Answer.assignment_id,
            Answer.value,
            Assignment.clip_id,
            Answer.studio_version,
            Answer.guideline_version,
        )
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .outerjoin(later, later.supersedes == Answer.id)
        .where(later.id.is_(None), Answer.value != RETRACTED, Assignment.stream == MAIN)
        .order_by(Answer.id)
    )
    if criteria.person_id is not None:
        query = query.where(Assignment.person_id == criteria.person_id)
    if criteria.batch_id is not None:
        query = query.where(Assignment.batch_id == criteria.batch_id)
    if criteria.guideline_version is not None:
        query = query.where(Answer.guideline_version == criteria.guideline_version)
    if criteria.since is not None:
        query = query.where(Answer.created_at >= criteria.since)
    if criteria.until is not None:
        query = query.where(Answer.created_at < criteria.until)
    rows: list[Any] = list(session.execute(query))
    return [_Said(*row) for row in rows]


def _voided(session: Session, void_id: int) -> tuple[list[_Voided], int]:
    """What a void took back, oldest first, and how much of it people have answered anew."""
    retraction, later = aliased(Answer), aliased(Answer)
    said = [getattr(Answer, name) for name in _SAID]
    query = (
        select(retraction.id, later.id, Assignment.clip_id, *said)
        .join(retraction, retraction.supersedes == Answer.id)
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .outerjoin(later, later.supersedes == retraction.id)
        .where(retraction.void_id == void_id, retraction.value == RETRACTED)
        .order_by(Answer.id)
    )
    rows: list[Any] = list(session.execute(query))
    back = [
        _Voided(last, clip_id, dict(zip(_SAID, fields, strict=True)))
        for last, since, clip_id, *fields in rows
        if since is None
    ]
    return back, len(rows) - len(back)


def _states(session: Session, answers: Iterable[_Said]) -> dict[str, StoredClip]:
    return load_clips(session, sorted({answer.clip_id for answer in answers}))


def _is_surplus(answer: _Said, state: ClipState) -> bool:
    return answer.assignment_id not in state.votes


def _annulled(answers: Iterable[_Said], states: Mapping[str, StoredClip]) -> dict[str, ClipState]:
    after = {clip_id: stored.state for clip_id, stored in states.items()}
    for answer in answers:
        after[answer.clip_id] = annul(after[answer.clip_id], answer.assignment_id)
    return after


def _effect(
    session: Session, answers: Sequence[_Said], states: Mapping[str, StoredClip]
) -> VoidPreview:
    decided: dict[str, str] = {}
    ids = list(states)
    for start in range(0, len(ids), IDS_AT_ONCE):
        decided |= adjudicated(session, ids[start : start + IDS_AT_ONCE])
    after = _annulled(answers, states)
    pairs: dict[str, tuple[Verdict, Verdict]] = {
        clip_id: (
            verdict_of(clip_id, stored.state, decided.get(clip_id)),
            verdict_of(clip_id, after[clip_id], decided.get(clip_id)),
        )
        for clip_id, stored in states.items()
    }
    return VoidPreview.of(len(answers), pairs)


def _retraction(answer: _Said, void_id: int, now: datetime) -> dict[str, Any]:
    return {
        "client_uuid": str(uuid.uuid4()),
        "assignment_id": answer.assignment_id,
        "supersedes": answer.last_id,
        "value": RETRACTED,
        "created_at": now,
        "studio_version": answer.studio_version,
        "guideline_version": answer.guideline_version,
        "void_id": void_id,
    }


def _set_state(session: Session, assignments: Sequence[int], state: str) -> None:
    for start in range(0, len(assignments), IDS_AT_ONCE):
        some = Assignment.id.in_(assignments[start : start + IDS_AT_ONCE])
        session.execute(
            update(Assignment)
            .where(some)
            .values(state=state)
            .execution_options(synchronize_session=False)
        )
