"""How fast agreement is, beside statsmodels, krippendorff and the way one would write it first.

    python tests/benchmarks/bench_agreement.py [--rounds 5] [--clips 33000] [--people 30]

One thread. Only ratios of one line may be compared: CPU seconds of this process, median of the
rounds, relative to the first column (1.00). `rows drawn` is the bootstrap that draws clips instead
of counts of clips, `clip by clip` a Python loop over clips; both are timed on a part and scaled up.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping

os.environ.setdefault("OMP_NUM_THREADS", "1")

import krippendorff
import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import fleiss_kappa

from annotation.agreement import agreement, of_table
from annotation.agreement_by import against_rest, agreement_by
from annotation.dawid_skene import dawid_skene
from annotation.drift import drift
from annotation.pace import days
from annotation.ratings import CATEGORIES, Ratings, collect
from tests.annotation.simulated_votes import votes

RESAMPLES = 1000
PART = 20
GROUPS = 86


def clip_by_clip(table: NDArray[np.int64]) -> float:
    """The mean share of agreeing pairs, without arrays."""
    total = 0.0
    for row in table.tolist():
        size = sum(row)
        total += sum(count * (count - 1) for count in row) / (size * (size - 1))
    return total / len(table)


def rows_drawn(table: NDArray[np.int64], resamples: int) -> list[float]:
    draw = np.random.default_rng(0)
    return [
        float(fleiss_kappa(table[draw.integers(0, len(table), len(table))]))
        for _ in range(resamples)
    ]


def show(
    title: str,
    timed: Mapping[str, Callable[[], object]],
    rounds: int,
    scale: Mapping[str, float] | None = None,
) -> None:
    """One line: median CPU milliseconds of the first, and every ratio to it, round by round."""
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, work in timed.items():
            begin = time.process_time()
            work()
            spent = time.process_time() - begin
            taken[name].append(spent * (scale or {}).get(name, 1.0))
    first = next(iter(timed))
    ratios = {
        name: statistics.median(b / a for a, b in zip(taken[first], times, strict=True))
        for name, times in taken.items()
    }
    line = "  ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    sys.stdout.write(f"{title} ({1e3 * statistics.median(taken[first]):.1f} ms): {line}\n")


def coefficients(ratings: Ratings, rounds: int) -> None:
    table = ratings.table()
    show(
        f"coefficients of {len(ratings.clips):,} clips",
        {
            "all six": lambda: of_table(table, resamples=0),
            "statsmodels fleiss": lambda: fleiss_kappa(table),
            "krippendorff alpha": lambda: krippendorff.alpha(
                value_counts=table, level_of_measurement="nominal"
            ),
            "clip by clip": lambda: clip_by_clip(table),
        },
        5 * rounds,
    )
    show(
        f"with {RESAMPLES:,} resamples",
        {
            "all six": lambda: of_table(table, resamples=RESAMPLES),
            "rows drawn, statsmodels fleiss": lambda: rows_drawn(table, PART),
        },
        rounds,
        {"rows drawn, statsmodels fleiss": RESAMPLES / PART},
    )


def the_rest(ratings: Ratings, rounds: int) -> None:
    """What a page of agreement asks for, relative to its first line."""
    columns = (
        [ratings.clips[unit] for unit in ratings.units.tolist()],
        [ratings.people[rater] for rater in ratings.raters.tolist()],
        [CATEGORIES[value] for value in ratings.values.tolist()],
    )
    groups = [f"verb {unit % GROUPS}" for unit in ratings.units.tolist()]
    times = np.arange(len(ratings), dtype=np.float64)
    show(
        f"a page on {len(ratings):,} answers",
        {
            "agreement": lambda: agreement(ratings, resamples=RESAMPLES),
            "codes from names": lambda: collect(*columns),
            f"{GROUPS} groups": lambda: agreement_by(ratings, groups, resamples=RESAMPLES),
            "people": lambda: against_rest(ratings, resamples=RESAMPLES),
            "people x groups": lambda: against_rest(ratings, groups, resamples=RESAMPLES),
            "Dawid-Skene": lambda: dawid_skene(ratings),
            "drift": lambda: drift(ratings, times),
            "days": lambda: days(3 * times, "Europe/Berlin"),
        },
        rounds,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clips", type=int, default=33_000)
    parser.add_argument("--people", type=int, default=30)
    given = parser.parse_args()
    drawn = votes(given.clips, people=given.people).ratings
    coefficients(drawn, given.rounds)
    the_rest(drawn, given.rounds)
