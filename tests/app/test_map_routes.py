"""The map's routes on a real workspace: one order of points in everything they send."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from annotation.clusters import grow_tree
from annotation.projection import principal_axes
from app.api import map as map_routes
from app.context import AppContext, open_database
from app.services.embedding import fingerprint
from app.services.map_files import MapFiles, map_folder, save_map
from app.workspace import Workspace
from mc3core.embeddings import load_embeddings
from mc3core.training.run_dir import RunDir
from tests.app.workspaces import RUN, make_workspace

BASE = f"/api/map/{RUN}/refine/audio"
CLIPS = 48


def lay_out(workspace: Workspace, space: str) -> None:
    """A map as an earlier run of `explore` would have left it, by main axes."""
    run_dir = RunDir(workspace.runs / RUN)
    embeddings = load_embeddings(run_dir.stage("refine"))
    vectors, present = embeddings.space(space)
    points = np.full((len(vectors), 2), np.nan, np.float32)
    points[present] = principal_axes(vectors[present])
    files = MapFiles(grow_tree(vectors, present), points, 0)
    save_map(map_folder(run_dir, "refine", space, 0), files, fingerprint(embeddings))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    workspace = make_workspace(Path(tmp_path_factory.mktemp("map")) / "workspace", CLIPS, media=0)
    lay_out(workspace, "audio")
    database = open_database(workspace)
    app = FastAPI()
    app.include_router(map_routes.router(AppContext(workspace, database)))
    yield TestClient(app)
    database.close()


@pytest.fixture
def points(client: TestClient) -> NDArray[np.float32]:
    """(M, 2) as the page reads them."""
    return np.frombuffer(client.get(f"{BASE}/points").content, "<f4").reshape(2, -1).T


@pytest.fixture
def ids(client: TestClient) -> list[str]:
    return client.get(f"{BASE}/clips").text.split("\n")


def unpacked(codes: str) -> NDArray[np.uint16]:
    return np.frombuffer(base64.b64decode(codes), "<u2")


def test_runs_say_which_spaces_have_a_map(client: TestClient) -> None:
    found = client.get("/api/map").json()
    assert found["clips"] == CLIPS
    stages = {stage["stage"]: stage for stage in found["runs"][0]["stages"]}
    assert stages["refine"]["maps"] == ["audio"]
    assert stages["align"]["maps"] == []


def test_points_ids_and_codes_have_one_length_without_masked_clips(
    client: TestClient, points: NDArray[np.float32], ids: list[str]
) -> None:
    about = client.get(BASE).json()
    assert about["n"] == len(points) == len(ids) == len(set(ids))
    assert about["n"] + about["masked"] == CLIPS
    assert np.isfinite(points).all()
    for by in ("cluster", "label", "score", "score_al", "verb", "source"):
        found = client.get(f"{BASE}/colours", params={"by": by}).json()
        counts = np.bincount(unpacked(found["codes"]), minlength=len(found["categories"]))
        assert counts.tolist() == [category["count"] for category in found["categories"]]
        assert counts.sum() == about["n"]


def test_points_are_not_sent_twice(client: TestClient) -> None:
    tag = client.get(f"{BASE}/points").headers["etag"]
    again = client.get(f"{BASE}/points", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_clusters_and_their_codes_agree(client: TestClient, ids: list[str]) -> None:
    found = client.get(f"{BASE}/clusters", params={"clusters": 7}).json()
    codes = unpacked(found["codes"])
    assert [cluster["size"] for cluster in found["clusters"]] == np.bincount(codes).tolist()
    for cluster in found["clusters"]:
        for clip_id in cluster["top"]:
            assert codes[ids.index(clip_id)] == cluster["id"]
            assert found["cards"][clip_id]["narration"].startswith("#C C ")


def test_a_lasso_takes_the_points_inside_it(
    client: TestClient, points: NDArray[np.float32], ids: list[str]
) -> None:
    low, high = np.quantile(points, 0.2, axis=0), np.quantile(points, 0.8, axis=0)
    box = [[low[0], low[1]], [low[0], high[1]], [high[0], high[1]], [high[0], low[1]]]
    polygon = [[float(x), float(y)] for x, y in box]
    found = client.post(f"{BASE}/lasso", json={"polygon": polygon}).json()
    expected = ((points > low) & (points < high)).all(axis=1)
    bits = np.frombuffer(base64.b64decode(found["mask"]), np.uint8)
    mask = np.unpackbits(bits, bitorder="little")[: len(points)].astype(bool)
    assert np.array_equal(mask, expected)
    assert found["size"] == expected.sum() > 0
    assert found["clips"] == [ids[i] for i in np.flatnonzero(expected)]


def test_search_finds_words_by_their_beginning(client: TestClient) -> None:
    found = client.get(f"{BASE}/search", params={"text": "Hold CUP"}).json()
    said = [found["cards"][clip_id]["narration"] for clip_id in found["clips"]]
    assert said
    assert set(said) == {"#C C holds the cup"}
    assert client.get(f"{BASE}/search", params={"text": "old"}).json()["size"] == 0


def test_neighbours_come_by_cosine_and_leave_the_clip_out(
    client: TestClient, ids: list[str]
) -> None:
    near = client.get(f"{BASE}/neighbours/{ids[5]}").json()["near"]
    assert len(near) == 8
    assert ids[5] not in near


def test_cards_tell_label_counts_scores_and_the_unseen_mark(
    client: TestClient, ids: list[str]
) -> None:
    cards = client.post(f"{BASE}/cards", json={"clip_ids": ids}).json()["cards"]
    assert len(cards) == len(ids)
    for card in cards.values():
        assert card["unseen"] == (card["source"] == "kitchen20")
        assert set(card["scores"]) == {"av", "al", "vl"}
        decided = card["opinion"] in ("sounds", "silent")
        assert decided == (card["counts"]["missing"] == 0)


def test_what_is_not_there_is_said_and_no_path_is_followed(client: TestClient) -> None:
    assert client.get(f"/api/map/{RUN}/refine/joint").status_code == 409
    assert client.get(f"/api/map/{RUN}/polish/joint").status_code == 404
    assert client.get(f"/api/map/{RUN}/refine/..").status_code == 404
    assert client.get("/api/map/..%2F..%2Fetc/refine/joint").status_code == 404
    assert client.get(f"{BASE}/colours", params={"by": "smell"}).status_code == 422
    assert client.get(f"{BASE}/clusters", params={"clusters": 0}).status_code == 422
    assert client.get(f"{BASE}/neighbours/0000000000000000").status_code == 404
    assert client.post(f"{BASE}/lasso", json={"polygon": [[0, 0], [1, 1]]}).status_code == 422
