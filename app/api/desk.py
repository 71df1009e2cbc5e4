"""Routes of *Desk*: what the lead sees. What a lead does: `desk_batches` and `desk_decide`."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel

from app.api import desk_batches, desk_decide, desk_export
from app.api.deeds import doer
from app.context import AppContext
from app.services.kept import Figures
from db.audit import note, page_of_audit
from db.choices import TIME_ZONE, choose_value
from db.desk_rows import guideline_versions
from db.people import list_people

Offset = Annotated[int, Query(ge=0, lt=2**31)]
Limit = Annotated[int, Query(ge=1, le=200)]


class ZoneRequest(BaseModel):
    zone: str


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/desk")
    database, desk = context.database, context.desk
    by = Depends(doer(database))

    @api.get("")
    def about() -> dict[str, Any]:
        """What every part of the page needs: the zone, and who can be chosen."""
        zone = desk.zone()
        with database.read() as session:
            people = [asdict(person) for person in list_people(session)]
            versions = guideline_versions(session)
        offset = datetime.now(ZoneInfo(zone)).strftime("%z")
        return {"zone": zone, "offset": offset, "people": people, "guidelines": versions}

    @api.get("/zones")
    def zones() -> dict[str, Any]:
        return {"zones": sorted(name for name in available_timezones() if _usual(name))}

    @api.post("/zone")
    def choose_zone(request: ZoneRequest, by_id: int | None = by) -> dict[str, Any]:
        if request.zone not in available_timezones():
            raise HTTPException(422, f"“{request.zone}” is no time zone: choose one of the list.")
        with database.write() as session:
            choose_value(session, TIME_ZONE, request.zone)
            note(session, by_id, "time zone", request.zone, {"zone": request.zone})
        return {"zone": request.zone}

    @api.get("/people")
    def people() -> dict[str, Any]:
        found = desk.people()
        return {"people": [one.to_json() for one in found.value], **_told(found)}

    @api.get("/agreement")
    def agreement() -> dict[str, Any]:
        found = desk.agreement()
        views = {way: view.to_json() for way, view in found.value.items()}
        return {**views, "zone": desk.zone(), **_told(found)}

    @api.get("/audit")
    def audit(offset: Offset = 0, limit: Limit = 50) -> dict[str, Any]:
        with database.read() as session:
            page = page_of_audit(session, offset, limit)
        rows = [{**asdict(row), "at": row.at.isoformat()} for row in page.rows]
        return {"total": page.total, "offset": page.offset, "rows": rows}

    desk_batches.add_to(api, context)
    desk_decide.add_to(api, context)
    desk_export.add_to(api, context)
    return api


def _told(found: Figures[Any]) -> dict[str, Any]:
    """As of when, and whether newer figures are on their way."""
    return {"as_of": found.at.isoformat(), "stale": found.stale}


def _usual(name: str) -> bool:
    return name == "UTC" or ("/" in name and not name.startswith(("Etc/", "posix/", "right/")))
