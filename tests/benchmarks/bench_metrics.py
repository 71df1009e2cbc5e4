"""How fast figures are made: recall in four directions beside its bare matrix products, ROC and
average precision beside scikit-learn's two calls.

    python tests/benchmarks/bench_metrics.py [--rounds 5] [--queries 7559] [--pool 7032]

One thread. Only ratios of one line may be compared: CPU seconds of this process, median of the
rounds, relative to the first column (1.00). The products are those of the same blocks into the same
memory, nothing selected. `tied pool` repeats every pool row ten times over, as narrations do; where
embeddings are `drawn at random` hardly a query finds its group, so that each rank is counted out.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from mc3core.embeddings import Array
from mc3core.evaluation.areas import roc_auc_and_average_precision
from mc3core.evaluation.nearest import MOST_ROWS, hits_and_ranks, top_k

DIRECTIONS = 4
DIMENSION = 256
GROUPS = 2388
SCORES = 30_000


def products(queries: Array, pool: Array) -> None:
    """The matrix products alone, in blocks, into one piece of memory."""
    left, right = torch.from_numpy(queries), torch.from_numpy(pool).T
    out = torch.empty(MOST_ROWS, len(pool))
    for start in range(0, len(queries), MOST_ROWS):
        block = left[start : start + MOST_ROWS]
        torch.mm(block, right, out=out[: len(block)])


def unit(rows: NDArray[np.float64]) -> Array:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def recall(queries: int, pool: int, rounds: int) -> None:
    """Ratios of four directions on embeddings that know their group, that do not, and that tie."""
    draw = np.random.default_rng(0)
    # Every group stands in both halves, sizes in a long tail.
    tail = 1 / np.arange(1, GROUPS + 1)
    groups = np.r_[np.arange(GROUPS), draw.choice(GROUPS, pool - GROUPS, p=tail / tail.sum())]
    asked = draw.choice(groups, queries)
    centres = draw.normal(size=(GROUPS, DIMENSION))
    near = unit(centres[asked] + 2 * draw.normal(size=(queries, DIMENSION)))
    known = unit(centres[groups] + 2 * draw.normal(size=(pool, DIMENSION)))
    drawn = unit(draw.normal(size=(pool, DIMENSION)))
    tied = np.ascontiguousarray(known[np.arange(pool) // 10 * 10])
    for title, rows in (("trained", known), ("drawn at random", drawn), ("tied pool", tied)):
        timed = {
            "products": lambda rows=rows: products(near, rows),
            "top 10": lambda rows=rows: top_k(near, rows, 10),
            "recall and ranks": lambda rows=rows: hits_and_ranks(near, rows, asked, groups, 10),
            "numpy argsort": lambda rows=rows: np.argsort(-(near[:500] @ rows.T), axis=1),
        }
        scale = {"numpy argsort": queries / 500}
        four = {name: DIRECTIONS * scale.get(name, 1.0) for name in timed}
        show(f"four directions, {title}", timed, rounds, four)


def areas(rounds: int) -> None:
    draw = np.random.default_rng(0)
    labels = draw.random(SCORES) < 0.54
    scores = draw.normal(size=SCORES) + 0.5 * labels
    for title, values in (("distinct", scores), ("two digits", scores.round(2))):
        timed: dict[str, Callable[[], object]] = {
            "scikit-learn": lambda values=values: [
                float(figure(labels, values)) for figure in (roc_auc_score, average_precision_score)
            ],
            "one sort": lambda values=values: roc_auc_and_average_precision(values, labels),
            "argsort": lambda values=values: np.argsort(values),
        }
        show(f"ROC and AP of {SCORES:,} scores, {title}", timed, 5 * rounds, {})


def show(
    title: str,
    timed: Mapping[str, Callable[[], object]],
    rounds: int,
    scale: Mapping[str, float],
) -> None:
    """One line: median CPU seconds of the first, and every ratio to it, round by round."""
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, work in timed.items():
            begin = time.process_time()
            work()
            taken[name].append((time.process_time() - begin) * scale.get(name, 1.0))
    first = next(iter(timed))
    ratios = {
        name: statistics.median(b / a for a, b in zip(taken[first], times, strict=True))
        for name, times in taken.items()
    }
    line = "  ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    sys.stdout.write(f"{title} ({1e3 * statistics.median(taken[first]):.1f} ms): {line}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=7559)
    parser.add_argument("--pool", type=int, default=7032)
    given = parser.parse_args()
    torch.set_num_threads(1)
    recall(given.queries, given.pool, given.rounds)
    areas(given.rounds)
