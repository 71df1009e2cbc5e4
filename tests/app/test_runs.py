"""Runs as the studio sees them: honest states, thinned curves, estimates, verdicts."""

import os
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.context import open_database
from app.services import runs, training
from app.services.ingest import ALL_CLIPS
from app.workspace import Workspace, open_workspace
from db.labelling import batch_by_name, record_answers
from db.records import ImportedAnswer
from mc3core.data.cache import ClipCache
from mc3core.errors import InputError
from mc3core.training.run_dir import RunDir, RunStatus

DEAD = 2**22 + 7  # above the largest process id


def prepared(workspace: Path) -> tuple[Workspace, RunDir]:
    opened = open_workspace(workspace)
    return opened, training.prepare(opened, training.ask("mc3", "demo", None, 3, ["max_steps=4"]))


def test_a_prepared_run_shows_at_once_and_keeps_what_was_asked(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    view = runs.run_view(opened, run_dir.run)
    assert (view.status.state, view.method, view.preset, view.seed) == (
        "starting",
        "mc3",
        "demo",
        3,
    )
    assert run_dir.config()["max_steps"] == 4
    _, second = prepared(workspace)
    assert second.run != run_dir.run


def test_a_run_whose_process_is_gone_says_so_once(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    run_dir.write_status(replace(run_dir.status(), state="running", pid=DEAD, step=2))
    runs.reconcile(opened)
    assert run_dir.status().state == "failed"
    assert "Resume" in (run_dir.status().error or "")
    assert run_dir.status().step == 2


def test_a_dead_run_that_was_asked_to_stop_is_stopped(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    run_dir.write_status(replace(run_dir.status(), state="running", pid=DEAD))
    run_dir.request_stop()
    assert runs.run_view(opened, run_dir.run).status.state == "stopped"
    assert not run_dir.stop_path.exists()


def test_a_number_given_anew_to_another_program_is_not_our_run(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    run_dir.write_status(replace(run_dir.status(), state="running", pid=os.getppid()))
    parent = Path(f"/proc/{os.getppid()}/cmdline").read_bytes()
    if b"train" in parent:
        pytest.skip("the parent of this test speaks of training")
    assert runs.run_view(opened, run_dir.run).status.state == "failed"


def test_unknown_and_hostile_names_are_no_runs(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    for name in ("nobody", "..", "../..", "/etc", ".", "", f"../runs/{run_dir.run}"):
        with pytest.raises(InputError, match="There is no run"):
            runs.find_run(opened, name)


def test_a_finished_run_and_one_that_trains_are_not_resumed(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    run_dir.write_status(replace(run_dir.status(), state="finished"))
    with pytest.raises(InputError, match="finished"):
        training.reopen(opened, run_dir.run)


def test_long_curves_are_thinned_and_keep_their_end(tmp_path: Path) -> None:
    run_dir = RunDir(tmp_path)
    with run_dir.metrics_path.open("w") as file:
        for step in range(1, 5001):
            file.write(f'{{"step": {step}, "kind": "train", "loss": 1.0, "stage": "align"}}\n')
        file.write('{"step": 5000, "kind": "validation", "loss": 1.0, "stage": "align"}\n')
        file.write('{"step": 5001, "kind": "tra')  # still being written
    found = runs.metrics(run_dir, 0)
    assert len(found["rows"]) <= runs.POINTS + 2
    assert found["last_step"] == 5000
    assert found["rows"][-1]["kind"] == "validation"
    assert len(runs.metrics(run_dir, 4990)["rows"]) == 12


def test_estimates_follow_what_a_step_took_here(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    config = training.ask("mc3", "demo", None, 0, ["max_steps=100"])
    first = runs.estimate_s(opened, config, 20)
    for step in range(1, 11):
        run_dir.append_metrics({"step": step, "kind": "train", "seconds": 2.0 * step})
    assert runs.estimate_s(opened, config, 20) == pytest.approx(runs.START_UP_S + 200)
    assert first != runs.estimate_s(opened, config, 20)


def test_only_labels_of_validation_clips_reach_the_run(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    clips = ClipCache.open(opened.cache).clips
    with closing(open_database(opened)) as database, database.write() as session:
        batch = batch_by_name(session, ALL_CLIPS)
        assert batch is not None
        said = [
            ImportedAnswer(person=name, clip_id=clip.clip_id, value="yes")
            for clip in clips
            for name in ("Ana", "Ben", "Cleo")
        ]
        record_answers(session, batch.id, said)
    training.write_verdicts(opened, run_dir)
    lines = run_dir.verdicts_path.read_text().splitlines()
    assert lines[0] == "clip_id,label"
    assert lines[1:] == sorted(f"{clip.clip_id},1" for clip in clips if clip.split == "val")


def test_a_status_that_cannot_be_read_is_a_stopped_run(workspace: Path) -> None:
    opened, run_dir = prepared(workspace)
    (run_dir.path / "status.json").write_text("{")
    assert runs.run_view(opened, run_dir.run).status.state == "stopped"


def test_statuses_compare_by_time_so_the_newest_run_is_first(workspace: Path) -> None:
    opened, old = prepared(workspace)
    _, new = prepared(workspace)
    ago = time.time() - 3600
    old.write_status(RunStatus(old.run, "finished", "align", 1, 1, 0, ago, ago))
    assert [view.status.run for view in runs.list_runs(opened)] == [new.run, old.run]
