"""How many clips of the world one core makes at training size, and where its time goes.

    python -m tests.benchmarks.bench_world [--clips 500] [--plan 40000] [--rounds 3]

CPU seconds of this process, median of the rounds, each another seed; the target is 40 clips a CPU
second (six pictures of 64 x 64 and 1.5 s of sound at 16 kHz, written as a training cache). Shares
are those of a further round under the profiler, which slows small functions more than large ones:
read them as an order. Rows that are indented are parts of the row above.
"""

import argparse
import cProfile
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType

from mc3core.world.timeline import timeline
from mc3core.world.training_cache import write_cache
from mc3core.world.truth import truth_rows

TARGET = 40.0
# Row -> file and function, with everything that it calls.
PARTS: dict[str, tuple[str, str]] = {
    "plan": ("world/timeline.py", "timeline"),
    "pictures": ("world/picture.py", "picture"),
    "  drawing": ("world/picture.py", "_draw"),
    "  scene": ("scenes/__init__.py", "station"),
    "  sensor noise": ("world/picture.py", "_sensor"),
    "sound": ("sound/mix.py", "mix"),
    "  actions": ("sound/actions.py", "voice"),
    "  ambient": ("sound/surroundings.py", "ambient_block"),
    "  machines": ("sound/surroundings.py", "machine_voice"),
    "  events": ("sound/surroundings.py", "event_voice"),
    "narrations read": ("data/narration.py", "parse_narration"),
    "JPEG and shard": ("data/cache.py", "write_shard"),
}


def clips_per_cpu_s(clips: int, work: Callable[[int], object], rounds: int) -> float:
    """Median over seeds 1 to `rounds`."""
    rates: list[float] = []
    for seed in range(1, rounds + 1):
        start = time.process_time()
        work(seed)
        rates.append(clips / (time.process_time() - start))
    return statistics.median(rates)


def shares(work: Callable[[], object]) -> dict[str, float]:
    """Of the profiled time of `work`: name of a part -> share."""
    profile = cProfile.Profile()
    profile.runcall(work)
    spent = {
        (entry.code.co_filename, entry.code.co_name): entry.totaltime
        for entry in profile.getstats()
        if isinstance(entry.code, CodeType)
    }
    whole = max(spent.values())
    return {
        name: sum(s for (path, f), s in spent.items() if path.endswith(file) and f == function)
        / whole
        for name, (file, function) in PARTS.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=500)
    parser.add_argument("--plan", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    clips: int = chosen.clips
    with tempfile.TemporaryDirectory() as folder:

        def fill(seed: int) -> None:
            write_cache(Path(folder) / str(seed), clips, seed, workers=1)

        fill(0)  # imports and tables that are made once
        rate = clips_per_cpu_s(clips, fill, chosen.rounds)
        parts = shares(lambda: fill(chosen.rounds + 1))
    met = "reached" if rate >= TARGET else "missed"
    say = sys.stdout.write
    say(f"training cache: {rate:.0f} clips a CPU second (target {TARGET:.0f}: {met})\n")
    for name, share in parts.items():
        say(f"  {name:18s}{share:6.1%}\n")
    plan = clips_per_cpu_s(chosen.plan, lambda seed: timeline(seed, chosen.plan), 1)
    small = clips_per_cpu_s(1_000, lambda seed: timeline(seed, 1_000), chosen.rounds)
    say(f"plan: {plan:.0f} clips a CPU second at {chosen.plan} clips, ")
    say(f"{plan / small:.2f} of the rate at 1000\n")
    worlds = {seed: timeline(seed, clips) for seed in range(1, chosen.rounds + 1)}
    truth = clips_per_cpu_s(clips, lambda seed: truth_rows(worlds[seed]), chosen.rounds)
    say(f"truth with boxes: {truth:.0f} clips a CPU second\n")
    if rate < TARGET:
        sys.exit(1)


if __name__ == "__main__":
    main()
