"""The table of simple cues for the default world and its six variants, as Markdown.

    python -m tests.benchmarks.world_cues [--clips 2500] [--seed 11] [--workers 1] [--out FILE]

Ends with 1 when a world breaks a bound. `assets/results/world_cues.md` is what it last wrote. About
12 ms of one core a clip and world.
"""

import argparse
import sys
from pathlib import Path

from mc3core.world.cue_report import cue_markdown
from mc3core.world.cues import cue_table
from mc3core.world.law import DEFAULT
from mc3core.world.timeline import timeline
from mc3core.world.variants import VARIANTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    laws = (DEFAULT, *(variant.law for variant in VARIANTS.values()))
    tables = [
        cue_table(timeline(chosen.seed, chosen.clips, law), workers=chosen.workers) for law in laws
    ]
    text = f"# Simple cues of the drawn worlds, seed {chosen.seed}\n\n{cue_markdown(tables)}"
    if chosen.out is None:
        sys.stdout.write(text)
    else:
        chosen.out.write_text(text, encoding="utf-8")
    if any(table.broken for table in tables):
        sys.exit(1)


if __name__ == "__main__":
    main()
