"""Background jobs: our own commands as processes, with progress, cancel, and an end that is told.

A job has one or more steps, commands of `sounding` run one after the other; the first that fails
ends it. Rows live in the table `job`, progress and logs in `jobs/<id>/`.
"""

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.progress import PROGRESS_FILE, read_progress
from app.services import processes
from app.workspace import Workspace
from db import jobs as rows
from db.engine import Database
from db.records import JobRecord, JobState
from mc3core.errors import InputError

Step = tuple[str, ...]
"""One command: ("embed", "--run", "..."); the workspace and --json are added."""

ENDED_EARLY = "The studio ended before it did. Start it again: it goes on from what is there."
# Narrations can be dropped (exit 1) and the rest of the work still be right.
DONE_CODES: dict[str, tuple[int, ...]] = {"ingest": (0, 1)}


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as pages show it."""

    id: str
    kind: str
    state: JobState
    task: str
    done: int
    total: int
    detail: str
    message: str
    seconds: float

    @property
    def active(self) -> bool:
        return self.state in {"queued", "running"}


class JobRunner:
    """The jobs of one studio. Thread-safe; one watching thread a job."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._database = database
        self._lock = threading.Lock()
        self._pids: dict[str, int] = {}
        self._closing = False

    def start(self, kind: str, steps: Sequence[Step]) -> JobView:
        """Start a job; a second one of the same kind and steps is the first one."""
        flat = _flat(steps)
        with self._lock:
            with self._database.read() as session:
                for job in rows.list_jobs(session, kind=kind, running=True):
                    if job.argv == flat and job.id in self._pids:
                        return self._view(job)
            job_id = f"{time.strftime('%Y%m%d-%H%M%S')}-{kind}-{secrets.token_hex(2)}"
            with self._database.write() as session:
                job = rows.create_job(session, job_id, kind, flat)
            self._pids[job_id] = 0
        threading.Thread(target=self._watch, args=(job_id, list(steps)), daemon=True).start()
        return self._view(job)

    def recent(self, limit: int = 20) -> list[JobView]:
        """Newest first."""
        with self._database.read() as session:
            return [self._view(job) for job in rows.list_jobs(session, limit=limit)]

    def get(self, job_id: str) -> JobView:
        with self._database.read() as session:
            job = rows.job_by_id(session, job_id)
        if job is None:
            raise InputError(f"There is no job {job_id!r}.")
        return self._view(job)

    def cancel(self, job_id: str) -> JobView:
        """End a job and its children; one that has ended stays as it is."""
        if self.get(job_id).active:
            with self._database.write() as session:
                rows.end_job(session, job_id, "cancelled", "Cancelled.")
            if pid := self._pids.get(job_id, 0):
                processes.end_group(pid)
        return self.get(job_id)

    def reconcile(self) -> None:
        """After a restart: a job that was running when the studio ended says so."""
        with self._database.read() as session:
            left = rows.list_jobs(session, running=True, limit=1000)
        for job in left:
            if job.id in self._pids:
                continue
            if job.pid and processes.is_ours(job.pid, str(self._workspace.root)):
                processes.end_group(job.pid)
            with self._database.write() as session:
                rows.end_job(session, job.id, "failed", ENDED_EARLY)

    def shut_down(self) -> None:
        """End every running job; each goes on from its files when it is started again."""
        self._closing = True
        for pid in [pid for pid in self._pids.values() if pid]:
            processes.end_group(pid)

    def _watch(self, job_id: str, steps: Sequence[Step]) -> None:
        folder = self._workspace.jobs / job_id
        state: JobState = "finished"
        message = ""
        for step in steps:
            command = _command(step, self._workspace)
            if self._closing or not self.get(job_id).active:
                break
            process = processes.start(
                processes.python_module("app.cli", command),
                folder,
                {PROGRESS_FILE: str(folder / "progress.json")},
            )
            self._pids[job_id] = process.pid
            processes.be_polite(process.pid)
            with self._database.write() as session:
                rows.start_job(session, job_id, process.pid)
            code = process.wait()
            if code not in DONE_CODES.get(step[0], (0,)):
                state = "failed"
                message = processes.last_words(folder / "stderr.log") or f"Ended with code {code}."
                break
        if self._closing:
            state, message = "failed", ENDED_EARLY
        self._pids.pop(job_id, None)
        with self._database.write() as session:
            rows.end_job(session, job_id, state, message)

    def _view(self, job: JobRecord) -> JobView:
        progress: dict[str, Any] = (
            read_progress(self._workspace.jobs / job.id / "progress.json") or {}
        )
        return JobView(
            id=job.id,
            kind=job.kind,
            state=job.state,
            task=progress.get("task", ""),
            done=progress.get("done", 0),
            total=progress.get("total", 0),
            detail=progress.get("detail", ""),
            message=job.message,
            seconds=_seconds(job.started_at or job.created_at, job.ended_at),
        )


def _command(step: Step, workspace: Workspace) -> tuple[str, ...]:
    """A step as it is run: on the workspace, unless it names another place to write to."""
    if any(word.startswith("--out") for word in step):
        return (*step, "--json")
    return (*step, "--workspace", str(workspace.root), "--json")


def _flat(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(word for step in steps for word in (*step, ";"))[:-1]


def _seconds(start: datetime, end: datetime | None) -> float:
    return ((end or datetime.now(start.tzinfo)) - start).total_seconds()
