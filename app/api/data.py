"""Routes of the Data page: clips, videos, dropped narrations, and ingesting more."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from app.api.jobs import job_json
from app.context import AppContext
from app.services.sources import Source, ingest_step, list_sources, world_steps
from db import clips as rows
from db.records import ClipFilter
from mc3core.errors import InputError

Offset = Annotated[int, Query(ge=0, lt=2**31)]
Limit = Annotated[int, Query(ge=1, le=200)]


class IngestRequest(BaseModel):
    """What to ingest: files are named by the ids that `/api/sources` gave, never by a path."""

    narrations: str
    videos: str
    format: Literal["ego4d", "csv"] = "ego4d"
    before_s: Annotated[float, Field(ge=0, le=60)] = 0.5
    after_s: Annotated[float, Field(ge=0, le=60)] = 1.0


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api")
    database = context.database

    @api.get("/data")
    def summary() -> dict[str, Any]:
        with database.read() as session:
            facets = rows.facets(session)
            videos = rows.page_of_videos(session, limit=1).total
            reasons = rows.dropped_reasons(session)
            clips = rows.count_clips(session)
        return {"clips": clips, "videos": videos, "dropped": reasons, **asdict(facets)}

    @api.get("/clips")
    def clips(
        verb: str | None = None,
        noun: str | None = None,
        split: str | None = None,
        flag: str | None = None,
        video: str | None = None,
        source: str | None = None,
        text: str | None = None,
        without: Literal["verb", "noun"] | None = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> dict[str, Any]:
        where = ClipFilter(
            video_uid=video,
            split=split,
            verb=verb,
            noun=noun,
            flag=flag,
            source=source,
            text=text,
            without=without,
        )
        with database.read() as session:
            page = rows.page_of_clips(session, where, offset, limit)
        return _page(page.total, page.offset, [asdict(row) for row in page.rows])

    @api.get("/videos")
    def videos(offset: Offset = 0, limit: Limit = 50) -> dict[str, Any]:
        with database.read() as session:
            page = rows.page_of_videos(session, offset, limit)
        found = [
            {
                **asdict(row.video),
                "split": row.split,
                "clips": row.clips,
                "dropped": row.dropped,
                "withdrawn_at": row.withdrawn_at and row.withdrawn_at.timestamp(),
            }
            for row in page.rows
        ]
        return _page(page.total, page.offset, found)

    @api.get("/dropped")
    def dropped(reason: str | None = None, offset: Offset = 0, limit: Limit = 50) -> dict[str, Any]:
        with database.read() as session:
            page = rows.page_of_dropped(session, offset, limit, reason)
        return _page(page.total, page.offset, [asdict(row) for row in page.rows])

    @api.get("/sources")
    def sources() -> dict[str, Any]:
        return {
            "sources": [_source_json(s) for s in list_sources(context.workspace, context.settings)]
        }

    @api.post("/ingest")
    def ingest(request: IngestRequest) -> dict[str, Any]:
        try:
            step = ingest_step(
                list_sources(context.workspace, context.settings),
                request.narrations,
                request.videos,
                request.format,
                request.before_s,
                request.after_s,
            )
        except InputError as error:
            raise HTTPException(422, str(error)) from None
        return job_json(context.jobs.start("ingest", [step]))

    @api.post("/world")
    def world() -> dict[str, Any]:
        """Fill an empty workspace with a small made world, to try everything on."""
        with database.read() as session:
            if rows.count_clips(session):
                raise HTTPException(409, "This workspace has clips already.")
        return job_json(context.jobs.start("world", world_steps(context.workspace)))

    return api


def _page(total: int, offset: int, found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"total": total, "offset": offset, "rows": found}


def _source_json(source: Source) -> dict[str, Any]:
    return {"id": source.id, "kind": source.kind, "name": source.name, "videos": source.videos}
