"""Routes of the background jobs."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException

from app.context import AppContext
from app.services.jobs import JobView
from mc3core.errors import InputError


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/jobs")

    @api.get("")
    def jobs(limit: int = 20) -> dict[str, Any]:
        return {"jobs": [job_json(job) for job in context.jobs.recent(min(max(limit, 1), 200))]}

    @api.get("/{job_id}")
    def job(job_id: str) -> dict[str, Any]:
        return _found(lambda: context.jobs.get(job_id))

    @api.post("/{job_id}/cancel")
    def cancel(job_id: str) -> dict[str, Any]:
        return _found(lambda: context.jobs.cancel(job_id))

    return api


def job_json(job: JobView) -> dict[str, Any]:
    return {**asdict(job), "active": job.active}


def _found(look: Callable[[], JobView]) -> dict[str, Any]:
    try:
        return job_json(look())
    except InputError as error:
        raise HTTPException(404, str(error)) from None
