"""Training a run, from its configuration to its last checkpoint.

    sounding train --workspace DIR --method mc3 --preset demo          from the studio's command
    python -m mc3core.training --cache DIR --run-dir DIR --preset demo the same, without a studio
    python -m mc3core.training --cache DIR --run-dir DIR --resume      go on where it stopped

Every step is a function of the configuration, the clips and its own number: which clips, how they
are augmented and what dropout drops are drawn from (seed, step). So a run that was stopped, or
killed, and resumed gives the numbers of one that was not.
"""

import math
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

from mc3core.config import OptimConfig, RunConfig
from mc3core.data.augment import augment
from mc3core.data.dataset import ClipDataset, rows_of_step, seed_of, steps_per_epoch
from mc3core.encoders.frozen import with_features
from mc3core.errors import InputError, RunError
from mc3core.limits import check_weights
from mc3core.methods.method import Method
from mc3core.methods.registry import method_info
from mc3core.progress import ProgressCallback, silent
from mc3core.training.checkpoint import (
    Position,
    is_over,
    latest,
    restore,
    restore_optimizer,
    restore_towers,
    save_checkpoint,
    stage_starts,
)
from mc3core.training.data import DatasetFactory, TrainingData, open_data
from mc3core.training.device import autocast, limited_threads, memory_explained, pick_device
from mc3core.training.flatness import Flatness
from mc3core.training.journal import Journal
from mc3core.training.provenance import read_config
from mc3core.training.run_dir import RunDir, RunStatus
from mc3core.training.schedule import learning_rate, stage_lengths
from mc3core.training.stopping import StoppedEarlyError, StopRequest, stop_requests
from mc3core.training.validation import validation_losses, validation_scores
from mc3core.types import Batch, LossOutput


def resume(cache_dir: Path, run_dir: RunDir, progress: ProgressCallback = silent) -> RunStatus:
    """Go on with a run from its last checkpoint, or from the start where it has none."""
    return fit(read_config(run_dir), cache_dir, run_dir, progress)


def fit(
    config: RunConfig,
    cache_dir: Path,
    run_dir: RunDir,
    progress: ProgressCallback = silent,
    dataset: DatasetFactory = ClipDataset,
) -> RunStatus:
    """Train a run until it is finished, or stopped with a checkpoint at a step boundary.

    Goes on from the last checkpoint where the directory has one. Raises InputError for data or
    settings that cannot train, RunError where the loss is no longer a number; the run's status then
    says `failed`, and the last good checkpoint stays. `dataset` makes the clips into batches; who
    trains many runs on the same clips can keep them.
    """
    if run_dir.config_path.exists() and read_config(run_dir) != config:
        raise InputError(f"{run_dir.path} holds a run with other settings: take another directory.")
    check_weights(config.encoders)
    run_dir.path.mkdir(parents=True, exist_ok=True)
    journal = Journal(run_dir, config, progress)
    with (
        stop_requests(run_dir) as stop,
        limited_threads(config.runtime.threads),
        torch.random.fork_rng(),
    ):
        try:
            with memory_explained():
                interrupting = stop.interrupting(progress)
                data = open_data(config, cache_dir, run_dir, interrupting, dataset)
                status = _train(config, data, run_dir, journal, stop, interrupting)
        except (StoppedEarlyError, KeyboardInterrupt):
            status = journal.close("stopped")
        except BaseException as error:
            journal.close("failed", str(error) or type(error).__name__)
            raise
        stop.honoured()
    return status


def _train(
    config: RunConfig,
    data: TrainingData,
    run_dir: RunDir,
    journal: Journal,
    stop: StopRequest,
    progress: ProgressCallback,
) -> RunStatus:
    device = pick_device(config.runtime)
    lengths = stage_lengths(config, len(data.train))
    torch.manual_seed(config.seed)
    model = method_info(config.method).build(config)
    model.towers.load_pretrained()
    model = model.to(device).train()
    data = TrainingData(  # the clips themselves, or what frozen encoders make of them
        with_features(model.towers, data.train, progress),
        with_features(model.towers, data.validation, progress),
    )
    reached = latest(run_dir, config)
    start = reached.step if reached else 0
    if reached and reached.complete:
        restore_towers(run_dir, reached, model)
    if device.type == "cuda":
        model.towers.compile()
    firsts = stage_starts(run_dir, config, lengths)
    epoch = steps_per_epoch(len(data.train), config.batch_size)
    journal.begin(start, firsts[-1] + lengths[-1], epoch)

    ended: int | None = None  # the step, counted over all stages, at which a stage of ours ended
    for stage, length, planned in zip(config.stages, lengths, firsts, strict=True):
        if reached and is_over(config, stage, reached):
            continue
        first = planned if ended is None else ended
        last = first + length
        model.begin_stage(stage, len(data.train))
        optimizer = make_optimizer(model, config.optim)
        if reached and reached.stage == stage.name:
            restore(run_dir, reached, model)
            restore_optimizer(run_dir, reached, model, optimizer)
        flatness = Flatness(stage, run_dir)
        steps = range(max(first, start), last)
        for step, batch in batches(data.train, config, steps, device):
            if stop:
                save_checkpoint(run_dir, Position(stage.name, step, False), model, optimizer)
                return journal.close("stopped")
            rate = learning_rate(config.optim, stage.learning_rate, step - first, length)
            torch.manual_seed(seed_of(config.seed, step))  # dropout, and what a loss draws
            with autocast(device):
                output = model.loss(batch, stage, (step - first) / length)
            where = f"step {step + 1} ({stage.name})"
            update(model, optimizer, output, rate, config.optim.clip, where)
            model.after_step(batch)
            journal.step(stage, step + 1, output, rate)
            if (step + 1) % config.runtime.checkpoint_every == 0 and step + 1 < last:
                save_checkpoint(run_dir, Position(stage.name, step + 1, False), model, optimizer)
            if flatness.reached(step + 1 - first):
                last = step + 1
                break
        row = validation_losses(model, data.validation, config, stage, device)
        row |= validation_scores(model, data.validation, run_dir, device)
        journal.validation(stage, last, row)
        save_checkpoint(run_dir, Position(stage.name, last, True), model, optimizer)
        ended = last
    return journal.close("finished")


def update(
    model: Method,
    optimizer: torch.optim.Optimizer,
    output: LossOutput,
    rate: float,
    clip: float,
    where: str,
) -> None:
    """One step at a learning rate; RunError where the loss or its gradient is no number."""
    optimizer.zero_grad(set_to_none=True)
    output.total.backward()
    trained = [p for p in model.parameters() if p.requires_grad]
    norm = torch.nn.utils.clip_grad_norm_(trained, clip or math.inf)
    loss, length = float(output.total.detach()), float(norm)
    if not (math.isfinite(loss) and math.isfinite(length)):
        raise RunError(
            f"The loss is {loss} and its gradient {length} at {where}: training ends here. The "
            "checkpoint before it is kept; try a lower learning rate or a higher temperature."
        )
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()


def make_optimizer(model: torch.nn.Module, config: OptimConfig) -> torch.optim.Optimizer:
    """Adam or AdamW over what trains; biases, norms and other vectors are not decayed."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
    return kind(groups, lr=0.0, fused=True)


def batches(
    data: ClipDataset, config: RunConfig, steps: Sequence[int], device: torch.device
) -> Generator[tuple[int, Batch]]:
    """Each step with its augmented batch on the device; the next one is made while one trains."""

    read = method_info(config.method).modalities

    def make(step: int) -> Batch:
        rows = rows_of_step(len(data), config.batch_size, config.seed, step)
        batch = data.batch(rows, read).to(device)
        return augment(batch, config.augment, config.seed, step)

    threads = torch.get_num_threads()
    with ThreadPoolExecutor(1, initializer=lambda: torch.set_num_threads(threads)) as maker:
        coming = maker.submit(make, steps[0])
        for step in steps:
            batch = coming.result()
            if step != steps[-1]:
                coming = maker.submit(make, step + 1)
            yield step, batch
