"""A training step with data from the cache beside the same step with data in memory.

    python -m tests.benchmarks.bench_training [--steps 60]

Both train the tiny encoders on the same clips of a drawn world with one thread; the one reads,
augments and hands over every batch as the trainer does, the other was given them all beforehand.
Rounds alternate; the ratio is of their medians. The next batch is made while one trains, so a
second core must be free. Ends with 1 above the target.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import torch

from mc3core.config import RunConfig, build_config
from mc3core.methods.method import Method
from mc3core.methods.registry import method_info
from mc3core.progress import silent
from mc3core.training.data import open_data
from mc3core.training.run_dir import RunDir
from mc3core.training.trainer import batches, make_optimizer, update
from mc3core.types import Batch
from mc3core.world.training_cache import write_cache

TARGET, ROUNDS, CLIPS = 1.03, 5, 1200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=30, help="steps a round")
    steps = parser.parse_args().steps
    torch.set_num_threads(1)
    config, device = build_config("mc3", "scaled"), torch.device("cpu")
    with tempfile.TemporaryDirectory() as folder:
        write_cache(Path(folder) / "cache", CLIPS, 5, split="train", workers=1)
        run_dir = RunDir(Path(folder) / "run")
        run_dir.path.mkdir()
        data = open_data(config, Path(folder) / "cache", run_dir, silent).train
        known = list(batches(data, config, range(steps), device))
        model = method_info("mc3").build(config).train()
        optimizer = make_optimizer(model, config.optim)
        _round(model, optimizer, config, known[:5])
        seconds: dict[str, list[float]] = {"memory": [], "cache": []}
        for _ in range(ROUNDS):
            seconds["memory"].append(_round(model, optimizer, config, known))
            fresh = batches(data, config, range(steps), device)
            seconds["cache"].append(_round(model, optimizer, config, fresh))
    median = {name: statistics.median(values) / steps for name, values in seconds.items()}
    ratio = median["cache"] / median["memory"]
    sys.stdout.write(
        f"step with data in memory {1000 * median['memory']:.0f} ms, from the cache "
        f"{1000 * median['cache']:.0f} ms: ratio {ratio:.3f} (target {TARGET})\n"
    )
    return int(ratio > TARGET)


def _round(
    model: Method,
    optimizer: torch.optim.Optimizer,
    config: RunConfig,
    given: Iterable[tuple[int, Batch]],
) -> float:
    began = time.perf_counter()
    for _, batch in given:
        output = model.loss(batch, config.stages[1], 1.0)
        update(model, optimizer, output, 1e-4, config.optim.clip, "a step")
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
