"""What is left to do: a pure function of what is finished, in the order it should be done."""

from dataclasses import replace

from mc3core.reproduce.choose import chosen, chosen_mc3, grid
from mc3core.reproduce.plan import (
    BY_KEY,
    FIRST_SEED,
    LONGER,
    MC3_ROWS,
    QUICK_PEERS,
    ROWS,
    Cell,
    Row,
    align_of,
)
from mc3core.reproduce.results import Results


def full(results: Results, seeds: int) -> list[Cell]:
    """Cells of the whole table that can be named now and are not finished, most wanted first: the
    grid of the rows that the question is about and their seeds; MC3's other presets on the first
    seed; the question's rows trained for longer; the rest on the first seed, then on the others."""
    first = [BY_KEY[key] for key in (*QUICK_PEERS, "mc3-gated_ego")]
    rest = [row for row in ROWS if row not in first and row.same_as is None]
    wanted = [cell for row in first for cell in grid(row, results)]
    wanted += [c for seed in range(seeds) for row in first for c in _table(row, seed, results)]
    presets = [row for row in rest if row.key in MC3_ROWS]
    for row in presets:
        wanted += grid(row, results) + _table(row, FIRST_SEED, results)
    wanted += [replace(cell, longer=LONGER) for row in first for cell in _table(row, 0, results)]
    for row in rest:
        wanted += grid(row, results) + _table(row, FIRST_SEED, results)
    wanted += [c for row in rest for seed in range(seeds) for c in _table(row, seed, results)]
    missing = [cell for cell in dict.fromkeys(wanted) if results.figures(cell) is None]
    # A core that has nothing else to do makes the next seed's clips and align stage.
    return missing + [align_of(seed) for seed in range(seeds)] if missing else []


def _table(row: Row, seed: int, results: Results) -> list[Cell]:
    cell = chosen(row, results)
    return [] if cell is None else [replace(cell, seed=seed, split="test")]


def named(cells: list[tuple[Row, Cell]], seeds: int, results: Results) -> list[Cell]:
    """Cells of some rows, each at a temperature and weight that are known, for every seed."""
    wanted = [replace(cell, seed=seed, split="test") for seed in range(seeds) for _, cell in cells]
    return [cell for cell in wanted if results.figures(cell) is None]


def worlds(results: Results, variants: list[str], cells: list[Cell]) -> list[Cell]:
    """Chosen cells on the variants of the world, on the first seed."""
    wanted = [
        replace(cell, seed=FIRST_SEED, split="test", variant=variant)
        for variant in variants
        for cell in cells
    ]
    return [cell for cell in wanted if results.figures(cell) is None]


def chosen_three(results: Results) -> list[tuple[Row, Cell]] | None:
    """CMC, ImageBind and MC3 by the preset that validation chose, with what was chosen for them;
    None where the full run has not come that far."""
    mc3 = chosen_mc3(results)
    rows = [*(BY_KEY[key] for key in QUICK_PEERS), *([mc3] if mc3 else [])]
    found = [(row, cell) for row in rows if (cell := chosen(row, results)) is not None]
    return found if len(found) == len(QUICK_PEERS) + 1 else None
