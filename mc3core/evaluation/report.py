"""Reports of a run on labelled clips: JSON with every figure's n, interval and caveat."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mc3core.data.clips import SPLITS, Clip, Modality
from mc3core.embeddings import Embeddings
from mc3core.errors import InputError
from mc3core.evaluation.discovery import DiscoveryReport, discovery
from mc3core.evaluation.retrieval import retrieval
from mc3core.training.provenance import read_provenance, train_clip_ids
from mc3core.training.run_dir import RunDir, write_json

Task = Literal["discovery", "retrieval"]

TASKS: tuple[Task, ...] = ("discovery", "retrieval")
EVERY_CLIP = "all"
SCORES: tuple[tuple[str, Modality], ...] = (("av", "video"), ("al", "text"))


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
    bootstrap: int = 1000,
    seed: int = 0,
) -> dict[str, Any]:
    """Score a stage of a run against labels by clip id; `split` "all" takes every labelled clip.

    Whatever the task, the report says how many clips counted (`positives`, `negatives`), how many
    were left out because nobody decided (`unclear`) or a modality is absent (`masked`), how many of
    them the run was trained on, and which of their sources its training never saw.
    """
    if task not in TASKS:
        raise InputError(f"There is no task {task!r}; there is {', '.join(TASKS)}.")
    if split not in (*SPLITS, EVERY_CLIP):
        raise InputError(
            f"There is no split {split!r}; there is {', '.join(SPLITS)}, {EVERY_CLIP}."
        )
    embedded = set(embeddings.clip_ids)
    judged = [
        clip
        for clip in clips
        if clip.clip_id in labels and split in (clip.split, EVERY_CLIP) and clip.clip_id in embedded
    ]
    positives = sum(labels[clip.clip_id] for clip in judged)
    trained = set(train_clip_ids(run_dir))
    seen = set(read_provenance(run_dir).get("sources", ()))
    report: dict[str, Any] = {
        "task": task,
        "run": run_dir.run,
        "stage": stage,
        "split": split,
        "seed": seed,
        "n": len(judged),
        "positives": positives,
        "negatives": len(judged) - positives,
        "unclear": unclear,
        "trained_on": sum(clip.clip_id in trained for clip in judged),
        "sources": sorted({clip.source for clip in judged}),
        "unseen_sources": sorted({clip.source for clip in judged} - seen),
    }
    if task == "discovery":
        return report | _discovery(embeddings, judged, labels, bootstrap, seed)
    return report | asdict(retrieval(embeddings, judged, labels, seed))


def save_report(run_dir: RunDir, report: Mapping[str, Any]) -> Path:
    """Write a report where the studio looks for it, and say where."""
    path = run_dir.report_path(report["task"], report["stage"], report["split"])
    write_json(path, report)
    return path


def _discovery(
    embeddings: Embeddings,
    judged: Sequence[Clip],
    labels: Mapping[str, bool],
    bootstrap: int,
    seed: int,
) -> dict[str, Any]:
    """Cosine(A, V) and cosine(A, L) against the labels. `clips` holds columns of equal length."""
    row_of = {clip_id: row for row, clip_id in enumerate(embeddings.clip_ids)}
    rows = np.array([row_of[clip.clip_id] for clip in judged], np.int64)
    truth = np.array([labels[clip.clip_id] for clip in judged], bool)
    found: dict[str, Any] = {"curves": {}}
    table: dict[str, Any] = {
        "clip_id": [clip.clip_id for clip in judged],
        "label": truth.tolist(),
    }
    audio, has_audio = embeddings.space("audio")
    for name, modality in SCORES:
        other, has_other = embeddings.space(modality)
        there = (has_audio & has_other)[rows]
        scores = np.einsum("nd,nd->n", audio[rows], other[rows], dtype=np.float64)
        result = discovery(scores[there], truth[there], bootstrap, seed)
        found |= _figures(name, result) | {f"{name}_masked": int((~there).sum())}
        if len(there) and not there.any():
            found[f"{name}_undefined"] = f"no labelled clip has both audio and {modality}."
        found["curves"][name] = {
            "roc": asdict(result.roc) if result.roc else None,
            "pr": asdict(result.pr) if result.pr else None,
        }
        table[name] = [
            round(float(score), 6) if real else None
            for score, real in zip(scores, there, strict=True)
        ]
    return found | {"masked": found["av_masked"], "clips": table}


def _figures(name: str, result: DiscoveryReport) -> dict[str, Any]:
    n = result.positives + result.negatives
    return {
        f"{name}_roc_auc": result.roc_auc,
        f"{name}_roc_auc_ci": result.roc_auc_ci,
        f"{name}_average_precision": result.average_precision,
        f"{name}_average_precision_ci": result.average_precision_ci,
        f"{name}_pr_trapezoid": result.pr_trapezoid,
        f"{name}_chance_average_precision": result.positives / n if n else None,
        f"{name}_positives": result.positives,
        f"{name}_negatives": result.negatives,
        f"{name}_undefined": result.undefined,
    }
