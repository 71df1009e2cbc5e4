"""`explore` on a real workspace: what it says, what it stores, and what it does not do twice."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from annotation.clusters import grow_tree
from app.services.clusters import describe_clusters, group_clusters
from app.services.embedding import up_to_date
from app.services.exploration import explore
from app.services.map_files import MapFiles, load_map, map_folder, save_map
from app.services.marks import unseen_sources
from app.workspace import Workspace
from mc3core.data.clips import MANIFEST_NAME, read_manifest, write_manifest
from mc3core.embeddings import Embeddings, load_embeddings, save_embeddings
from mc3core.errors import InputError, RunError
from mc3core.training.run_dir import RunDir
from tests.app.workspaces import RUN, a_clip, make_workspace


@pytest.fixture
def nine(tmp_path: Path) -> Workspace:
    """Few enough clips for a map by their main axes: no compiler has to be warmed up."""
    return make_workspace(tmp_path / "workspace", 9, media=0)


def test_every_clip_is_in_one_cluster_with_its_figures(nine: Workspace) -> None:
    found = explore(nine, RUN, "refine", "joint", 3)
    assert (found["run"], found["stage"], found["space"]) == (RUN, "refine", "joint")
    assert (found["n"], found["masked"]) == (9, 0)
    assert sum(cluster["size"] for cluster in found["clusters"]) == 9
    assert len(found["clusters"]) == 3
    for cluster in found["clusters"]:
        assert cluster["name"]
        assert 1 <= len(cluster["top"]) <= 8
        if cluster["labelled"]:
            low, high = cluster["interval"]
            assert low <= cluster["share_sounds"] <= high
        else:
            assert cluster["share_sounds"] is cluster["interval"] is None


def test_without_a_stage_the_last_one_is_meant(nine: Workspace) -> None:
    assert explore(nine, RUN)["stage"] == "refine"


def test_more_clusters_than_clips_are_as_many_as_clips(nine: Workspace) -> None:
    assert len(explore(nine, RUN, clusters=20)["clusters"]) == 9


def test_clips_without_the_modality_are_left_out_and_listed(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", 10, media=0)
    found = explore(workspace, RUN, space="audio", clusters=3)
    silent = a_clip(9).clip_id
    assert (found["n"], found["masked"], found["masked_clips"]) == (9, 1, [silent])
    assert silent not in [clip_id for cluster in found["clusters"] for clip_id in cluster["top"]]


def test_a_map_is_made_once_for_the_same_embeddings(nine: Workspace) -> None:
    run_dir = RunDir(nine.runs / RUN)
    explore(nine, RUN, "refine", clusters=3)
    folder = map_folder(run_dir, "refine", "joint", 0)
    made = (folder / "map.safetensors").stat().st_mtime_ns
    assert len(explore(nine, RUN, "refine", clusters=5)["clusters"]) == 5
    assert (folder / "map.safetensors").stat().st_mtime_ns == made
    assert len(json.loads((folder / "clusters.json").read_text())["clusters"]) == 5

    old = load_embeddings(run_dir.stage("refine"))
    turned = {name: rows[:, ::-1].copy() for name, rows in old.vectors.items()}
    save_embeddings(Embeddings(old.clip_ids, turned, old.present), run_dir.stage("refine"))
    explore(nine, RUN, "refine", clusters=3)
    assert (folder / "map.safetensors").stat().st_mtime_ns > made


def test_a_map_that_was_cut_short_does_not_count(nine: Workspace) -> None:
    folder = map_folder(RunDir(nine.runs / RUN), "refine", "joint", 0)
    explore(nine, RUN, "refine")
    fingerprint = json.loads((folder / "explore.json").read_text())["fingerprint"]
    assert load_map(folder, fingerprint) is not None
    (folder / "explore.json").write_text('{"fingerp')
    assert load_map(folder, fingerprint) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"run": "nobody"}, "no run 'nobody'"),
        ({"run": "../../etc"}, "no run '../../etc'"),
        ({"stage": "polish"}, "has no stage 'polish'"),
        ({"space": "smell"}, "there is joint, audio, video, text"),
        ({"clusters": 0}, "from 1 up"),
    ],
)
def test_what_does_not_exist_is_named(
    nine: Workspace, change: dict[str, object], message: str
) -> None:
    asked: dict[str, object] = {"run": RUN, "stage": "refine", "space": "joint", "clusters": 3}
    with pytest.raises(InputError, match=message):
        explore(nine, **(asked | change))  # pyright: ignore[reportArgumentType]  wrong on purpose


def test_a_space_that_no_clip_has_says_so(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", 4, media=0)
    folder = RunDir(workspace.runs / RUN).stage("refine")
    old = load_embeddings(folder)
    old.vectors["audio"][:] = 0
    old.present["audio"][:] = False
    save_embeddings(old, folder)
    with pytest.raises(RunError, match="Not one clip has audio"):
        explore(workspace, RUN, space="audio")


def test_embeddings_are_used_only_where_they_are_whole_and_up_to_date(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", 6, media=0)
    run_dir = RunDir(workspace.runs / RUN)
    file, weights = (
        run_dir.stage("refine") / "embeddings.safetensors",
        run_dir.checkpoint("refine") / "model.safetensors",
    )
    assert up_to_date(workspace, run_dir, "refine") is not None
    later, earlier = file.stat().st_mtime + 5, file.stat().st_mtime - 5
    os.utime(weights, (later, later))  # the run went on
    assert up_to_date(workspace, run_dir, "refine") is None
    os.utime(weights, (earlier, earlier))
    manifest = workspace.cache / MANIFEST_NAME
    write_manifest(read_manifest(manifest)[:5], manifest)  # a clip is gone
    assert up_to_date(workspace, run_dir, "refine") is None
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(InputError, match=r"embeddings\.safetensors is damaged.*sounding embed"):
        load_embeddings(file.parent)
    assert up_to_date(workspace, run_dir, "refine") is None


def test_a_damaged_map_counts_as_none(tmp_path: Path) -> None:
    points = np.zeros((3, 2), np.float32)
    vectors = np.eye(3, dtype=np.float32)
    save_map(tmp_path, MapFiles(grow_tree(vectors, np.ones(3, bool)), points, 0), "f")
    assert load_map(tmp_path, "f") is not None
    (tmp_path / "tree.safetensors").write_bytes(b"junk")
    assert load_map(tmp_path, "f") is None


def test_a_source_is_marked_until_training_or_people_have_seen_it() -> None:
    clips = [a_clip(0), a_clip(1, source="attic"), a_clip(2, source="attic")]
    assert unseen_sources(["world"], clips, set()) == ("attic",)
    assert unseen_sources(["world"], clips, {clips[0].clip_id}) == ("attic",)
    assert unseen_sources(["world"], clips, {clips[2].clip_id}) == ()
    assert unseen_sources(["world", "attic"], clips, set()) == ()


def test_an_unseen_source_shows_in_the_result(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", 18, media=0, stages=("refine",))
    folder = RunDir(workspace.runs / RUN).stage("refine")
    old = load_embeddings(folder)
    for rows in old.vectors.values():
        rows[:] = rows[:1]  # one point, so the map needs no neighbours
    save_embeddings(old, folder)
    assert explore(workspace, RUN)["unseen_sources"] == ["kitchen20"]


def test_share_and_examples_of_a_cluster_are_its_own() -> None:
    clips = [a_clip(number) for number in range(12)]
    labels = np.array([0] * 7 + [1] * 4 + [-1], np.int32)
    vectors = np.eye(12, 12, dtype=np.float32)
    judged = {clips[0].clip_id: True, clips[1].clip_id: False, clips[8].clip_id: True}
    first, second = describe_clusters(clips, group_clusters(clips, vectors, labels), judged)
    assert (first["labelled"], first["share_sounds"]) == (2, 0.5)
    assert (second["labelled"], second["share_sounds"]) == (1, 1.0)
    assert set(second["top"]) == {clip.clip_id for clip in clips[7:11]}
