"""Temperature and weight of every row, and the preset of MC3, chosen on validation."""

from typing import Any

from mc3core.reproduce.plan import BEYOND, BY_KEY, FIRST_SEED, MC3_ROWS, TEMPERATURES, Cell, Row
from mc3core.reproduce.results import Results

SWAP_BOUNDS = (0.45, 0.55)


def grid(row: Row, results: Results) -> list[Cell]:
    """The grid cells of a row that can be named so far: one temperature more beyond an edge that is
    best, then the weights at the best temperature."""
    cells = [Cell(row.key, FIRST_SEED, tau, None, "val") for tau in TEMPERATURES]
    best = best_of(row, cells, results)
    if best is not None and best.temperature in BEYOND:
        cells.append(Cell(row.key, FIRST_SEED, BEYOND[best.temperature], None, "val"))
        best = best_of(row, cells, results)
    if best is None or not row.weights:
        return cells
    return cells + [
        Cell(row.key, FIRST_SEED, best.temperature, weight, "val") for weight in other_weights(row)
    ]


def other_weights(row: Row) -> list[float]:
    """The weights of a row's grid beside its preset's own."""
    from mc3core.config import build_config

    own = build_config(row.method, row.preset).objective.weight
    return [weight for weight in row.weights if weight != own]


def best_of(row: Row, cells: list[Cell], results: Results) -> Cell | None:
    """The cell with the best validation score, of those whose control holds where any does; None
    until all are finished."""
    found = [(cell, results.figures(cell)) for cell in cells]
    if any(figures is None for _, figures in found):
        return None
    scored = [(cell, figures) for cell, figures in found if figures is not None]
    honest = [(cell, figures) for cell, figures in scored if control_holds(figures)]
    return max(honest or scored, key=lambda pair: score(row, pair[1]))[0]


def chosen(row: Row, results: Results) -> Cell | None:
    """The best cell of a row's whole grid, or None where it is not finished."""
    if row.same_as is not None:
        return chosen(BY_KEY[row.same_as], results)
    return best_of(row, grid(row, results), results)


def score(row: Row, figures: dict[str, Any]) -> float:
    return float(figures[f"{row.needs}_roc_auc"])


def control_holds(figures: dict[str, Any]) -> bool:
    """Whether the sound with another clip's video says nothing; true where there is no video."""
    swapped = figures.get("av_swapped_video")
    return swapped is None or SWAP_BOUNDS[0] <= swapped <= SWAP_BOUNDS[1]


def chosen_mc3(results: Results) -> Row | None:
    """The preset of MC3 with the best validation score among those whose grid is finished."""
    finished = [
        (BY_KEY[key], cell)
        for key in MC3_ROWS
        if (cell := chosen(BY_KEY[key], results)) is not None
    ]
    scored = [(row, results.figures(cell)) for row, cell in finished]
    held = [(row, f) for row, f in scored if f is not None and control_holds(f)]
    return max(held, key=lambda pair: score(*pair))[0] if held else None
