"""Processes that the studio started, as rows that survive the studio."""

import json
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.clip_tables import Job
from db.columns import utc_now
from db.records import JobRecord, JobState

_ENDED: tuple[JobState, ...] = ("finished", "failed", "cancelled")


def create_job(session: Session, job_id: str, kind: str, argv: tuple[str, ...]) -> JobRecord:
    """Note a job as queued, before its process exists."""
    job = Job(
        id=job_id,
        kind=kind,
        argv=json.dumps(argv),
        state="queued",
        created_at=utc_now(),
        done=0,
        total=0,
        detail="",
        message="",
    )
    session.add(job)
    session.flush()
    return _record(job)


def start_job(session: Session, job_id: str, pid: int) -> None:
    """The process runs. A job that was cancelled in the meantime stays cancelled."""
    _change(session, job_id, ("queued",), state="running", pid=pid, started_at=utc_now())


def report_job(session: Session, job_id: str, done: int, total: int, detail: str = "") -> None:
    """Where a running job stands."""
    _change(session, job_id, ("queued", "running"), done=done, total=total, detail=detail)


def end_job(session: Session, job_id: str, state: JobState, message: str = "") -> bool:
    """End a job once; False when it had ended before (a cancel that came too late)."""
    if state not in _ENDED:
        raise ValueError(f"a job ends as one of {', '.join(_ENDED)}, not {state}")
    return _change(
        session,
        job_id,
        ("queued", "running"),
        state=state,
        message=message,
        ended_at=utc_now(),
    )


def job_by_id(session: Session, job_id: str) -> JobRecord | None:
    job = session.get(Job, job_id)
    return None if job is None else _record(job)


def list_jobs(
    session: Session, *, kind: str | None = None, running: bool = False, limit: int = 50
) -> list[JobRecord]:
    """Newest first; `running` leaves out those that have ended."""
    query = select(Job).order_by(Job.created_at.desc(), Job.id).limit(limit)
    if kind is not None:
        query = query.where(Job.kind == kind)
    if running:
        query = query.where(Job.state.not_in(_ENDED))
    return [_record(job) for job in session.scalars(query)]


def _change(session: Session, job_id: str, states: tuple[JobState, ...], **values: Any) -> bool:
    changed = session.scalars(
        update(Job)
        .where(Job.id == job_id, Job.state.in_(states))
        .values(**values)
        .returning(Job.id)
    ).all()
    return bool(changed)


def _record(job: Job) -> JobRecord:
    state: Any = job.state
    return JobRecord(
        id=job.id,
        kind=job.kind,
        argv=tuple(json.loads(job.argv)),
        state=state,
        created_at=job.created_at,
        pid=job.pid,
        started_at=job.started_at,
        ended_at=job.ended_at,
        done=job.done,
        total=job.total,
        detail=job.detail,
        message=job.message,
    )
