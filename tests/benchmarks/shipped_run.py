"""Trains what ships with the demo and measures it: `make figures`.

Three seeds of MC3 on one made world; figures on that world's test clips and on the demo's own
clips (another seed, rendered for people, through H.264 and AAC). Each step is a command of
`sounding`; what was finished is not done again. Writes assets/results/demo_world.json and README's
table; with --ship also assets/demo_run (the first seed's run, without its logs) and its card.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from mc3core.world.pool import cores

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "assets" / "results" / "demo_world.json"
SHIPPED = ROOT / "assets" / "demo_run"
README = ROOT / "README.md"

CLIPS, WORLD_SEED, SEEDS, PRESET = 12_000, 1000, (0, 1, 2), "scaled"
DEMO_CLIPS, DEMO_SEED = 400, 2026
STAGES = ("untrained", "align", "refine")
FIGURES = ("av_roc_auc", "av_average_precision", "al_roc_auc", "al_average_precision")
SETS = {"test": "made world, test clips", "demo": "the demo's clips"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True, help="where all of it is made")
    parser.add_argument("--ship", action="store_true", help="replace assets/demo_run too")
    given = parser.parse_args()
    given.workspace.mkdir(parents=True, exist_ok=True)
    world, demo = _worlds(given.workspace)
    with ThreadPoolExecutor(cores()) as pool:  # a tiny model trains best on one core
        runs = list(pool.map(partial(train, given.workspace, world), SEEDS))
    rows = [
        row
        for seed, run in zip(SEEDS, runs, strict=True)
        for row in measure(given.workspace, world, demo, seed, run)
    ]
    result = {
        "command": "make figures",
        "commit": _git("rev-parse", "HEAD"),
        "date": _git("log", "-1", "--format=%cs"),
        "world": {"clips": CLIPS, "seed": WORLD_SEED},
        "demo": {"clips": DEMO_CLIPS, "seed": DEMO_SEED},
        "preset": PRESET,
        "rows": rows,
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if given.ship:
        ship(world / "runs" / runs[0], result)
    README.write_text(with_table(README.read_text(encoding="utf-8"), result), encoding="utf-8")
    sys.stdout.write(table(result) + "\n")


def train(folder: Path, world: Path, seed: int) -> str:
    """The run of one seed, trained where it is not trained yet."""
    marker = folder / f"seed-{seed}.json"
    if not marker.exists():
        trained = sounding(
            "train", "--workspace", world, "--preset", PRESET, "--size", "tiny", "--seed", seed
        )
        marker.write_text(json.dumps(trained))
    return json.loads(marker.read_text())["run"]


def measure(folder: Path, world: Path, demo: Path, seed: int, run: str) -> list[dict[str, Any]]:
    """Score a run as it began and after each stage, on both sets of clips."""
    start = f"{run}-untrained"
    if not (world / "runs" / start).exists():
        _untrained(world / "runs" / run, world / "runs" / start)
    rows: list[dict[str, Any]] = []
    for stage in STAGES:
        name, of = (start, "align") if stage == "untrained" else (run, stage)
        if not (demo / "runs" / name).exists():
            shutil.copytree(world / "runs" / name, demo / "runs" / name)
        for where, workspace, truth, split in (
            ("test", world, world / "world" / f"truth-{WORLD_SEED}.csv", "test"),
            ("demo", demo, folder / "demo-world" / "truth.csv", "all"),
        ):
            report = sounding(
                "evaluate", "--workspace", workspace, "--run", name, "--stage", of,
                "--truth", truth, "--split", split,
            )  # fmt: skip
            kept = ("n", "positives", "negatives", "trained_on")
            rows.append(
                {"seed": seed, "stage": stage, "set": where}
                | {key: report[key] for key in kept}
                | {key: report[key] for figure in FIGURES for key in (figure, f"{figure}_ci")}
            )
    return rows


def _worlds(folder: Path) -> tuple[Path, Path]:
    world, demo, videos = folder / "world", folder / "demo", folder / "demo-world"
    sounding("world", "--workspace", world, "--clips", CLIPS, "--seed", WORLD_SEED)
    sounding("world", "--out", videos, "--clips", DEMO_CLIPS, "--seed", DEMO_SEED)
    sounding(
        "ingest", "--workspace", demo, "--source", "world",
        "--narrations", videos / "narration.json", "--videos", videos / "videos",
    )  # fmt: skip
    return world, demo


def _untrained(run: Path, start: Path) -> None:
    """The same configuration and vocabulary with the weights that the seed begins with."""
    import torch

    from mc3core.methods.registry import method_info
    from mc3core.training.checkpoint import Position, save_checkpoint
    from mc3core.training.provenance import read_config
    from mc3core.training.run_dir import RunDir

    shutil.copytree(run, start, ignore=shutil.ignore_patterns("checkpoints", "align", "refine"))
    config = read_config(RunDir(run))
    torch.manual_seed(config.seed)
    model = method_info(config.method).build(config)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    save_checkpoint(RunDir(start), Position("align", 0, True), model, optimizer)


def ship(run: Path, result: dict[str, Any]) -> None:
    """Copy a run into the repository: what a studio needs to use it, and a card."""
    shutil.rmtree(SHIPPED, ignore_errors=True)
    shutil.copytree(
        run, SHIPPED,
        ignore=shutil.ignore_patterns("reports", "align", "refine", "*.log", "optimizer-*"),
    )  # fmt: skip
    for stage in ("align", "refine"):
        target = SHIPPED / "checkpoints" / stage
        shutil.copytree(run / "checkpoints" / stage, target, dirs_exist_ok=True)
    (SHIPPED / "CARD.md").write_text(card(result), encoding="utf-8")


def card(result: dict[str, Any]) -> str:
    """What the shipped run is, what made it, and what it is worth."""
    size = sum(p.stat().st_size for p in SHIPPED.rglob("*.safetensors")) / 1e6
    return f"""# The run that ships with the demo

MC3, preset `{PRESET}`, size `tiny`, seed {SEEDS[0]}; two checkpoints (align, refine), {size:.1f} MB
of safetensors. Trained on the train split of {CLIPS:,} clips of the procedural world of seed
{WORLD_SEED}; it never saw a clip of the demo, whose world has seed {DEMO_SEED}, and training reads
no label.

Made by `make figures`, which for this run comes down to

    sounding world --workspace W --clips {CLIPS} --seed {WORLD_SEED}
    sounding train --workspace W --preset {PRESET} --size tiny --seed {SEEDS[0]}

## Figures on clips it has not seen, against the world's known truth

{table(result)}

Drawn clips with synthesised sound: what holds here need not hold for real video. On your own data
its scores and maps are marked as those of a model that never saw their kind.
"""


def table(result: dict[str, Any]) -> str:
    """Mean ± standard deviation over seeds, then the shipped seed's 95 % bootstrap interval."""
    rows = result["rows"]
    lines = [
        "| clips | stage | A·V ROC-AUC | seed 0, 95 % | A·V AP | A·L ROC-AUC | A·L AP |",
        "|---|---|---|---|---|---|---|",
    ]
    for where, name in SETS.items():
        for stage in STAGES:
            mine = [r for r in rows if r["set"] == where and r["stage"] == stage]
            low, high = mine[0]["av_roc_auc_ci"]
            cells = [_spread([r[figure] for r in mine]) for figure in FIGURES]
            n = f"{mine[0]['n']:,} clips, {mine[0]['positives'] / mine[0]['n']:.1%} sound"
            lines.append(
                f"| {name} ({n}) | {stage} | {cells[0]} | [{low:.3f}, {high:.3f}] | "
                + " | ".join(cells[1:])
                + " |"
            )
    return "\n".join(lines)


def with_table(readme: str, result: dict[str, Any]) -> str:
    """README with the table between its markers replaced."""
    before, _, rest = readme.partition("<!-- figures -->\n")
    _, _, after = rest.partition("<!-- /figures -->")
    return f"{before}<!-- figures -->\n{table(result)}\n<!-- /figures -->{after}"


def _spread(values: list[float]) -> str:
    return f"{statistics.mean(values):.3f} ± {statistics.stdev(values):.3f}"


def sounding(*words: object) -> dict[str, Any]:
    """Run one command of `sounding`; its last line is its result."""
    command = [sys.executable, "-m", "app.cli", *map(str, words), "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
