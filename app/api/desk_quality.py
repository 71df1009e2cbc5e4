"""The lead's side of quality: gold, disputes, examples, guideline versions, qualification."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints

from app.api.clip_json import known_json
from app.api.deeds import doer
from app.api.quality import Number
from app.context import AppContext
from app.services.guideline import guideline_of
from db.audit import note
from db.check_records import DisputeRecord, GoldRecord, GuidelineRecord, PersonQuality
from db.choices import PLAYBACK_GAIN, choose_value, playback_gain_db
from db.disputes import list_disputes, resolve
from db.examples import add_example, examples, order_examples, remove_example
from db.gold import list_gold, make_gold, retire_gold
from db.guidelines import add_guideline, guidelines, lines_changed
from db.people_quality import people_quality
from db.qualification import lift_pause, qualification, set_qualification
from db.qualification_rule import QualificationRule
from db.standing import exam_pool

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
ClipId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Label = Literal["yes", "no"]


class GoldRequest(BaseModel):
    """Label and reason are those of the lead's decision about the clip where they are left out."""

    clip_id: ClipId
    label: Label | None = None
    reason: Text | None = None


class ResolveRequest(BaseModel):
    """`note` becomes the reason of an overturned gold clip."""

    outcome: Literal["upheld", "overturned", "retired"]
    note: Annotated[str, Field(max_length=2000)] = ""


class ExampleRequest(BaseModel):
    clip_id: ClipId
    label: Label
    reason: Text
    used_for: Literal["worked", "exam"]


class GuidelineRequest(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60_000)]


class QualificationRequest(BaseModel):
    required: bool
    questions: Annotated[int, Field(ge=1, le=200)] = 40
    pass_share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.85


class PlaybackRequest(BaseModel):
    gain_db: Annotated[float, Field(ge=-20, le=20, allow_inf_nan=False)]


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/desk")
    database = context.database
    by = Depends(doer(database))

    @api.get("/gold")
    def gold() -> list[dict[str, Any]]:
        with database.read() as session:
            return [_gold_json(one) for one in list_gold(session)]

    @api.post("/gold")
    def new_gold(request: GoldRequest, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            number = make_gold(session, request.clip_id, request.label, request.reason, by_id=by_id)
        return {"id": number}

    @api.delete("/gold/{gold_id}")
    def no_gold(gold_id: Number, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            retire_gold(session, gold_id, by_id=by_id)
        return {}

    @api.get("/disputes")
    def disputes() -> list[dict[str, Any]]:
        with database.read() as session:
            return [_dispute_json(one) for one in list_disputes(session)]

    @api.post("/disputes/{dispute_id}")
    def resolve_dispute(
        dispute_id: Number, request: ResolveRequest, by_id: int | None = by
    ) -> dict[str, Any]:
        with database.write() as session:
            resolve(session, dispute_id, request.outcome, request.note, by_id=by_id)
        return {}

    @api.get("/examples")
    def all_examples() -> list[dict[str, Any]]:
        with database.read() as session:
            found = examples(session, playable=False)
        return [
            known_json(one.clip, one.label, one.reason)
            | {"id": one.id, "used_for": one.used_for, "withdrawn": "withdrawn" in one.clip.flags}
            for one in found
        ]

    @api.post("/examples")
    def new_example(request: ExampleRequest, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            number = add_example(
                session, request.clip_id, request.used_for, request.label, request.reason,
                by_id=by_id,
            )  # fmt: skip
        return {"id": number}

    @api.post("/examples/order")
    def order(ids: list[Number], by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            order_examples(session, ids, by_id=by_id)
        return {}

    @api.delete("/examples/{example_id}")
    def no_example(example_id: Number, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            remove_example(session, example_id, by_id=by_id)
        return {}

    @api.get("/guidelines")
    def versions() -> list[dict[str, Any]]:
        guideline_of(database)
        with database.read() as session:
            found = guidelines(session)
        before = {one.version + 1: one.text for one in found}
        return [_guideline_json(one, before.get(one.version)) for one in found]

    @api.post("/guidelines")
    def publish(request: GuidelineRequest, by_id: int | None = by) -> dict[str, Any]:
        guideline_of(database)  # the text it replaces stays version 1
        with database.write() as session:
            return {"version": add_guideline(session, request.text, by_id=by_id)}

    @api.get("/qualification")
    def rule() -> dict[str, Any]:
        with database.read() as session:
            return qualification(session).fields() | {"pool": exam_pool(session)}

    @api.post("/qualification")
    def new_rule(request: QualificationRequest, by_id: int | None = by) -> dict[str, Any]:
        with database.write() as session:
            set_qualification(session, QualificationRule(**request.model_dump()), by_id=by_id)
            return qualification(session).fields() | {"pool": exam_pool(session)}

    @api.get("/playback")
    def playback() -> dict[str, float]:
        with database.read() as session:
            return {"gain_db": playback_gain_db(session)}

    @api.post("/playback")
    def new_playback(request: PlaybackRequest, by_id: int | None = by) -> dict[str, float]:
        with database.write() as session:
            before = playback_gain_db(session)
            choose_value(session, PLAYBACK_GAIN, request.gain_db)
            told = {"before_db": before, "after_db": request.gain_db}
            note(session, by_id, "playback gain set", "everybody", told)
        return {"gain_db": request.gain_db}

    @api.get("/people-quality")
    def people() -> list[dict[str, Any]]:
        with database.read() as session:
            return [_person_json(one) for one in people_quality(session)]

    @api.post("/people-quality/{person_id}/lift")
    def lift(person_id: Number, by_id: int | None = by) -> dict[str, Any]:
        """For a person who is paused where no exam lets them qualify again."""
        with database.write() as session:
            lift_pause(session, person_id, by_id=by_id)
        return {}

    return api


def _gold_json(one: GoldRecord) -> dict[str, Any]:
    return known_json(one.clip, one.label, one.reason) | {
        "id": one.id,
        "by": one.by,
        "created_at": one.created_at.isoformat(),
        "right": one.right,
        "total": one.total,
        "disputes": one.disputes,
        "withdrawn": "withdrawn" in one.clip.flags,
    }


def _dispute_json(one: DisputeRecord) -> dict[str, Any]:
    return {
        "id": one.id,
        "clip_id": one.clip.clip_id,
        "narration": one.clip.narration,
        "gold_label": one.gold_label,
        "gold_reason": one.gold_reason,
        "person": one.person,
        "note": one.note,
        "their_answer": one.their_answer,
        "created_at": one.created_at.isoformat(),
        "outcome": one.outcome,
        "resolved_at": None if one.resolved_at is None else one.resolved_at.isoformat(),
    }


def _guideline_json(one: GuidelineRecord, before: str | None) -> dict[str, Any]:
    return {
        "diff": [] if before is None else lines_changed(before, one.text),
        "version": one.version,
        "text": one.text,
        "created_at": one.created_at.isoformat(),
        "by": one.by,
    }


def _person_json(one: PersonQuality) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "right": one.score.yes,
        "total": one.score.total,
        "low": one.score.low,
        "high": one.score.high,
        "paused": one.paused,
        "repeats": {"same": one.repeats.same, "total": one.repeats.total},
        "attempts": one.attempts,
        "passed": one.passed,
    }
