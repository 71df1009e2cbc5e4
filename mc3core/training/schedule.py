"""How long each stage is and how large its learning rate: pure functions of the configuration."""

import math

from mc3core.config import OptimConfig, RunConfig
from mc3core.data.dataset import steps_per_epoch


def stage_lengths(config: RunConfig, clips: int) -> tuple[int, ...]:
    """Steps of every stage. `max_steps` is shared out in proportion, at least one step a stage."""
    epoch = steps_per_epoch(clips, config.batch_size)
    full = [stage.steps or max(1, round(stage.epochs * epoch)) for stage in config.stages]
    if config.max_steps is None or config.max_steps >= sum(full):
        return tuple(full)
    shares = [config.max_steps * length / sum(full) for length in full]
    lengths = [max(1, int(share)) for share in shares]
    while sum(lengths) < config.max_steps:  # the largest remainder gets the next step
        lengths[max(range(len(full)), key=lambda i: shares[i] - lengths[i])] += 1
    while sum(lengths) > config.max_steps:
        lengths[max(range(len(full)), key=lambda i: lengths[i])] -= 1
    return tuple(lengths)


def learning_rate(config: OptimConfig, peak: float, step: int, length: int) -> float:
    """The rate at step 0 ... length - 1 of a stage: up from 0 over the warm-up, then constant, or
    down half a cosine to 0."""
    warmup = math.ceil(config.warmup * length)
    if step < warmup:
        return peak * (step + 1) / warmup
    if config.schedule == "constant":
        return peak
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, length - warmup)))
