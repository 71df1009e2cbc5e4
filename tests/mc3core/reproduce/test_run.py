"""Cells end to end: rendered, trained, scored, written; stopped and gone on with."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mc3core.errors import InputError
from mc3core.progress import silent
from mc3core.reproduce.cells import is_trained, run_of
from mc3core.reproduce.plan import Budget, Cell, align_of
from mc3core.reproduce.results import Results
from mc3core.reproduce.run import run_all

TINY = Budget(
    train_clips=50, val_clips=25, test_clips=300, align_steps=3, refine_steps=2, batch_size=8
)
CELLS = [
    Cell("cmc", 0, 0.3, None, "test"),
    Cell("mc3-gated_ego", 0, 0.2, 4.0, "test"),
    Cell("clap", 0, 0.2, None, "test"),
]


def test_cells_are_trained_once_and_gone_on_with(tmp_path: Path) -> None:
    results = Results(tmp_path / "results", TINY)
    workspace = tmp_path / "workspace"

    def todo() -> list[Cell]:
        return [cell for cell in CELLS if results.figures(cell) is None]

    run_all(workspace, results, todo, silent)
    cmc, ours, clap = (results.figures(cell) for cell in CELLS)
    assert cmc is not None and ours is not None and clap is not None
    assert cmc["n"] == 300 and 0 < cmc["av_roc_auc"] < 1 and "bridge_roc_auc" in cmc
    assert {"av_roc_auc_II", "av_swapped_video", "av_minus_audio_mean"} <= ours.keys()
    assert "av_roc_auc" not in clap and 0 < clap["al_roc_auc"] < 1
    assert any(name.startswith("l_a_recall") for name in clap)
    assert not any(name.startswith("v_a_recall") for name in clap)
    assert is_trained(workspace, align_of(0))

    row = json.loads(results.path(CELLS[0]).read_text())
    assert {"fingerprint", "budget", "seconds", "date", "figures"} <= row.keys()
    trained = run_of(workspace, CELLS[0]).metrics_path.stat().st_mtime_ns
    results.path(CELLS[0]).unlink()  # as in a clone that has the workspace, but not this figure
    run_all(workspace, results, todo, silent)
    assert results.figures(CELLS[0]) == cmc  # scored again, not trained again
    assert run_of(workspace, CELLS[0]).metrics_path.stat().st_mtime_ns == trained
    assert run_of(workspace, replace(CELLS[0], temperature=0.5)).config_path.exists() is False


def test_a_workspace_in_use_is_refused(tmp_path: Path) -> None:
    results = Results(tmp_path / "results", TINY)

    def todo() -> list[Cell]:
        with pytest.raises(InputError, match="in use by another run"):
            run_all(tmp_path / "workspace", results, list, silent)
        return []

    run_all(tmp_path / "workspace", results, todo, silent)
