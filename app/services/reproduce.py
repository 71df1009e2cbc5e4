"""`sounding reproduce`: what is missing is trained, what is finished stands in the table."""

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mc3core.errors import InputError
from mc3core.progress import ProgressCallback, silent

if TYPE_CHECKING:
    from mc3core.reproduce.plan import Cell
    from mc3core.reproduce.results import Results

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "assets" / "results" / "reproduce"


def reproduce_table(
    workspace: Path,
    which: str,
    *,
    quick: bool = False,
    seeds: int = 5,
    worlds: bool = False,
    progress: ProgressCallback = silent,
) -> dict[str, Any]:
    """Train what is missing and give the table; InputError where what it needs is not chosen yet.

    The full form writes finished cells and the tables under assets/results/ of a checkout, else
    into the workspace. The quick one trains anew whatever is committed, and keeps its figures in
    the workspace.
    """
    from mc3core.reproduce.plan import FULL, QUICK
    from mc3core.reproduce.results import Results
    from mc3core.reproduce.run import run_all
    from mc3core.reproduce.schedule import chosen_three, full, named
    from mc3core.reproduce.table import markdown, table

    committed = Results(COMMITTED if COMMITTED.exists() else workspace / "results", FULL)
    workspace.mkdir(parents=True, exist_ok=True)
    if quick or worlds:
        three = chosen_three(committed)
        if three is None:
            raise InputError(
                "The full run has not chosen temperatures yet: run `sounding reproduce table2`."
            )
        picks = {row.key: cell for row, cell in three}
        best = three[-1][0].key
        if worlds:
            return _worlds(workspace, committed, picks, best, progress)
        results = Results(workspace / "quick-results", QUICK)
        run_all(workspace / "quick", results, lambda: named(three, seeds, results), progress)
        value = table(results, picks, seeds, best) | _made(f"{which} --quick", seeds)
        return value | {"workspace": str(workspace), "text": markdown(value, which)}

    def todo() -> "list[Cell]":
        write_tables(committed, seeds)  # what is finished stands in the tables, whenever it ends
        return full(committed, seeds)

    run_all(workspace, committed, todo, progress)
    value = write_tables(committed, seeds)[which]
    return value | {"workspace": str(workspace), "text": markdown(value, which)}


def write_tables(results: "Results", seeds: int) -> dict[str, dict[str, Any]]:
    """Write both tables of what is finished, as JSON and Markdown, beside the folder of cells."""
    from mc3core.reproduce.choose import chosen_mc3
    from mc3core.reproduce.table import markdown, picks_of, table

    mc3 = chosen_mc3(results)
    rows = table(results, picks_of(results), seeds, mc3.key if mc3 else None)
    found = {which: rows | _made(which, seeds) for which in ("table2", "table3")}
    for which, value in found.items():
        _write(results, which, value, markdown(value, which))
    return found


def _write(results: "Results", name: str, value: dict[str, Any], text: str) -> None:
    """A table as JSON and as Markdown, beside the folder of cells."""
    from mc3core.training.run_dir import write_json

    write_json(results.folder.parent / f"{name}.json", value)
    (results.folder.parent / f"{name}.md").write_text(text + "\n", encoding="utf-8")


def _worlds(
    workspace: Path,
    results: "Results",
    picks: "dict[str, Cell]",
    best: str,
    progress: ProgressCallback,
) -> dict[str, Any]:
    """The three rows on six variants of the world, at what validation chose on the default one."""
    from mc3core.reproduce.run import run_all
    from mc3core.reproduce.schedule import worlds
    from mc3core.reproduce.table import worlds_markdown, worlds_table
    from mc3core.world.variants import VARIANTS

    cells = list(picks.values())
    run_all(workspace, results, lambda: worlds(results, list(VARIANTS), cells), progress)
    value = worlds_table(results, list(VARIANTS), picks, best)
    value |= _made("table2 --worlds", 1)
    text = worlds_markdown(value)
    _write(results, "worlds", value, text)
    return value | {"workspace": str(workspace), "text": text}


def _made(what: str, seeds: int) -> dict[str, Any]:
    """How a table came about."""
    return {
        "command": f"sounding reproduce {what} --seeds {seeds}",
        "commit": _commit(),
        "date": time.strftime("%Y-%m-%d"),
    }


def _commit() -> str | None:
    """The commit of a checkout; None where there is none."""
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None
