"""The labelling hot path: claim, answer, undo. Own routes: a Gradio event dies with its tab."""

from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field, field_validator

from app.access import signed_in
from app.api.clip_json import clip_json, feedback_json, told_flags
from app.api.session import progress_json
from app.context import AppContext
from app.services.my_work import own_figures
from db import labelling
from db.columns import utc_now
from db.records import BatchProgress, Claimed, NewAnswer, SignInRecord
from db.standing import Standing, standing

STUDIO_VERSION = version("sounding-actions")
Reason = Literal["not_visible", "not_audible", "not_wearer", "narration_wrong"]


class FromPerson(BaseModel):
    """`person` says whom the page believes it serves: another tab may have signed in anew."""

    person: int | None = None


class ClaimRequest(FromPerson):
    count: Annotated[int, Field(ge=1, le=20)] = 3


class AnswerRequest(FromPerson):
    """One key press. `decision_ms` counts from the end of the first full play."""

    client_uuid: UUID
    assignment: Annotated[int, Field(ge=1, lt=2**31)]
    clip_id: Annotated[str | None, Field(pattern=r"^[0-9a-f]{16}$")] = None
    value: Literal["yes", "no", "unsure", "broken"]
    plays: Annotated[int, Field(ge=0, le=10_000)] = 0
    heard: bool = False
    volume: Annotated[float | None, Field(ge=0, le=1)] = None
    rate: Annotated[float | None, Field(gt=0, le=16)] = None
    decision_ms: Annotated[int | None, Field(ge=0, lt=2**31)] = None
    shown_at: datetime | None = None
    reasons: Annotated[tuple[Reason, ...], Field(max_length=4)] = ()
    guideline_version: Annotated[int | None, Field(ge=0, lt=2**31)] = None
    # What the clip was played with; None where the browser played it as it is.
    gain_db: Annotated[float | None, Field(ge=-60, le=60, allow_inf_nan=False)] = None

    @field_validator("reasons")
    @classmethod
    def _each_once(cls, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
        return tuple(dict.fromkeys(reasons))


class UndoRequest(FromPerson):
    """`answer` names the answer to take back; without it the last one is meant."""

    client_uuid: UUID
    answer: UUID | None = None


class BatchRequest(BaseModel):
    """Open every clip that is in no batch, for `slots_per_clip` people each."""

    name: Annotated[str | None, Field(min_length=1, max_length=80)] = None
    slots_per_clip: Annotated[int, Field(ge=1, le=9)] = 3


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api")
    database = context.database
    asks = Depends(signed_in(database))

    @api.post("/claim")
    def claim(request: ClaimRequest, me: SignInRecord = asks) -> dict[str, Any]:
        _same_person(request, me)
        with database.write() as session:
            claimed = labelling.claim(session, me.person.id, request.count, batch_id=me.batch_id)
        with database.read() as session:
            progress = context.progress.of(session, me.person.id, me.batch_id, nothing=not claimed)
            unopened = 0 if claimed else labelling.count_without_batch(session)
            asked = bool(claimed) or labelling.any_batch(session)
            known = None if claimed else standing(session, me.person.id)
        return {
            "clips": [_claimed_json(one) for one in claimed],
            "progress": progress_json(progress),
            "unopened": unopened,
            "asked": asked,
            **_standing_json(known),
        }

    @api.post("/answers")
    def answer(request: AnswerRequest, me: SignInRecord = asks) -> dict[str, Any]:
        _same_person(request, me)
        fields = request.model_dump(exclude={"person"})
        fields["client_uuid"] = str(request.client_uuid)
        if request.shown_at is not None and request.shown_at.tzinfo is None:
            raise HTTPException(422, "shown_at needs a time zone, such as a final Z.")
        if request.shown_at is not None and request.shown_at > utc_now():
            fields["shown_at"] = None  # a clock ahead of ours tells nothing; the answer is kept
        with database.write() as session:
            try:
                receipt = labelling.answer(
                    session, me.person.id, NewAnswer(**fields, studio_version=STUDIO_VERSION)
                )
            except labelling.NotAssignedError as error:
                raise HTTPException(404, str(error)) from None
            except labelling.AnswerError as error:
                raise HTTPException(409, str(error)) from None
        # `counted` stays here: it would tell whether others have answered.
        return {
            "client_uuid": receipt.client_uuid,
            "repeated": receipt.repeated,
            "feedback": feedback_json(receipt.feedback),
        }

    @api.post("/undo")
    def undo(request: UndoRequest, me: SignInRecord = asks) -> dict[str, Any]:
        _same_person(request, me)
        with database.write() as session:
            try:
                back = labelling.undo(
                    session,
                    me.person.id,
                    str(request.client_uuid),
                    answer_uuid=None if request.answer is None else str(request.answer),
                    batch_id=me.batch_id,
                )
            except labelling.NotAssignedError as error:
                raise HTTPException(404, str(error)) from None
        return {"clip": None if back is None else _claimed_json(back)}

    @api.post("/heartbeat")
    def heartbeat(me: SignInRecord = asks) -> dict[str, Any]:
        with database.write() as session:
            return {"held": labelling.renew(session, me.person.id)}

    @api.get("/progress")
    def progress(me: SignInRecord = asks) -> dict[str, Any]:
        with database.read() as session:
            return progress_json(context.progress.of(session, me.person.id, me.batch_id))

    @api.get("/mine")
    def mine(
        limit: Annotated[int, Query(ge=1, le=200)] = 50, me: SignInRecord = asks
    ) -> dict[str, Any]:
        with database.read() as session:
            rows = labelling.my_answers(session, me.person.id, limit)
            figures = own_figures(session, me.person.id)
        return {
            **figures,
            "answers": [
                {
                    "client_uuid": row.client_uuid,
                    # Without it the page offers no other answer: this one was told, and stays.
                    **({} if row.told else {"assignment": row.assignment}),
                    "value": row.value,
                    "reasons": row.reasons,
                    "answered_at": row.answered_at.isoformat(),
                    "clip_id": row.clip.clip_id,
                    "narration": row.clip.narration,
                    "duration_s": round(row.clip.end_s - row.clip.start_s, 3),
                    "flags": told_flags(row.clip),
                }
                for row in rows
            ],
        }

    @api.get("/batches")
    def batches() -> dict[str, Any]:
        with database.read() as session:
            found = labelling.list_batches(session)
            unopened = labelling.count_without_batch(session)
        return {"batches": [_batch_json(batch) for batch in found], "unopened": unopened}

    @api.post("/batches")
    def open_batch(request: BatchRequest) -> dict[str, Any]:
        with database.write() as session:
            clips = labelling.clips_without_batch(session)
            if not clips:
                raise HTTPException(409, "Every clip is in a batch already: ingest more clips.")
            name = request.name or f"batch {len(labelling.list_batches(session)) + 1}"
            if labelling.batch_by_name(session, name) is not None:
                raise HTTPException(409, f"There is a batch “{name}” already: choose another name.")
            batch = labelling.create_batch(
                session, name, clips, labelling.BatchRule(slots_per_clip=request.slots_per_clip)
            )
        return {"name": batch.name, "clips": len(clips), "slots_per_clip": batch.slots_per_clip}

    return api


def _same_person(request: FromPerson, me: SignInRecord) -> None:
    if request.person not in (None, me.person.id):
        raise HTTPException(401, f"{me.person.name} has signed in since: sign in again.")


def _claimed_json(one: Claimed) -> dict[str, Any]:
    """The same for every clip: nothing in it tells a check."""
    return {
        "assignment": one.assignment,
        "clip": clip_json(one.clip),
        "batch": {"name": one.batch.name, "one_rater": one.batch.one_rater},
    }


def _standing_json(known: Standing | None) -> dict[str, Any]:
    """Why no clips come: too many checks were wrong, or there is something to pass first."""
    paused = known is not None and known.paused
    asks = None if known is None or paused else known.asks
    return {
        "paused": {
            "reason": f"{known.score.yes} of your {known.score.total} checks were right: that is "
            "too few to go on.",
            "right": known.score.yes,
            "total": known.score.total,
        }
        if known is not None and paused
        else None,
        "qualify": None
        if known is None or asks is None
        else {
            "questions": asks.questions,
            "pass_share": asks.pass_share,
            "attempts": known.attempts,
        },
    }


def _batch_json(progress: BatchProgress) -> dict[str, Any]:
    batch = progress.batch
    return {
        "name": batch.name,
        "state": batch.state,
        "slots_per_clip": batch.slots_per_clip,
        "one_rater": batch.one_rater,
        "clips": progress.clips,
        "complete": progress.complete,
        "slots": progress.slots,
        "filled": progress.filled,
        "held": progress.held,
    }
