"""Routes of the desk's batches: list, preview, create, change."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from app.api.deeds import doer
from app.context import AppContext
from app.services.atlas import Atlases
from app.services.desk_batches import Selection, is_filtered, select_clips
from app.services.desk_regions import regions
from db.audit import note
from db.batch_changes import BatchChange, BatchError, change_batch, free_name, known_people
from db.batch_clips import Stratum, candidates, candidates_among
from db.batches import BatchRule, create_batch
from db.records import ClipFilter

ClipIds = Annotated[list[str], Field(max_length=50_000)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Name = Annotated[str, Field(max_length=80)]
Note = Annotated[str, Field(max_length=500)]
People = Annotated[list[int], Field(max_length=500)]


class Filter(BaseModel):
    """The filter of the Data page."""

    video: str | None = None
    split: str | None = None
    verb: str | None = None
    noun: str | None = None
    flag: str | None = None
    source: str | None = None
    text: str | None = None

    def clip_filter(self) -> ClipFilter:
        words = {name: value or None for name, value in self.model_dump().items()}
        return ClipFilter(video_uid=words.pop("video"), **words)


class Wanted(BaseModel):
    """Which clips: those of a filter, or these. `n` of them at random by the seed; all without.
    `stratify`: of each stratum its share, all along the order."""

    filter: Filter | None = None
    clip_ids: ClipIds | None = None
    n: Annotated[int | None, Field(ge=1)] = None
    seed: Seed = 0
    stratify: Stratum | Literal["region"] | None = None


class NewBatch(Wanted):
    """`people` empty: everyone. `deadline` is a time of the studio's zone, without an offset."""

    name: Name
    slots_per_clip: Annotated[int, Field(ge=1, le=9)] = 3
    early_stop: bool = False
    full_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    people: People = []
    owner_id: int | None = None
    deadline: datetime | None = None
    note: Note = ""


class Change(BaseModel):
    """What is sent is changed; null takes an owner or a deadline away."""

    name: Name | None = None
    state: Literal["open", "paused", "closed"] | None = None
    people: People | None = None
    owner_id: int | None = None
    deadline: datetime | None = None
    note: Note | None = None


def add_to(api: APIRouter, context: AppContext) -> None:
    database, desk = context.database, context.desk
    by = Depends(doer(database))
    atlases = Atlases(context.workspace)

    @api.get("/batches")
    def batches() -> dict[str, Any]:
        return {"batches": [one.to_json() for one in desk.batches()], "zone": desk.zone()}

    @api.post("/batches/preview")
    def preview(request: Wanted) -> dict[str, Any]:
        return _select(request).to_json()

    @api.post("/batches")
    def create(request: NewBatch, by_id: int | None = by) -> dict[str, Any]:
        selection = _select(request)
        if not selection.clips:
            raise HTTPException(409, _nothing(selection))
        rule = BatchRule(
            slots_per_clip=request.slots_per_clip,
            order_seed=request.seed,
            chosen=selection.chosen,
            early_stop=request.early_stop,
            full_share=request.full_share if request.early_stop else 1.0,
            people=tuple(request.people),
            owner_id=request.owner_id,
            deadline=_moment(request.deadline, desk.zone()),
            note=request.note,
        )
        with database.write() as session:
            try:
                name = free_name(session, request.name)
                owner = () if rule.owner_id is None else (rule.owner_id,)
                known_people(session, (*rule.people, *owner))
            except BatchError as error:
                raise HTTPException(409, str(error)) from None
            batch = create_batch(session, name, selection.clips, rule, selection.strata)
            told = request.model_dump(mode="json", exclude={"clip_ids"}, exclude_defaults=True)
            told |= {"clips": len(selection.clips), "chosen": selection.chosen}
            note(session, by_id, "batch opened", batch.name, told)
        return {"id": batch.id, "name": batch.name, **selection.to_json()}

    @api.post("/batches/{batch_id}")
    def change(batch_id: int, request: Change, by_id: int | None = by) -> dict[str, Any]:
        sent = request.model_fields_set
        wanted = BatchChange(
            name=request.name,
            state=request.state,
            people=None if request.people is None else tuple(request.people),
            owner_id=request.owner_id,
            deadline=_moment(request.deadline, desk.zone()),
            note=request.note,
            clear_owner="owner_id" in sent and request.owner_id is None,
            clear_deadline="deadline" in sent and request.deadline is None,
        )
        with database.write() as session:
            try:
                batch = change_batch(session, batch_id, wanted)
            except BatchError as error:
                raise HTTPException(409, str(error)) from None
            told = request.model_dump(mode="json", include=set(sent))
            note(session, by_id, "batch changed", batch.name, told)
        return {"id": batch.id, "name": batch.name}

    def _select(request: Wanted) -> Selection:
        where = (request.filter or Filter()).clip_filter()
        stratum = None if request.stratify == "region" else request.stratify
        with database.read() as session:
            if request.clip_ids is not None:
                found = candidates_among(session, request.clip_ids, stratum)
            else:
                found = candidates(session, where, stratum)
        if request.stratify == "region":
            region = regions(context.workspace, atlases)
            free = {clip_id: region.get(clip_id, "") for clip_id in found.free}
            found = replace(found, free=free)
        return select_clips(
            found,
            n=request.n,
            seed=request.seed,
            stratified=request.stratify is not None,
            filtered=is_filtered(where),
            picked=request.clip_ids is not None,
        )


def _moment(deadline: datetime | None, zone: str) -> datetime | None:
    """A wall clock's time in the zone; one with an offset is what it says."""
    if deadline is None or deadline.tzinfo is not None:
        return deadline
    return deadline.replace(tzinfo=ZoneInfo(zone))


def _nothing(selection: Selection) -> str:
    found = selection.candidates
    if not found.found:
        return "No clip passes this filter: nothing to ask about."
    return (
        f"Nothing is left to ask about: of {found.found} clips {found.in_batches} are in a batch "
        f"already and {found.unplayable} cannot be played or are examples. Choose other clips."
    )
