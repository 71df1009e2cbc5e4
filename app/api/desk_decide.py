"""Routes of what a lead decides: adjudication, and voiding answers."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field

from app.api.deeds import doer
from app.context import AppContext
from app.services.desk import Queue
from db.adjudicating import DecisionError, decide, take_back
from db.audit import note
from db.void_records import VoidCriteria, VoidPreview, list_voids
from db.voiding import VoidError, preview, undo_void, void_answers

CLIPS_SHOWN = 60
Reason = Annotated[str, Field(max_length=500)]


class DecideRequest(BaseModel):
    clip_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    label: Literal["yes", "no", "unusable"]
    reason: Reason = ""


class ClipRequest(BaseModel):
    clip_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class ClipsRequest(BaseModel):
    clip_ids: Annotated[list[str], Field(max_length=CLIPS_SHOWN)]


class Criteria(BaseModel):
    """Answers that meet all of it; times without an offset are of the studio's zone."""

    person_id: int | None = None
    batch_id: int | None = None
    guideline_version: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def criteria(self, zone: str) -> VoidCriteria:
        return VoidCriteria(
            self.person_id,
            self.batch_id,
            self.guideline_version,
            _moment(self.since, zone),
            _moment(self.until, zone),
        )


class VoidRequest(Criteria):
    """`expected` is how many answers the preview told: more or fewer by now are not voided."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    again: bool = False
    expected: Annotated[int, Field(ge=1)]


def add_to(api: APIRouter, context: AppContext) -> None:
    database, desk = context.database, context.desk
    by = Depends(doer(database))

    @api.get("/queue")
    def queue(
        offset: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=60)] = 20
    ) -> dict[str, Any]:
        found = desk.queue()
        ids = [*found.value.waiting, *found.value.split][offset : offset + limit]
        return {
            **_sizes(found.value),
            "clips": [
                one | {"chance": found.value.split.get(one["clip_id"])} for one in desk.clips(ids)
            ],
        }

    @api.post("/clips")
    def clips(request: ClipsRequest) -> dict[str, Any]:
        """Cards with everybody's answers, in the order asked for."""
        return {"clips": desk.clips(request.clip_ids)}

    @api.post("/decide")
    def decide_clip(request: DecideRequest, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            try:
                decide(session, request.clip_id, request.label, by_id=by_id, reason=request.reason)
            except DecisionError as error:
                raise HTTPException(404, str(error)) from None
            told = {"label": request.label, "reason": request.reason}
            note(session, by_id, "clip decided", request.clip_id, told)
        return _sizes(desk.queue().value)

    @api.post("/decide/undo")
    def undo_decision(request: ClipRequest, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            try:
                take_back(session, request.clip_id, by_id=by_id)
            except DecisionError as error:
                raise HTTPException(409, str(error)) from None
            note(session, by_id, "decision taken back", request.clip_id, {})
        return {"clip": desk.clips([request.clip_id])[0], **_sizes(desk.queue().value)}

    @api.post("/voids/preview")
    def preview_void(request: Criteria) -> dict[str, Any]:
        with database.read() as session:
            try:
                found = preview(session, request.criteria(desk.zone()))
            except VoidError as error:
                raise HTTPException(422, str(error)) from None
        return _effect_json(found)

    @api.get("/voids")
    def voids() -> dict[str, Any]:
        with database.read() as session:
            found = list_voids(session)
        return {
            "voids": [
                {
                    **asdict(one),
                    "at": one.at.isoformat(),
                    "undone_at": None if one.undone_at is None else one.undone_at.isoformat(),
                }
                for one in found
            ]
        }

    @api.post("/voids")
    def void(request: VoidRequest, by_id: int | None = by) -> dict[str, Any]:
        criteria = request.criteria(desk.zone())
        with database.write() as session:
            try:
                void_id, effect = void_answers(
                    session, criteria, by_id=by_id, reason=request.reason, again=request.again
                )
            except VoidError as error:
                raise HTTPException(409, str(error)) from None
            if effect.answers != request.expected:
                raise HTTPException(
                    409,
                    f"There are {effect.answers} such answers by now, not {request.expected}: "
                    "nothing was voided. Look at the preview again.",
                )
            told = criteria.to_json() | {"void": void_id, "answers": effect.answers}
            note(session, by_id, "answers voided", request.reason, told)
        return {"id": void_id, **_effect_json(effect)}

    @api.post("/voids/{void_id}/undo")
    def undo(void_id: int, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            try:
                undone = undo_void(session, void_id, by_id=by_id)
            except VoidError as error:
                raise HTTPException(409, str(error)) from None
            note(session, by_id, "void undone", f"void {void_id}", asdict(undone))
        return asdict(undone)


def _sizes(queue: Queue) -> dict[str, int]:
    return {"waiting": len(queue.waiting), "split": len(queue.split)}


def _effect_json(effect: VoidPreview) -> dict[str, Any]:
    changes = [asdict(change) for change in effect.changes[:CLIPS_SHOWN]]
    return {
        "answers": effect.answers,
        "clips": effect.clips,
        "changed": effect.changed,
        "before": effect.before,
        "after": effect.after,
        "changes": changes,
    }


def _moment(at: datetime | None, zone: str) -> datetime | None:
    return at.replace(tzinfo=ZoneInfo(zone)) if at is not None and at.tzinfo is None else at
