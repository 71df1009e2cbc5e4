"""The table of simple cues for the default world and its six variants.

    python -m tests.benchmarks.world_cues [--clips 2500] [--seed 11] [--workers 1] [--write]

Prints it as Markdown; with --write it goes to assets/results/world_cues.md, and with the laws and
every figure to world_cues.json beside it (a test holds the laws to that file). Ends with 1 when a
world breaks a bound. About 12 ms of one core a clip and world.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from mc3core.world.cue_report import cue_markdown
from mc3core.world.cues import cue_table
from mc3core.world.law import DEFAULT
from mc3core.world.timeline import timeline
from mc3core.world.variants import VARIANTS

RESULTS = Path(__file__).resolve().parents[2] / "assets" / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    laws = (DEFAULT, *(variant.law for variant in VARIANTS.values()))
    tables = [
        cue_table(timeline(chosen.seed, chosen.clips, law), workers=chosen.workers) for law in laws
    ]
    text = f"# Simple cues of the drawn worlds, seed {chosen.seed}\n\n{cue_markdown(tables)}"
    sys.stdout.write(text)
    if chosen.write:
        worlds = [
            {"law": asdict(law), "cues": asdict(table)}
            for law, table in zip(laws, tables, strict=True)
        ]
        figures = {"seed": chosen.seed, "worlds": worlds}
        (RESULTS / "world_cues.md").write_text(text, encoding="utf-8")
        (RESULTS / "world_cues.json").write_text(
            json.dumps(_rounded(figures), indent=1) + "\n", encoding="utf-8"
        )
    if any(table.broken for table in tables):
        sys.exit(1)


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
