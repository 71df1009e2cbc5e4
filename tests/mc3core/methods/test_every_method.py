"""Every registered method through everything: loss, gradient, unit rows, save, load, resume."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from mc3core.config import RunConfig, build_config
from mc3core.data.cache import ClipCache
from mc3core.data.clips import MODALITIES
from mc3core.errors import InputError
from mc3core.evaluation.embed import embed
from mc3core.methods.method import Method
from mc3core.methods.registry import METHODS, method_info
from mc3core.progress import Progress
from mc3core.training.checkpoint import load_towers
from mc3core.training.run_dir import RunDir
from mc3core.training.trainer import fit
from mc3core.types import Batch

EVERY = [(method, preset) for method, info in METHODS.items() for preset in info.presets]
TRAINED = [
    *((method, next(iter(info.presets))) for method, info in METHODS.items()),
    ("mc3", "gated_ego"),
    ("cmc", "bank"),
]
SMALL_MEMORY = {
    "objective.memory.pool_batches": "2",
    "objective.memory.dictionary_batches": "2",
    "objective.memory.negatives": "16",
}
SHORT = {"stages.align.steps": "3", "stages.refine.steps": "4", "runtime.threads": "1"}


def configured(method: str, preset: str, settings: dict[str, str]) -> RunConfig:
    """A small configuration; a stage that the method does not have is left out."""
    known = {stage.name for stage in build_config(method, preset).stages}
    dotted = settings | SMALL_MEMORY | SHORT
    fitting = {
        key: value
        for key, value in dotted.items()
        if not key.startswith("stages.") or key.split(".")[1] in known
    }
    return build_config(method, preset, "tiny", fitting)


def batch(rows: int = 12) -> Batch:
    draw = torch.Generator().manual_seed(1)
    return Batch(
        clip_ids=tuple(str(row) for row in range(rows)),
        audio=torch.randn(rows, 144, 64, generator=draw),
        video=torch.rand(rows, 6, 3, 64, 64, generator=draw),
        tokens=torch.randint(5, 200, (rows, 9), generator=draw),
        token_mask=torch.ones(rows, 9, dtype=torch.long),
        rows=torch.arange(rows),
        groups=torch.tensor([0, 0, 0, 1, 1, -1, -1, 2, 3, 4, 4, 5])[:rows],
    )


def modality_of(parameter: str) -> str:
    return parameter.removeprefix("towers.").split("_")[0]


@pytest.mark.parametrize(("method", "preset"), EVERY)
def test_loss_is_finite_and_its_gradient_reaches_exactly_what_trains(
    method: str, preset: str, small_settings: dict[str, str]
) -> None:
    config = configured(method, preset, small_settings)
    torch.manual_seed(0)
    model = method_info(method).build(config).train()
    for stage in config.stages:
        model.begin_stage(stage, 40)
        for _ in range(2):  # what is remembered must be there first
            model.loss(batch(), stage, 0.5)
            model.after_step(batch())
        model.zero_grad(set_to_none=True)
        output = model.loss(batch(), stage, 0.5)
        output.total.backward()
        assert torch.isfinite(output.total)
        assert all(torch.isfinite(v).all() for v in {**output.parts, **output.stats}.values())
        assert not any(v.requires_grad for v in {**output.parts, **output.stats}.values())
        moved = {
            name
            for name, parameter in model.named_parameters()
            if parameter.grad is not None and parameter.grad.abs().sum() > 0
        }
        due = {
            name
            for name, _ in model.named_parameters()
            if name.startswith("towers.") and modality_of(name) in model.trains(stage)
        }
        due |= {"bias"} if method == "siglip" and stage.terms == "objective" else set()
        assert moved == due


@pytest.mark.parametrize("method", METHODS)
def test_embeddings_are_unit_rows(method: str, small_settings: dict[str, str]) -> None:
    config = configured(method, next(iter(METHODS[method].presets)), small_settings)
    model = method_info(method).build(config).eval()
    for stage in config.stages:
        for rows in model.embed(batch(), stage).values():
            assert torch.allclose(rows.norm(dim=1), torch.ones(12), atol=1e-5)


def test_all_methods_of_a_seed_start_from_the_same_random_weights(
    small_settings: dict[str, str],
) -> None:
    starts: list[dict[str, torch.Tensor]] = []
    for method, preset in TRAINED:
        torch.manual_seed(7)
        model = method_info(method).build(configured(method, preset, small_settings))
        starts.append(model.towers.state_dict())
    assert all(torch.equal(start[n], starts[0][n]) for start in starts for n in starts[0])


def numbers(run_dir: RunDir) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "seconds"} for row in run_dir.metrics()]


def stopping_at(step: int, run_dir: RunDir) -> Callable[[Progress], None]:
    def watch(state: Progress) -> None:
        if state.task == "train" and state.done == step:
            run_dir.request_stop()

    return watch


@pytest.mark.parametrize(("method", "preset"), TRAINED)
def test_a_stopped_and_resumed_run_gives_the_numbers_of_a_whole_one_and_loads(
    method: str, preset: str, blocks: Path, small_settings: dict[str, str], tmp_path: Path
) -> None:
    config = configured(method, preset, small_settings)
    whole, stopped = RunDir(tmp_path / "whole"), RunDir(tmp_path / "stopped")
    assert fit(config, blocks, whole).state == "finished"
    last = sum(stage.steps for stage in config.stages)
    assert fit(config, blocks, stopped, stopping_at(last - 2, stopped)).state == "stopped"
    assert fit(config, blocks, stopped).state == "finished"
    assert numbers(whole) == numbers(stopped)
    stage = config.stages[-1].name
    one, two = (load_file(r.checkpoint(stage) / "model.safetensors") for r in (whole, stopped))
    assert one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)

    towers = load_towers(whole)
    saved = {n.removeprefix("towers."): v for n, v in one.items() if n.startswith("towers.")}
    assert all(torch.equal(value, saved[name]) for name, value in towers.state_dict().items())
    embeddings = embed(whole, stage, blocks)
    read = METHODS[method].modalities
    for modality in MODALITIES:
        there = [modality in clip.modalities for clip in ClipCache.open(blocks).clips]
        expected = there if modality in read else [False] * len(there)
        assert embeddings.present[modality].tolist() == expected


def test_frozen_video_keeps_its_statistics_while_audio_is_bound_to_it(
    small_settings: dict[str, str],
) -> None:
    config = configured("imagebind", "plain", small_settings)
    model: Method = method_info("imagebind").build(config).train()
    model.begin_stage(config.stages[1], 40)
    before = {n: v.clone() for n, v in model.towers.video_encoder.state_dict().items()}
    model.loss(batch(), config.stages[1], 0.5).total.backward()
    after = model.towers.video_encoder.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    model.train()
    assert not model.towers.video_encoder.training and model.towers.audio_encoder.training


def test_a_gate_from_align_reads_a_copy_that_does_not_move(small_settings: dict[str, str]) -> None:
    config = configured("mc3", "gated_ego", small_settings | {"objective.gate": "align"})
    model = method_info("mc3").build(config).train()
    model.begin_stage(config.stages[1], 40)
    kept = {n: v.clone() for n, v in model.state_dict().items() if n.startswith("teacher.")}
    assert kept
    model.loss(batch(), config.stages[1], 0.5).total.backward()
    with torch.no_grad():
        for parameter in model.towers.parameters():
            parameter.add_(0.1)
    assert all(torch.equal(model.state_dict()[name], value) for name, value in kept.items())


def test_an_unknown_preset_is_named_with_those_that_exist() -> None:
    with pytest.raises(InputError, match=r"'clap' has no preset 'scaled'; it has plain"):
        build_config("clap", "scaled")


def test_a_temperature_of_zero_is_refused_before_anything_is_read() -> None:
    with pytest.raises(InputError, match=r"objective\.temperature must be above 0"):
        build_config("cmc", "batch", None, {"objective.temperature": "0"})
    with pytest.raises(InputError, match=r"stages\.align\.temperature must be above 0"):
        build_config("cmc", "batch", None, {"stages.align.temperature": "0"})


def test_methods_of_one_stage_take_as_many_steps_as_those_of_two() -> None:
    two = sum(stage.steps for stage in build_config("mc3", "scaled").stages)
    for method in ("clap", "cm_acc"):
        preset = next(iter(METHODS[method].presets))
        (stage,) = build_config(method, preset).stages
        assert (stage.steps, stage.temperature, stage.terms) == (two, None, "objective")
