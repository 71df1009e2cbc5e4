"""Time and memory of the six directed InfoNCE terms with consensus, beside three open_clip losses.

    python -m tests.benchmarks.bench_losses [--batch 2048] [--dimension 256] [--rounds 9]

One forward and backward pass on unit features, all forms in turn in every round, one thread unless
OMP_NUM_THREADS says otherwise. Only ratios of one run may be compared: medians of the rounds,
relative to open_clip's form. Memory is the peak of what PyTorch's allocator holds beyond the
features themselves, counted from its own record of every allocation: the process's resident memory
moves with how malloc happens to reuse pages. Exit code 1 if a target, which stands at B = 2048 and
D = 256, is missed.
"""

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from itertools import accumulate
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

from mc3core.losses.consensus import consensus
from mc3core.losses.six import six_info_nce

TEMPERATURE = 0.05
CHUNK = 64
Loss = Callable[[Tensor, Tensor, Tensor], Tensor]


def clip_loss(image: Tensor, text: Tensor) -> Tensor:
    """One pair as open_clip has it on one device: two matrices of logits, two cross-entropies."""
    scale = 1 / TEMPERATURE
    logits_per_image = scale * image @ text.T
    logits_per_text = scale * text @ image.T
    labels = torch.arange(len(image))
    return (
        F.cross_entropy(logits_per_image, labels) + F.cross_entropy(logits_per_text, labels)
    ) / 2


def three_clip_losses(audio: Tensor, video: Tensor, text: Tensor) -> Tensor:
    return 2 * (clip_loss(audio, video) + clip_loss(audio, text) + clip_loss(video, text))


def ours(block: int | None) -> Loss:
    def loss(audio: Tensor, video: Tensor, text: Tensor) -> Tensor:
        six = six_info_nce(audio, video, text, TEMPERATURE, block)
        own = torch.stack([(audio * video).sum(1), (audio * text).sum(1)])
        return six.sum() + consensus(own, (0.5, 1.0)).loss

    return loss


FORMS: dict[str, Loss] = {
    "open_clip x 3": three_clip_losses,
    "fused": ours(None),
    f"chunked ({CHUNK} rows)": ours(CHUNK),
}
TARGETS = {"fused": (0.60, 0.25), f"chunked ({CHUNK} rows)": (0.80, 0.11)}


def features(batch: int, dimension: int) -> list[Tensor]:
    draw = torch.Generator().manual_seed(0)
    return [
        F.normalize(torch.randn(batch, dimension, generator=draw), dim=1).requires_grad_()
        for _ in range(3)
    ]


def step(loss: Loss, rows: list[Tensor]) -> None:
    for each in rows:
        each.grad = None
    loss(*rows).backward()


def peak_bytes(loss: Loss, rows: list[Tensor]) -> int:
    """The most that is allocated at once during a step, beyond what was there before it."""
    for each in rows:
        each.grad = None
    gc.collect()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as record:
        loss(*rows).backward()
    assert record.profiler is not None and record.profiler.kineto_results is not None
    events: Any = record.profiler.kineto_results.events()
    changes = [(each.start_ns(), each.nbytes()) for each in events if each.name() == "[memory]"]
    return max(accumulate(size for _, size in sorted(changes, key=lambda change: change[0])))


def seconds(loss: Loss, rows: list[Tensor]) -> float:
    start = time.perf_counter()
    step(loss, rows)
    return time.perf_counter() - start


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    options = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    options.add_argument("--batch", type=int, default=2048)
    options.add_argument("--dimension", type=int, default=256)
    options.add_argument("--rounds", type=int, default=9)
    chosen = options.parse_args()
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)
    rows = features(chosen.batch, chosen.dimension)
    for loss in FORMS.values():  # the first call of each pays for its kernels
        step(loss, rows)
    times: dict[str, list[float]] = {name: [] for name in FORMS}
    for _ in range(chosen.rounds):
        for name, loss in FORMS.items():
            times[name].append(seconds(loss, rows))
    memory = {name: peak_bytes(loss, rows) for name, loss in FORMS.items()}
    judged = (chosen.batch, chosen.dimension) == (2048, 256)
    first = next(iter(FORMS))
    say(f"B = {chosen.batch}, D = {chosen.dimension}, {torch.get_num_threads()} thread(s)")
    say(f"{'form':22}{'ms':>8}{'time':>8}{'target':>8}{'MB':>8}{'memory':>8}{'target':>8}")
    missed = False
    for name in FORMS:
        slow = statistics.median(times[name]) / statistics.median(times[first])
        big = memory[name] / memory[first]
        shown = [" " * 8] * 2
        if judged and name in TARGETS:
            shown = [f"{target:8.2f}" for target in TARGETS[name]]
            missed |= slow > TARGETS[name][0] or big > TARGETS[name][1]
        say(
            f"{name:22}{statistics.median(times[name]) * 1e3:8.0f}{slow:8.2f}{shown[0]}"
            f"{memory[name] / 2**20:8.1f}{big:8.3f}{shown[1]}"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
