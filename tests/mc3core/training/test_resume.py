"""Stopped by a file, a signal or a kill, then resumed, a run gives the numbers of a whole one."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from mc3core.config import RunConfig
from mc3core.errors import InputError
from mc3core.progress import Progress
from mc3core.training.run_dir import RunDir
from mc3core.training.trainer import fit, resume

MakeConfig = Callable[..., RunConfig]


def numbers(run_dir: RunDir) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "seconds"} for row in run_dir.metrics()]


def assert_same_run(
    one: RunDir, two: RunDir, stages: tuple[str, ...] = ("align", "refine")
) -> None:
    assert numbers(one) == numbers(two)
    for stage in stages:
        left, right = (load_file(run.checkpoint(stage) / "model.safetensors") for run in (one, two))
        assert left.keys() == right.keys()
        assert all(torch.equal(left[name], right[name]) for name in left)


def stopping_at(step: int, run_dir: RunDir) -> Callable[[Progress], None]:
    def watch(state: Progress) -> None:
        if state.task == "train" and state.done == step:
            run_dir.request_stop()

    return watch


@pytest.fixture(scope="module")
def whole(blocks: Path, tmp_path_factory: pytest.TempPathFactory) -> RunDir:
    """The run that nobody interrupted."""
    return RunDir(tmp_path_factory.mktemp("whole") / "run")


@pytest.fixture
def config(make_config: MakeConfig, whole: RunDir, blocks: Path) -> RunConfig:
    config = make_config(seed="11")
    if not whole.config_path.exists():
        fit(config, blocks, whole)
    return config


# In mid-stage at random, and at every kind of edge: after the first step of the run, after the last
# of a stage (9), and after the first of the next.
@pytest.mark.parametrize("stops", [[random.Random(3).randint(2, 8), 11], [1, 8], [9, 10], [13]])
def test_resume_equals_uninterrupted(
    stops: list[int], blocks: Path, config: RunConfig, whole: RunDir, tmp_path: Path
) -> None:
    run_dir = RunDir(tmp_path / "run")
    for stop in stops:
        status = fit(config, blocks, run_dir, stopping_at(stop, run_dir))
        assert (status.state, status.step) == ("stopped", stop)
        assert not run_dir.stop_path.exists()
    assert resume(blocks, run_dir).state == "finished"
    assert_same_run(run_dir, whole)


def test_a_stop_before_the_first_step_is_honoured_and_resumes(
    blocks: Path, config: RunConfig, whole: RunDir, tmp_path: Path
) -> None:
    run_dir = RunDir(tmp_path / "run")
    run_dir.path.mkdir()
    run_dir.request_stop()
    status = fit(config, blocks, run_dir)
    assert (status.state, status.step) == ("stopped", 0)
    assert resume(blocks, run_dir).state == "finished"
    assert_same_run(run_dir, whole)


def test_a_stage_leaves_no_optimizer_behind(whole: RunDir, config: RunConfig) -> None:
    assert not list(whole.path.glob("checkpoints/*/optimizer-*"))


def test_a_run_takes_no_other_settings(
    blocks: Path, config: RunConfig, whole: RunDir, make_config: MakeConfig
) -> None:
    with pytest.raises(InputError, match="other settings"):
        fit(make_config(seed="12"), blocks, whole)


def start(cache: Path, run_dir: RunDir, settings: Mapping[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mc3core.training", "--cache", str(cache)]
    command += ["--run-dir", str(run_dir.path), "--preset", "scaled"]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_step(run_dir: RunDir, process: subprocess.Popen[str], step: int) -> None:
    deadline = time.monotonic() + 90
    while not any(row["step"] >= step for row in run_dir.metrics()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "no step within 90 s"
        time.sleep(0.02)


def test_ctrl_c_checkpoints_at_a_step_and_resumes_to_the_same_numbers(
    blocks: Path, make_config: MakeConfig, small_settings: dict[str, str], tmp_path: Path
) -> None:
    # Far more steps than it will take, so that the signal comes in time on a busy machine too.
    settings = {"seed": "11", "stages.align.steps": "2000"}
    run_dir, whole = RunDir(tmp_path / "run"), RunDir(tmp_path / "whole")
    process = start(blocks, run_dir, small_settings | settings)
    wait_for_step(run_dir, process, 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert '"state": "stopped"' in out and "Traceback" not in err
    status = run_dir.status()
    assert status.state == "stopped" and 3 <= status.step < 2000
    config, last = make_config(seed="11", stages__align__steps="2000"), status.step + 4
    for again in (run_dir, whole):  # the one goes on, the other was never interrupted
        assert fit(config, blocks, again, stopping_at(last, again)).step == last
    assert_same_run(run_dir, whole, ("align",))


def test_a_killed_process_loses_only_the_steps_since_its_checkpoint(
    blocks: Path, make_config: MakeConfig, small_settings: dict[str, str], tmp_path: Path
) -> None:
    every = {"seed": "11", "runtime.checkpoint_every": "2", "stages.align.steps": "2000"}
    run_dir = RunDir(tmp_path / "run")
    process = start(blocks, run_dir, small_settings | every)
    wait_for_step(run_dir, process, random.Random(os.getpid()).randint(5, 9))
    process.kill()
    process.communicate()
    assert run_dir.status().state == "running"  # nobody was left to say otherwise
    known = numbers(run_dir)
    status = fit(
        make_config(seed="11", runtime__checkpoint_every="2", stages__align__steps="2000"),
        blocks,
        run_dir,
        stopping_at(known[-1]["step"] + 3, run_dir),
    )
    assert status.state == "stopped"
    again = numbers(run_dir)
    assert again[: len(known)] == known
    assert [row["step"] for row in again] == list(range(1, len(again) + 1))
