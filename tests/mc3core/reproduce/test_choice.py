"""What validation chooses, and what is left to do: pure functions of the finished cells."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mc3core.config import build_config
from mc3core.methods.registry import METHODS
from mc3core.reproduce.choose import chosen, chosen_mc3, grid
from mc3core.reproduce.plan import (
    BY_KEY,
    FULL,
    QUICK,
    ROWS,
    TEMPERATURES,
    Cell,
    align_of,
    cell_config,
    fingerprint,
)
from mc3core.reproduce.results import Results
from mc3core.reproduce.schedule import chosen_three, full, worlds
from mc3core.reproduce.worlds import world_seed
from tests.mc3core.reproduce.conftest import made_up

Finish = Callable[..., None]
THREE = ("cmc", "imagebind", "mc3-gated_ego")


def test_every_registered_method_and_mc3_preset_has_a_row() -> None:
    assert {row.method for row in ROWS} == set(METHODS)
    presets = set(METHODS["mc3"].presets) - {"demo"}
    assert {row.preset for row in ROWS if row.method == "mc3"} == presets


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_all_rows_take_the_same_number_of_steps(row: Any) -> None:
    config = cell_config(Cell(row.key, 0, 0.2, None, "val"), FULL)
    assert sum(stage.steps for stage in config.stages) == FULL.align_steps + FULL.refine_steps
    assert (
        config.batch_size == FULL.batch_size
        and config.encoders == build_config("mc3", "paper").encoders
    )


def test_rows_that_share_align_share_its_temperature_whatever_their_own() -> None:
    for row in ROWS:
        first = cell_config(Cell(row.key, 0, 0.5, None, "val"), FULL).stages[0]
        assert first.temperature == (align_of(0).temperature if row.align else None)


def test_train_validation_and_test_worlds_of_all_seeds_differ() -> None:
    seeds = [world_seed(seed, split) for seed in range(50) for split in ("train", "val", "test")]
    assert len(set(seeds)) == len(seeds)


def test_temperature_is_tried_first_then_the_weight_at_the_best(
    results: Results, finish: Finish
) -> None:
    row = BY_KEY["mc3-gated_ego"]
    assert [cell.temperature for cell in grid(row, results)] == list(TEMPERATURES)
    assert chosen(row, results) is None
    finish(results, ("mc3-gated_ego",))
    weights = [(c.temperature, c.weight) for c in grid(row, results) if c.weight is not None]
    assert weights == [(0.3, 2.0), (0.3, 8.0)]  # 4 is the preset's own
    best = chosen(row, results)
    assert best is not None and (best.temperature, best.weight) == (0.3, 8.0)


def test_a_weight_whose_control_fails_is_not_chosen(results: Results, finish: Finish) -> None:
    def leaking(cell: Cell) -> dict[str, Any]:
        return made_up(cell) | {"av_swapped_video": 0.59 if cell.weight == 8 else 0.5}

    finish(results, ("mc3-gated_ego",), figures=leaking)
    best = chosen(BY_KEY["mc3-gated_ego"], results)
    assert best is not None and best.weight != 8


def test_the_preset_of_mc3_is_the_best_on_validation(results: Results, finish: Finish) -> None:
    assert chosen_mc3(results) is None and chosen_three(results) is None
    finish(results, ("mc3-scaled", "mc3-gated_ego", "cmc", "imagebind"))
    found = chosen_mc3(results)
    assert found is not None and found.key == "mc3-gated_ego"
    three = chosen_three(results)
    assert three is not None and [row.key for row, _ in three] == list(THREE)


def test_what_is_finished_is_not_named_again(results: Results, finish: Finish) -> None:
    first = full(results, 2)
    assert {cell.row for cell in first[:3]} == {"cmc"} and all(c.seed == 0 for c in first[:6])
    finish(results, THREE, seeds=2)
    left = [cell for cell in full(results, 2) if cell.row != "align"]
    longer = [cell for cell in left if cell.row in THREE]
    assert [(cell.row, cell.longer, cell.seed) for cell in longer] == [(k, 2, 0) for k in THREE]
    for cell in longer:
        results.write(cell, made_up(cell), 60.0)
    finish(results, tuple(row.key for row in ROWS if row.same_as is None), seeds=2)
    assert full(results, 2) == []
    assert {cell.seed for cell in full(results, 3)} == {0, 1, 2}  # aligns fill idle cores
    assert all(cell.seed == 2 for cell in full(results, 3) if cell.row != "align")


def test_figures_of_another_configuration_count_as_missing(
    results: Results, finish: Finish
) -> None:
    finish(results, ("cmc",))
    cell = grid(BY_KEY["cmc"], results)[0]
    assert results.figures(cell) is not None
    assert Results(results.folder, QUICK).figures(cell) is None
    path = results.path(cell)
    row = json.loads(path.read_text())
    path.write_text(json.dumps(row | {"fingerprint": "0" * 16}))
    assert results.figures(cell) is None


def test_a_fingerprint_changes_with_what_matters_and_not_with_threads() -> None:
    cell = Cell("cmc", 0, 0.2, None, "val")
    known = fingerprint(cell, FULL)
    changed = [
        fingerprint(replace(cell, temperature=0.3), FULL),
        fingerprint(replace(cell, seed=1), FULL),
        fingerprint(replace(cell, variant="vague_heavy"), FULL),
        fingerprint(cell, QUICK),
    ]
    assert known not in changed and len(set(changed)) == len(changed)
    assert known == fingerprint(cell, FULL)


def test_variants_take_what_was_chosen_on_the_default_world(
    results: Results, finish: Finish
) -> None:
    finish(results, THREE)
    three = chosen_three(results)
    assert three is not None
    cells = worlds(results, ["vague_heavy", "more_masked"], [cell for _, cell in three])
    assert len(cells) == 6 and {cell.seed for cell in cells} == {0}
    assert {cell.temperature for cell in cells} == {0.3}


def test_a_damaged_result_is_named(results: Results, finish: Finish, tmp_path: Path) -> None:
    from mc3core.errors import InputError

    finish(results, ("cmc",))
    cell = grid(BY_KEY["cmc"], results)[0]
    results.path(cell).write_text("{")
    with pytest.raises(InputError, match=r"cmc-t0\.2\.json is damaged"):
        results.figures(cell)
