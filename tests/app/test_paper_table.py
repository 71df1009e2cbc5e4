"""The paper's tables as the page has them: our rows, the printed figures, what is missing."""

import json
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api import evaluation
from app.context import AppContext, open_database
from app.services import paper_table
from app.workspace import open_workspace
from mc3core.reproduce.paper import TABLE2
from mc3core.reproduce.plan import ROWS
from tests.app.results import BEST, CENTRES, SEEDS, write_tables


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where results are looked for; empty."""
    found = tmp_path / "results"
    found.mkdir()
    monkeypatch.setattr(paper_table, "FOLDERS", (tmp_path / "nowhere", found))
    return found


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    workspace = open_workspace(tmp_path / "workspace", create=True)
    database = open_database(workspace)
    app = FastAPI()
    app.include_router(evaluation.router(AppContext(workspace, database)))
    yield TestClient(app)
    database.close()


def rows_of(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for group in found["groups"] for row in group["rows"]}


def ask(client: TestClient, table: str) -> Any:
    return client.get(f"/api/evaluation/paper?table={table}")


def test_before_anybody_ran_it_the_printed_figures_stand_and_the_command_is_named(
    client: TestClient, folder: Path
) -> None:
    found = ask(client, "table2").json()
    assert found["made"] is None
    assert found["command"] == "sounding reproduce table2"
    rows = rows_of(found)
    assert rows.keys() == {"random", *(row.key for row in ROWS)}
    assert all(row["seeds"] == [] for row in rows.values())
    assert rows["cmc"]["paper"]["av_roc_auc"] == TABLE2["cmc"][0]
    assert len(found["missing"]) == len(ROWS)


def test_finished_rows_have_mean_spread_seeds_and_the_difference_with_its_interval(
    client: TestClient, folder: Path
) -> None:
    write_tables(folder)
    found = ask(client, "table2").json()
    rows = rows_of(found)
    committed = json.loads((folder / "table2.json").read_text())
    cmc = next(row for row in committed["rows"] if row["key"] == "cmc")
    assert rows["cmc"]["av_roc_auc"] == cmc["av_roc_auc"]
    assert rows["cmc"]["seeds"] == list(range(SEEDS))
    gap = rows["cmc"]["mc3_minus_this"]["av_roc_auc"]
    assert gap["mean"] == pytest.approx(statistics.mean(gap["per_seed"]), abs=1e-4)
    assert gap["interval"][0] < gap["mean"] < gap["interval"][1]
    assert [row["key"] for row in rows.values() if row["best"]] == [BEST]
    assert {row.label for row in ROWS if row.key not in CENTRES} == set(found["missing"])
    assert found["made"]["world"] == "drawn world"
    assert found["made"]["command"] == "sounding reproduce table2 --seeds 3"


def test_rows_stand_in_the_papers_order_and_newer_peers_apart(
    client: TestClient, folder: Path
) -> None:
    write_tables(folder)
    groups = [
        [row["key"] for row in group["rows"]] for group in ask(client, "table2").json()["groups"]
    ]
    assert groups[0] == ["random", "clap", "cm_acc", "cmc", "cmc-bank", "imagebind"]
    assert groups[1] == ["no_consensus", "no_contrastive", "no_align"]
    assert all(key.startswith("mc3-") for key in groups[2])
    assert set(groups[3]) == {"egonce", "robust_xid", "symile", "gram", "triangle", "siglip"}


def test_the_papers_mc3_stands_beside_the_chosen_and_the_published_objective_only(
    client: TestClient, folder: Path
) -> None:
    write_tables(folder)
    rows = rows_of(ask(client, "table3").json())
    beside = {key for key, row in rows.items() if key.startswith("mc3-") and row["paper"]}
    assert beside == {BEST, "mc3-paper"}
    assert rows["clap"]["paper"]["v_a_recall_at_5"] is None
    assert "v_a_recall_at_5" not in rows["clap"]


def test_every_column_says_how_it_is_shown(client: TestClient, folder: Path) -> None:
    table2, table3 = (ask(client, name).json()["columns"] for name in ("table2", "table3"))
    assert [column["key"] for column in table2 if column["against"]] == ["av_roc_auc", "al_roc_auc"]
    assert len(table3) == 8
    assert all(column["percent"] for column in table3)


@pytest.mark.parametrize("name", ["worlds", "../table2", "table2.json", "/etc/passwd", ""])
def test_no_other_file_is_ever_read(client: TestClient, folder: Path, name: str) -> None:
    (folder / "worlds.json").write_text("{}")
    assert client.get("/api/evaluation/paper", params={"table": name}).status_code == 422


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"rows": [1]}', '{"rows": [{"label": "CMC"}]}', '{"mc3": null}',
             '{"rows": null}', '{"rows": 3}']
)  # fmt: skip
def test_a_damaged_file_is_named_with_the_way_out(
    client: TestClient, folder: Path, text: str
) -> None:
    (folder / "table2.json").write_text(text)
    answer = ask(client, "table2")
    assert answer.status_code == 409
    assert "table2.json" in answer.json()["detail"]
    assert "sounding reproduce table2" in answer.json()["detail"]
