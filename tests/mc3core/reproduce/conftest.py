"""Finished cells made up for tests of what is chosen from them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mc3core.reproduce.choose import grid
from mc3core.reproduce.plan import BY_KEY, FULL, Cell, Row
from mc3core.reproduce.results import Results

Figures = Callable[[Cell], dict[str, Any]]


def made_up(cell: Cell) -> dict[str, Any]:
    """Best at .3 and at the largest weight; gated_ego above the rest; a seed adds a little."""
    ours = {"mc3-gated_ego": 0.86, "cmc": 0.80, "imagebind": 0.78}.get(cell.row, 0.70)
    value = ours - 0.05 * abs(cell.temperature - 0.3) + 0.001 * (cell.weight or 4) + cell.seed / 500
    return {
        "n": 100, "positives": 54, "av_roc_auc": value, "av_average_precision": value,
        "av_minus_audio_mean": value - 0.01, "al_roc_auc": 0.8, "al_average_precision": 0.82,
        "av_swapped_video": 0.5, "v_a_recall_at_5": 0.5, "a_v_recall_at_5": 0.4,
        "v_a_recall_at_10": 0.6, "a_v_recall_at_10": 0.5, "v_a_chance_at_5": 0.05,
    }  # fmt: skip


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path / "results" / "reproduce", FULL)


@pytest.fixture
def finish() -> Callable[..., None]:
    """Write the grid of rows, and their test cells for some seeds."""

    def write(
        results: Results, rows: tuple[str, ...], seeds: int = 0, figures: Figures = made_up
    ) -> None:
        for row in (BY_KEY[key] for key in rows):
            for _ in range(2):  # the weights follow once the temperatures are there
                for cell in grid(row, results):
                    results.write(cell, figures(cell), 60.0)
            for seed in range(seeds):
                cell = replace(_best(row, results), seed=seed, split="test")
                results.write(cell, figures(cell), 60.0)

    return write


def _best(row: Row, results: Results) -> Cell:
    from mc3core.reproduce.choose import chosen

    cell = chosen(row, results)
    assert cell is not None
    return cell
