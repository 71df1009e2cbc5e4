"""Stages as data: shared, begun from another run, ended early where nothing more is gained."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mc3core.config import RunConfig, build_config
from mc3core.errors import InputError
from mc3core.progress import Progress
from mc3core.training.checkpoint import begin_from
from mc3core.training.flatness import is_flat
from mc3core.training.provenance import read_config
from mc3core.training.run_dir import RunDir, write_json
from mc3core.training.trainer import fit

MakeConfig = Callable[..., RunConfig]


def test_a_row_that_begins_from_anothers_align_equals_one_trained_through(
    blocks: Path, make_config: MakeConfig, small_settings: dict[str, str], tmp_path: Path
) -> None:
    through, shared = RunDir(tmp_path / "through"), RunDir(tmp_path / "shared")
    cmc = build_config("cmc", "batch", "tiny", small_settings)
    fit(cmc, blocks, RunDir(tmp_path / "cmc"))
    config = make_config("scaled", objective__temperature="0.3")
    fit(config, blocks, through)
    begin_from(shared, RunDir(tmp_path / "cmc"), "align")
    assert fit(config, blocks, shared).state == "finished"
    left, right = (
        load_file(run.checkpoint("refine") / "model.safetensors") for run in (through, shared)
    )
    assert all(torch.equal(left[name], right[name]) for name in left)
    assert min(row["step"] for row in shared.metrics()) == 10  # align was not trained again


def test_a_stage_that_is_not_finished_is_no_beginning(
    blocks: Path, make_config: MakeConfig, tmp_path: Path
) -> None:
    half = RunDir(tmp_path / "half")
    config = make_config(runtime__checkpoint_every="2")
    half.path.mkdir()
    fit(config, blocks, half, lambda state: half.request_stop() if state.done == 4 else None)
    with pytest.raises(InputError, match="not finished"):
        begin_from(RunDir(tmp_path / "run"), half, "align")


def test_flat_compares_the_last_hundred_losses_with_the_hundred_before() -> None:
    falling = [2.0 - 0.001 * step for step in range(200)]  # 5 % lower on average
    assert not is_flat(falling, 0.04) and is_flat(falling, 0.06)
    assert not is_flat(falling[:199], 1.0)  # too few to say


def test_align_ends_when_its_loss_is_flat_and_a_resumed_run_ends_there_too(
    blocks: Path, make_config: MakeConfig, tmp_path: Path
) -> None:
    config = make_config(
        stages__align__steps="400", stages__align__flat="0.999", runtime__log_every="1"
    )
    whole, stopped = RunDir(tmp_path / "whole"), RunDir(tmp_path / "stopped")
    status = fit(config, blocks, whole)
    assert (status.state, status.step) == ("finished", 205)  # 200 of 400, then 5 of refine

    def stop(state: Progress) -> None:
        if state.task == "train" and state.done == 203:
            stopped.request_stop()

    assert fit(config, blocks, stopped, stop).step == 203
    assert fit(config, blocks, stopped).step == 205
    left, right = (
        load_file(run.checkpoint("refine") / "model.safetensors") for run in (whole, stopped)
    )
    assert all(torch.equal(left[name], right[name]) for name in left)


def test_a_configuration_of_the_version_before_is_read(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    config = make_config()
    row = asdict(config)
    for stage in row["stages"]:
        stage["consensus"] = stage.pop("terms") == "objective"
        del stage["temperature"], stage["flat"]
    del row["objective"]["memory"], row["encoders"]["audio"]["stem"]
    run_dir = RunDir(tmp_path / "old")
    write_json(run_dir.config_path, row)
    found = read_config(run_dir)
    assert [(s.name, s.terms) for s in found.stages] == [
        ("align", "contrastive"),
        ("refine", "objective"),
    ]
    assert found.encoders.audio.stem == "none"
