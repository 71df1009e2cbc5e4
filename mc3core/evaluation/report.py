"""Reports of a run on labelled clips: JSON with every figure's n, interval and caveat."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mc3core.data.clips import SPLITS, Clip
from mc3core.embeddings import Embeddings
from mc3core.errors import InputError
from mc3core.evaluation.columns import Column, column_figures, cosines, rounded
from mc3core.evaluation.retrieval import retrieval
from mc3core.evaluation.scores import Scores
from mc3core.training.provenance import read_provenance, train_clip_ids
from mc3core.training.run_dir import RunDir, write_json

Task = Literal["discovery", "retrieval"]

TASKS: tuple[Task, ...] = ("discovery", "retrieval")
EVERY_CLIP = "all"
NO_REGIONS: Mapping[str, str] = {}


def evaluate_run(
    run_dir: RunDir,
    stage: str,
    embeddings: Embeddings,
    clips: Sequence[Clip],
    labels: Mapping[str, bool],
    task: str = "discovery",
    split: str = "test",
    *,
    unclear: int = 0,
    regions: Mapping[str, str] = NO_REGIONS,
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, Any]:
    """Score a stage of a run against labels by clip id; `split` "all" takes every labelled clip.

    Whatever the task, the report says how many clips counted (`positives`, `negatives`), how many
    were left out because nobody decided (`unclear`) or a modality is absent (`masked`), how many of
    them the run was trained on, and which of their sources its training never saw. `regions` by
    clip id add figures by region; embeddings with a `bridge` space add its column and direction.
    """
    if task not in TASKS:
        raise InputError(f"There is no task {task!r}; there is {', '.join(TASKS)}.")
    judged = judged_clips(embeddings.clip_ids, clips, labels, split)
    trained = set(train_clip_ids(run_dir))
    seen = set(read_provenance(run_dir).get("sources", ()))
    report = {
        "task": task,
        "run": run_dir.run,
        "stage": stage,
        **_counted(judged, labels, split, unclear, seed),
        "trained_on": sum(clip.clip_id in trained for clip in judged),
        "sources": sorted({clip.source for clip in judged}),
        "unseen_sources": sorted({clip.source for clip in judged} - seen),
    }
    if task == "retrieval":
        return report | asdict(retrieval(embeddings, judged, labels, seed))
    columns = cosines(embeddings, [clip.clip_id for clip in judged])
    found = _discovery(
        {f"{name}_": c for name, c in columns.items()}, judged, labels, regions, bootstrap, seed
    )
    return report | found | {"masked": found["av_masked"]}


def evaluate_scores(
    scores: Scores,
    clips: Sequence[Clip],
    labels: Mapping[str, bool],
    split: str = "test",
    *,
    unclear: int = 0,
    regions: Mapping[str, str] = NO_REGIONS,
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, Any]:
    """Judge any other model's scores with the figures of discovery, on the clips a run would be.

    `masked` labelled clips lack sound or picture, as for a run; `missing` others have no usable
    score; both are left out of every figure, which `scored_positives` and `scored_negatives` count.
    Of the file's rows `unmatched_scores`, `non_finite`, `duplicates` were left out (see `Scores`).
    """
    judged = judged_clips([clip.clip_id for clip in clips], clips, labels, split)
    given = [scores.of.get(clip.clip_id, 0.0) for clip in judged]
    scored = np.array([clip.clip_id in scores.of for clip in judged], bool)
    whole = np.array([{"audio", "video"} <= set(clip.modalities) for clip in judged], bool)
    column = Column(np.array(given, np.float64), scored & whole, "a score, audio and video")
    found = _discovery({"": column}, judged, labels, regions, bootstrap, seed)
    positives, negatives = found.pop("positives"), found.pop("negatives")
    return {
        "task": "discovery",
        **_counted(judged, labels, split, unclear, seed),
        "missing": int((whole & ~scored).sum()),
        "unmatched_scores": scores.unmatched,
        "non_finite": scores.non_finite,
        "duplicates": scores.duplicates,
        **found,
        "scored_positives": positives,
        "scored_negatives": negatives,
    }


def judged_clips(
    known: Sequence[str], clips: Sequence[Clip], labels: Mapping[str, bool], split: str
) -> list[Clip]:
    """Labelled clips of a split, "all" for every split, among the `known` ids. InputError lists
    the splits."""
    if split not in (*SPLITS, EVERY_CLIP):
        raise InputError(
            f"There is no split {split!r}; there is {', '.join(SPLITS)}, {EVERY_CLIP}."
        )
    there = set(known)
    return [
        clip
        for clip in clips
        if clip.clip_id in labels and split in (clip.split, EVERY_CLIP) and clip.clip_id in there
    ]


def save_report(run_dir: RunDir, report: Mapping[str, Any]) -> Path:
    """Write a report where the studio looks for it, and say where."""
    path = run_dir.report_path(report["task"], report["stage"], report["split"])
    write_json(path, report)
    return path


def _counted(
    judged: Sequence[Clip], labels: Mapping[str, bool], split: str, unclear: int, seed: int
) -> dict[str, Any]:
    positives = sum(labels[clip.clip_id] for clip in judged)
    return {
        "split": split,
        "seed": seed,
        "n": len(judged),
        "positives": positives,
        "negatives": len(judged) - positives,
        "unclear": unclear,
    }


def _discovery(
    columns: Mapping[str, Column],
    judged: Sequence[Clip],
    labels: Mapping[str, bool],
    regions: Mapping[str, str],
    bootstrap: int,
    seed: int,
) -> dict[str, Any]:
    """Every column's figures, by prefix, then `curves` and `clips`: a table by column, all of
    equal length."""
    truth = np.array([labels[clip.clip_id] for clip in judged], bool)
    where = [regions.get(clip.clip_id) for clip in judged]
    found: dict[str, Any] = {"curves": {}}
    table: dict[str, Any] = {
        "clip_id": [clip.clip_id for clip in judged],
        "label": truth.tolist(),
    }
    for prefix, column in columns.items():
        name = prefix.rstrip("_") or "score"
        figures, curves = column_figures(prefix, column, truth, where, bootstrap, seed)
        found |= figures
        found["curves"][name] = curves
        table[name] = rounded(column)
    return found | {"clips": table}
