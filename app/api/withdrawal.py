"""Routes that withdraw a video: what would go, and doing it."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from app.api.jobs import job_json
from app.api.session import Token
from app.context import AppContext
from app.services import at_stake, withdrawal
from app.services.ingest import only_ingest
from db.people import who
from mc3core.errors import InputError, RunError

VideoName = Annotated[str, Query(max_length=4000)]


class WithdrawRequest(BaseModel):
    """The video by its uid, and why."""

    video: Annotated[str, Field(max_length=4000)]
    reason: Annotated[str, Field(max_length=2000)] = ""


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/withdrawal")
    database = context.database

    @api.get("")
    def preview(video: VideoName) -> dict[str, Any]:
        try:
            found = at_stake.preview(context.workspace, context.settings, database, video)
        except InputError as error:
            raise HTTPException(404, str(error)) from None
        return found.to_json()

    @api.post("")
    def withdraw(request: WithdrawRequest, token: Token = None) -> dict[str, Any]:
        """Written down at once, so that nobody is shown it any more; the files go in a job."""
        with database.read() as session:
            person = None if token is None else who(session, token)
        by_id = None if person is None else person.person.id
        try:
            with only_ingest(context.workspace):
                uid, again = withdrawal.record(
                    context.workspace, database, request.video, request.reason, by_id
                )
        except InputError as error:
            raise HTTPException(404, str(error)) from None
        except RunError as error:
            raise HTTPException(409, str(error)) from None
        job = context.jobs.start("withdraw", [("withdraw", f"--key={withdrawal.key_of(uid)}")])
        return {"video": uid, "again": again, **job_json(job)}

    return api
