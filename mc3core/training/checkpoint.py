"""Checkpoints: safetensors files that explain themselves and are replaced in one step.

checkpoints/<stage>/model.safetensors        weights; its header says what they are (`Position`)
                    optimizer-<step>.safetensors  only while the stage is not complete
                    state.json               the header again, for people
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor, nn

from mc3core.config import RunConfig, StageConfig
from mc3core.data.tokenizer import Tokenizer, load_tokenizer
from mc3core.encoders.towers import Towers
from mc3core.errors import InputError, RunError
from mc3core.training.provenance import read_config
from mc3core.training.run_dir import RunDir, write_json

MODEL = "model.safetensors"
TOKENIZER = "tokenizer.json"
TOWERS = "towers."  # how their entries begin in a method's checkpoint


@dataclass(frozen=True, slots=True)
class Position:
    """Where in a run a checkpoint was taken: in `stage`, after `step` steps of all stages."""

    stage: str
    step: int
    complete: bool


def save_checkpoint(
    run_dir: RunDir, position: Position, model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Write a checkpoint. A process that dies half-way leaves the old one whole: the model file is
    the last to be replaced, and it names, by its step, the optimizer file that belongs to it."""
    folder = run_dir.checkpoint(position.stage)
    folder.mkdir(parents=True, exist_ok=True)
    state = _optimizer_path(folder, position)
    if not position.complete:
        _write(_optimizer_tensors(model, optimizer), state, position)
    _write(model.state_dict(), folder / MODEL, position)
    write_json(folder / "state.json", asdict(position))
    for other in folder.glob("optimizer-*.safetensors"):
        if position.complete or other != state:
            other.unlink()


def latest(run_dir: RunDir, config: RunConfig) -> Position | None:
    """The furthest checkpoint of a run, or None."""
    for stage in reversed(config.stages):
        path = run_dir.checkpoint(stage.name) / MODEL
        if path.exists():
            return _position(path)
    return None


def restore(run_dir: RunDir, position: Position, model: nn.Module) -> None:
    """Load a checkpoint's weights into a model."""
    path = run_dir.checkpoint(position.stage) / MODEL
    load_strictly(model, _tensors(path), path)


def begin_from(run_dir: RunDir, other: RunDir, stage: str) -> None:
    """Give a new run the finished stage of another: it goes on from there.

    Both train on the same clips with the same vocabulary, or the weights mean nothing here.
    """
    source, target = other.checkpoint(stage), run_dir.checkpoint(stage)
    if not _position(source / MODEL).complete:
        raise InputError(f"{source} holds a stage that is not finished.")
    if not target.exists():
        partial = target.with_name(f"{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(source, partial)
        partial.replace(target)


def restore_towers(run_dir: RunDir, position: Position, model: nn.Module) -> None:
    """Begin from a finished stage: its towers, and of a method's own values those that are there.

    The stage may have been trained by another method: towers are what methods share.
    """
    path = run_dir.checkpoint(position.stage) / MODEL
    tensors, own = _tensors(path), model.state_dict()
    shared = {
        name: value
        for name, value in tensors.items()
        if name.startswith(TOWERS) or (name in own and own[name].shape == value.shape)
    }
    load_strictly(model, {n: v for n, v in own.items() if not n.startswith(TOWERS)} | shared, path)


def stage_starts(run_dir: RunDir, config: RunConfig, lengths: Sequence[int]) -> list[int]:
    """The step at which every stage begins: where the one before really ended, or would by plan."""
    starts = [0]
    for stage, length in zip(config.stages[:-1], lengths, strict=False):
        path = run_dir.checkpoint(stage.name) / MODEL
        ended = _position(path) if path.exists() else None
        whole = ended is not None and ended.complete
        starts.append(ended.step if ended and whole else starts[-1] + length)
    return starts


def is_over(config: RunConfig, stage: StageConfig, reached: Position) -> bool:
    """Whether a stage was finished before, or at, a checkpoint."""
    names = [each.name for each in config.stages]
    if stage.name == reached.stage:
        return reached.complete
    return names.index(stage.name) < names.index(reached.stage)


def restore_optimizer(
    run_dir: RunDir, position: Position, model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Load the optimizer's state at a checkpoint in mid-stage."""
    tensors = _tensors(_optimizer_path(run_dir.checkpoint(position.stage), position))
    parameters = dict(model.named_parameters())
    for key, value in tensors.items():
        name, part = key.split("/")
        # Adam's count of steps is a scalar on the CPU. Its moments must lie in memory as their
        # parameter does, channels last or not: the fused step reads both by address.
        own = torch.empty_like(parameters[name]).copy_(value) if value.ndim else value
        optimizer.state[parameters[name]][part] = own


def load_strictly(model: nn.Module, tensors: Mapping[str, Tensor], where: Path) -> None:
    """Load every tensor into its place; InputError lists what is missing, unknown or misshapen."""
    own = model.state_dict()
    missing, unknown = sorted(own.keys() - tensors.keys()), sorted(tensors.keys() - own.keys())
    misshapen = [
        f"{name} is {tuple(tensors[name].shape)}, not {tuple(own[name].shape)}"
        for name in sorted(own.keys() & tensors.keys())
        if tensors[name].shape != own[name].shape
    ]
    if missing or unknown or misshapen:
        raise InputError(
            f"{where} does not fit the model of its config.json: missing {_some(missing)}; "
            f"unknown {_some(unknown)}; of another shape {_some(misshapen)}."
        )
    model.load_state_dict(dict(tensors))


def load_towers(run_dir: RunDir | Path, stage: str | None = None) -> Towers:
    """The trained towers of a run, in evaluation mode, from its directory alone.

    Without a stage, the last one that has a checkpoint.
    """
    run = run_dir if isinstance(run_dir, RunDir) else RunDir(run_dir)
    config = read_config(run)
    stages = run.stages()
    if not stages or (stage is not None and stage not in stages):
        raise InputError(
            f"{run.path} has no checkpoint{f' of stage {stage!r}' if stage else ''}; "
            f"it has {', '.join(stages) or 'none'}."
        )
    path = run.checkpoint(stage or stages[-1]) / MODEL
    towers = Towers(config.encoders)
    shared = {n.removeprefix(TOWERS): v for n, v in _tensors(path).items() if n.startswith(TOWERS)}
    load_strictly(towers, shared, path)
    return towers.eval()


def load_run_tokenizer(run_dir: RunDir, config: RunConfig) -> Tokenizer:
    """The tokenizer a run was trained with."""
    return load_tokenizer(run_dir.path / TOKENIZER, config.encoders.text)


def _optimizer_path(folder: Path, position: Position) -> Path:
    return folder / f"optimizer-{position.step}.safetensors"


def _optimizer_tensors(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    return {
        f"{name}/{key}": value
        for name, parameter in model.named_parameters()
        for key, value in optimizer.state.get(parameter, {}).items()
    }


def _write(tensors: Mapping[str, Tensor], path: Path, position: Position) -> None:
    partial = path.with_suffix(".partial")
    plain = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    # `save_file` would make it readable by its owner only; a workspace is shared and copied.
    partial.write_bytes(save(plain, {"position": json.dumps(asdict(position))}))
    partial.replace(path)


def _position(path: Path) -> Position:
    try:
        with safe_open(path, framework="pt") as file:
            return Position(**json.loads(file.metadata()["position"]))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path, error) from error


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> RunError:
    return RunError(
        f"{path} is damaged ({error}). Remove {path.parent} and resume: the run goes on from the "
        "stage before it."
    )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return (", ".join(names[:6]) or "nothing") + more
