"""Background jobs are real processes: they finish, fail, are cancelled, and are reconciled."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.context import AppContext, open_database
from app.services import processes
from app.services.jobs import JobRunner, JobView
from app.workspace import open_workspace
from db import jobs as rows
from mc3core.errors import InputError


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    workspace = open_workspace(tmp_path / "workspace", create=True)
    database = open_database(workspace)
    context = AppContext(workspace, database)
    yield context
    context.jobs.shut_down()
    database.close()


def ended(runner: JobRunner, job: JobView, seconds: float = 60.0) -> JobView:
    until = time.monotonic() + seconds
    while (found := runner.get(job.id)).active:
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


def test_a_job_runs_its_steps_and_finishes(context: AppContext) -> None:
    job = context.jobs.start("stats", [("labels", "stats"), ("labels", "stats")])
    assert job.active
    assert context.jobs.start("stats", [("labels", "stats"), ("labels", "stats")]).id == job.id
    done = ended(context.jobs, job)
    assert done.state == "finished"
    written = (context.workspace.jobs / job.id / "stdout.log").read_text()
    assert written.count('"answers": 0') == 2


def test_the_first_step_that_fails_ends_the_job_with_its_last_words(context: AppContext) -> None:
    steps = [("embed", "--run", "nobody"), ("labels", "stats")]
    done = ended(context.jobs, context.jobs.start("map", steps))
    assert done.state == "failed"
    assert "nobody" in done.message
    assert not done.message.startswith("Error")
    assert (context.workspace.jobs / done.id / "stdout.log").read_text() == ""


def test_cancelling_ends_the_process_and_its_children(context: AppContext, tmp_path: Path) -> None:
    out = tmp_path / "world"
    job = context.jobs.start("world", [("world", f"--out={out}", "--clips=400")])
    while not list(out.glob("videos/*")) and not (out / "narration.json").exists():
        time.sleep(0.05)
    pid = pid_of(context, job)
    assert processes.is_ours(pid, "app.cli")
    assert context.jobs.cancel(job.id).state == "cancelled"
    assert not processes.is_ours(pid, "app.cli")
    time.sleep(0.3)
    assert context.jobs.cancel(job.id).state == "cancelled"


def test_a_job_of_a_studio_that_died_says_so_and_its_process_is_ended(context: AppContext) -> None:
    root = context.workspace.root
    command = processes.python_module("app.cli", ("world", f"--out={root / 'w'}", "--clips=400"))
    orphan = processes.start(command, root / "jobs" / "old", {})
    with context.database.write() as session:
        rows.create_job(session, "old", "world", ("world",))
        rows.start_job(session, "old", orphan.pid)
    time.sleep(0.5)
    context.jobs.reconcile()
    found = context.jobs.get("old")
    assert found.state == "failed"
    assert "goes on" in found.message
    assert not processes.is_ours(orphan.pid, "app.cli")
    assert orphan.wait(10) != 0


def test_an_unknown_job_is_named(context: AppContext) -> None:
    with pytest.raises(InputError, match="nobody"):
        context.jobs.get("nobody")


def pid_of(context: AppContext, job: JobView) -> int:
    while True:
        with context.database.read() as session:
            found = rows.job_by_id(session, job.id)
        if found is not None and found.pid:
            return found.pid
        time.sleep(0.05)
