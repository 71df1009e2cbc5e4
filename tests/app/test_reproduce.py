"""`sounding reproduce`: what it needs first, what it writes, where."""

import json
from pathlib import Path

import pytest

from app.services import reproduce
from mc3core.errors import InputError
from mc3core.reproduce import plan
from mc3core.reproduce.plan import BY_KEY, FULL, ROWS, Budget, Cell
from mc3core.reproduce.results import Results
from mc3core.reproduce.schedule import full


def figures(cell: Cell) -> dict[str, float]:
    ours = 0.86 if cell.row == "mc3-gated_ego" else 0.8
    return {
        "n": 10, "positives": 5, "av_roc_auc": ours, "al_roc_auc": 0.8, "av_swapped_video": 0.5,
        "v_a_recall_at_5": 0.5, "v_a_chance_at_5": 0.05,
    }  # fmt: skip


def finish_everything(results: Results, seeds: int) -> None:
    while missing := [cell for cell in full(results, seeds) if cell.row in BY_KEY]:
        for cell in missing:
            results.write(cell, figures(cell), 1.0)


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout's results folder that holds nothing yet."""
    folder = tmp_path / "assets" / "results" / "reproduce"
    folder.mkdir(parents=True)
    monkeypatch.setattr(reproduce, "COMMITTED", folder)
    return folder


@pytest.mark.parametrize("quick", [True, False])
def test_what_needs_the_full_runs_choice_says_so(
    quick: bool, committed: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="run `sounding reproduce table2`"):
        reproduce.reproduce_table(tmp_path / "workspace", "table2", quick=quick, worlds=not quick)


def test_a_finished_table_is_written_and_nothing_is_trained(
    committed: Path, tmp_path: Path
) -> None:
    finish_everything(Results(committed, FULL), 2)
    workspace = tmp_path / "workspace"
    value = reproduce.reproduce_table(workspace, "table2", seeds=2)
    assert value["mc3"] == "mc3-gated_ego" and value["missing"] == []
    assert [row["key"] for row in value["rows"]] == ["random", *(row.key for row in ROWS)]
    for row in value["rows"]:
        assert {"method", "preset", "temperature"} <= row.keys()
        assert row["av_roc_auc"].keys() == {"mean", "sd", "seeds"}
    assert value["longer"]["cmc"] is not None and value["workspace"] == str(workspace)
    assert not (workspace / "runs").exists()
    for which in ("table2", "table3"):
        assert (committed.parent / f"{which}.json").exists()
        assert (committed.parent / f"{which}.md").read_text().startswith("| method |")


def test_quick_trains_three_rows_anew_at_what_the_full_run_chose(
    committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_everything(Results(committed, FULL), 1)
    before = {path: path.read_bytes() for path in committed.rglob("*.json")}
    small = Budget(
        train_clips=50, val_clips=25, test_clips=100, align_steps=3, refine_steps=2, batch_size=8
    )
    monkeypatch.setattr(plan, "QUICK", small)
    value = reproduce.reproduce_table(tmp_path / "workspace", "table2", quick=True, seeds=1)
    rows = {row["key"]: row for row in value["rows"]}
    assert list(rows) == ["random", "cmc", "mc3-gated_ego", "imagebind"]
    for row in rows.values():
        assert 0 <= row["av_roc_auc"]["mean"] <= 1 and row["av_roc_auc"]["seeds"] == 1
    assert rows["cmc"]["n"]["mean"] == 100  # its own clips, not the full run's figures
    assert {path: path.read_bytes() for path in committed.rglob("*.json")} == before
    assert json.loads(json.dumps(value))["rows"] == value["rows"]


def test_without_a_checkout_the_results_lie_in_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reproduce, "COMMITTED", tmp_path / "nowhere")
    workspace = tmp_path / "workspace"
    finish_everything(Results(workspace / "results", FULL), 1)
    reproduce.reproduce_table(workspace, "table3", seeds=1)
    assert (workspace / "table3.md").exists()
