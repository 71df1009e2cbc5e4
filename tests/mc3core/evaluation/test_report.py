"""A report carries every figure's n and caveat, and can be read back from the run."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mc3core.config import RunConfig
from mc3core.data.clips import Clip
from mc3core.embeddings import Embeddings
from mc3core.errors import InputError
from mc3core.evaluation.report import evaluate_run, save_report
from mc3core.training.provenance import write_config
from mc3core.training.run_dir import RunDir


@pytest.fixture
def run_dir(
    tmp_path: Path, block_clips: list[Clip], make_config: Callable[..., RunConfig]
) -> RunDir:
    """A run's directory as training leaves it, without the training."""
    run_dir = RunDir(tmp_path / "run")
    run_dir.path.mkdir()
    train = [clip for clip in block_clips if clip.split == "train"]
    write_config(run_dir, make_config(), train, {})
    return run_dir


@pytest.fixture
def embeddings(block_clips: list[Clip]) -> Embeddings:
    draw = np.random.default_rng(0)
    vectors, present = {}, {}
    for name in ("audio", "video", "text"):
        rows = draw.normal(size=(len(block_clips), 8)).astype(np.float32)
        there = np.array([name in clip.modalities for clip in block_clips])
        vectors[name] = rows / np.linalg.norm(rows, axis=1, keepdims=True) * there[:, None]
        present[name] = there
    return Embeddings(tuple(clip.clip_id for clip in block_clips), vectors, present)


@pytest.fixture
def labels(block_clips: list[Clip]) -> dict[str, bool]:
    return {clip.clip_id: clip.verb != "holds" for clip in block_clips}


def test_a_split_counts_its_own_clips_and_none_of_the_training(
    run_dir: RunDir, embeddings: Embeddings, block_clips: list[Clip], labels: dict[str, bool]
) -> None:
    report = evaluate_run(run_dir, "align", embeddings, block_clips, labels, unclear=4)
    test = [clip for clip in block_clips if clip.split == "test"]
    assert report["n"] == len(test) == report["positives"] + report["negatives"]
    assert report["masked"] == sum(len(set(c.modalities) & {"audio", "video"}) < 2 for c in test)
    assert report["al_masked"] == sum("audio" not in clip.modalities for clip in test) > 0
    assert (report["trained_on"], report["unclear"]) == (0, 4)
    assert report["unseen_sources"] == [] and report["sources"] == ["blocks"]
    assert report["av_positives"] + report["av_negatives"] + report["masked"] == report["n"]


def test_every_labelled_clip_says_how_many_were_trained_on(
    run_dir: RunDir, embeddings: Embeddings, block_clips: list[Clip], labels: dict[str, bool]
) -> None:
    report = evaluate_run(run_dir, "align", embeddings, block_clips, labels, split="all")
    assert report["n"] == len(block_clips)
    assert report["trained_on"] == sum(clip.split == "train" for clip in block_clips)


def test_a_source_that_training_never_saw_is_named(
    run_dir: RunDir, embeddings: Embeddings, block_clips: list[Clip], labels: dict[str, bool]
) -> None:
    clips = [replace(clip, source="kitchen") for clip in block_clips]
    report = evaluate_run(run_dir, "align", embeddings, clips, labels)
    assert report["unseen_sources"] == ["kitchen"]


def test_scores_are_the_cosines_of_their_clips(
    run_dir: RunDir, embeddings: Embeddings, block_clips: list[Clip], labels: dict[str, bool]
) -> None:
    table = evaluate_run(run_dir, "align", embeddings, block_clips, labels)["clips"]
    row = {clip_id: i for i, clip_id in enumerate(embeddings.clip_ids)}
    for clip_id, label, av in zip(table["clip_id"], table["label"], table["av"], strict=True):
        i = row[clip_id]
        assert label == labels[clip_id]
        if embeddings.present["audio"][i] and embeddings.present["video"][i]:
            expected = embeddings.vectors["audio"][i] @ embeddings.vectors["video"][i]
            assert av == pytest.approx(float(expected), abs=1e-5)
        else:
            assert av is None


@pytest.mark.parametrize("task", ["discovery", "retrieval"])
def test_a_saved_report_is_plain_json_where_the_studio_looks(
    task: str,
    run_dir: RunDir,
    embeddings: Embeddings,
    block_clips: list[Clip],
    labels: dict[str, bool],
) -> None:
    report = evaluate_run(run_dir, "align", embeddings, block_clips, labels, task)
    path = save_report(run_dir, report)
    assert path == run_dir.report_path(task, "align", "test")
    assert json.loads(path.read_text())["n"] == report["n"]


def test_without_labels_figures_are_none_and_say_why(
    run_dir: RunDir, embeddings: Embeddings, block_clips: list[Clip]
) -> None:
    report = evaluate_run(run_dir, "align", embeddings, block_clips, {})
    assert report["n"] == 0 and report["av_roc_auc"] is None
    assert report["av_undefined"] == "no clip has a label."
    searched = evaluate_run(run_dir, "align", embeddings, block_clips, {}, "retrieval")
    assert searched["undefined"] is not None


def test_without_sound_the_reason_is_the_sound_and_not_the_labels(
    run_dir: RunDir, embeddings: Embeddings, block_clips: list[Clip], labels: dict[str, bool]
) -> None:
    embeddings.present["audio"][:] = False
    report = evaluate_run(run_dir, "align", embeddings, block_clips, labels)
    assert report["av_masked"] == report["n"] > 0
    assert report["av_undefined"] == "no labelled clip has both audio and video."
    assert report["al_undefined"] == "no labelled clip has both audio and text."


def test_unknown_tasks_and_splits_list_those_that_exist(
    run_dir: RunDir, embeddings: Embeddings, block_clips: list[Clip]
) -> None:
    with pytest.raises(InputError, match="discovery, retrieval"):
        evaluate_run(run_dir, "align", embeddings, block_clips, {}, "magic")
    with pytest.raises(InputError, match="train, val, test, all"):
        evaluate_run(run_dir, "align", embeddings, block_clips, {}, split="dev")
