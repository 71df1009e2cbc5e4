"""What can be trained: parameters one can set, and what a method needs of a clip and of a run."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api import evaluation, runs
from app.cli_learn import method_lines
from app.context import AppContext, open_database
from app.services import training
from app.services.evaluation import evaluate
from app.services.exploration import explore
from app.services.methods import READS, method_table
from app.workspace import Workspace, open_workspace
from mc3core.config import build_config
from mc3core.data.clips import MANIFEST_NAME, write_manifest
from mc3core.embeddings import Embeddings, load_embeddings, save_embeddings
from mc3core.errors import InputError, RunError
from mc3core.methods.registry import METHODS
from mc3core.training.run_dir import RunDir, write_json
from tests.app.workspaces import RUN, a_clip, make_workspace

ROWS = {row["id"]: row for row in method_table()}


def of_clap(workspace: Workspace) -> None:
    """Make the workspace's run one of CLAP: pictures never read, so their rows are masked."""
    run_dir = RunDir(workspace.runs / RUN)
    write_json(run_dir.config_path, run_dir.config() | {"method": "clap", "preset": "plain"})
    made = load_embeddings(run_dir.stage("refine"))
    vectors = made.vectors | {"video": np.zeros_like(made.vectors["video"])}
    present = made.present | {"video": np.zeros_like(made.present["video"])}
    save_embeddings(Embeddings(made.clip_ids, vectors, present), run_dir.stage("refine"))


@pytest.fixture(scope="module")
def clap(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_workspace(tmp_path_factory.mktemp("clap") / "workspace", 48, media=0)
    of_clap(workspace)
    return workspace


@pytest.fixture(scope="module")
def client(clap: Workspace) -> Iterator[TestClient]:
    database = open_database(clap)
    app, context = FastAPI(), AppContext(clap, database)
    app.include_router(evaluation.router(context))
    app.include_router(runs.router(context))
    yield TestClient(app)
    database.close()


def test_every_method_says_what_it_reads_and_no_other_is_described() -> None:
    assert ROWS.keys() == METHODS.keys() == READS.keys()


@pytest.mark.parametrize("method", METHODS)
def test_every_parameter_can_be_set_to_what_is_shown(method: str) -> None:
    row = ROWS[method]
    settings = {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in row["parameters"].items()
    }
    preset = next(iter(row["presets"]))
    assert build_config(method, preset, None, settings) == build_config(method, preset)
    assert ("objective.weight" in settings) == bool(row["weight"])
    text = "\n".join(method_lines(row))
    assert all(f"{key}={value}" in text for key, value in settings.items())
    assert row["paper"] in text
    assert row["weight"] in text
    assert all(says in text for says in row["presets"].values())


def test_the_page_offers_the_papers_five_and_folds_the_ablations(client: TestClient) -> None:
    methods = client.get("/api/methods").json()["methods"]
    paper = [row["id"] for row in methods if row["family"] == "paper"]
    assert paper == ["mc3", "clap", "cm_acc", "cmc", "imagebind"]
    assert methods[0]["ablations"] == ["no_consensus", "no_contrastive", "no_align"]
    assert not any(row["ablations"] for row in methods[1:])


def test_clips_count_where_they_have_what_the_method_reads(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "workspace", create=True)
    clips = [replace(a_clip(n), split="train") for n in range(6)]
    clips[0] = replace(clips[0], modalities=("video", "text"))
    clips[1] = replace(clips[1], modalities=("audio", "text"))
    clips[2] = replace(clips[2], modalities=("audio", "video"))
    write_manifest(clips, workspace.cache / MANIFEST_NAME)
    counts = {method: training.train_clips(workspace, method) for method in METHODS}
    assert counts["mc3"] == 3
    assert counts["clap"] == counts["cm_acc"] == 4
    silent = [replace(clip, modalities=("video", "text")) for clip in clips]
    write_manifest(silent, workspace.cache / MANIFEST_NAME)
    with pytest.raises(
        InputError, match="has no clips in its train split that have sound and text"
    ):
        training.train_clips(workspace, "clap")


def test_an_estimate_is_of_the_methods_own_stages(client: TestClient) -> None:
    for method, preset, stages in (
        ("clap", "plain", ["align"]),
        ("mc3", "no_align", ["refine"]),
        ("cm_acc", "random", ["align"]),
        ("imagebind", "plain", ["align", "refine"]),
    ):
        found = client.post("/api/runs/estimate", json={"method": method, "preset": preset}).json()
        assert found["stages"] == stages


def test_a_run_that_never_reads_pictures_has_no_map_of_them(
    client: TestClient, clap: Workspace
) -> None:
    (run,) = client.get("/api/evaluation").json()["runs"]
    assert run["spaces"] == ["joint", "audio", "text"]
    wanted = {"run": RUN, "stage": "refine", "space": "video"}
    answer = client.post("/api/explore", json=wanted)
    assert answer.status_code == 422
    assert "never reads" in answer.json()["detail"]
    with pytest.raises(RunError, match="never reads video"):
        explore(clap, RUN, "refine", "video")


def test_its_figures_are_undefined_where_pictures_are_needed_and_real_elsewhere(
    client: TestClient, clap: Workspace
) -> None:
    evaluate(clap, RUN, "refine")
    evaluate(clap, RUN, "refine", "retrieval")
    found = client.get(f"/api/evaluation/{RUN}/refine").json()
    assert found["discovery"]["av_roc_auc"] is None
    assert "no labelled clip has both audio and video" in found["discovery"]["av_undefined"]
    assert found["discovery"]["al_roc_auc"] > 0.5
    assert found["discovery"]["histogram"]["al"]["edges"]
    assert found["retrieval"] is not None
