"""The figures of one cell: discovery by region with its controls, and retrieval."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mc3core.data.cache import ClipCache
from mc3core.data.clips import Split
from mc3core.embeddings import Embeddings
from mc3core.evaluation.discovery import discovery
from mc3core.evaluation.retrieval import retrieval
from mc3core.reproduce.cells import embedded
from mc3core.reproduce.plan import Budget, Cell
from mc3core.reproduce.worlds import clips_of, truth, world_dir

Floats = NDArray[np.float64]
REGIONS = ("II", "III", "III_other", "IV", "mistimed")


def scored(workspace: Path, cell: Cell, budget: Budget) -> dict[str, Any]:
    """Figures of a trained cell on its split, by name; a modality it never read has none."""
    split: Split = "test" if cell.split == "test" else "val"
    embeddings = embedded(workspace, cell, split)
    cache = ClipCache.open(world_dir(workspace, cell.seed, cell.variant))
    by_id = {clip.clip_id: clip for clip in cache.clips}
    clips = [by_id[clip_id] for clip_id in embeddings.clip_ids]
    known = truth(cell.seed, cell.variant, split, clips_of(budget)[split])
    segments = [known[clip.video_uid, clip.annotation_uid] for clip in clips]
    labels = np.array([segment.label == 1 for segment in segments], bool)
    regions = np.array([segment.region for segment in segments])
    found: dict[str, Any] = {"n": len(labels), "positives": int(labels.sum())}
    for name, other in (("av", "video"), ("al", "text")):
        if embeddings.present["audio"].any() and embeddings.present[other].any():
            found |= _discovery(name, embeddings, other, labels, regions)
    report = retrieval(embeddings, clips, dict(zip(embeddings.clip_ids, labels, strict=True)))
    for direction in report.directions:
        if direction.queries:
            for cutoff, value in direction.any_hit.items():
                found[f"{direction.name}_recall_at_{cutoff}"] = value
            found[f"{direction.name}_chance_at_5"] = direction.chance_any_hit[5]
    return found


def _discovery(
    name: str,
    embeddings: Embeddings,
    other: str,
    labels: NDArray[np.bool_],
    regions: NDArray[np.str_],
) -> dict[str, Any]:
    audio, rows = (embeddings.vectors[m].astype(np.float64) for m in ("audio", other))
    scores: Floats = (audio * rows).sum(axis=1)
    report = discovery(scores, labels, bootstrap=0)
    found: dict[str, Any] = {
        f"{name}_roc_auc": report.roc_auc,
        f"{name}_average_precision": report.average_precision,
        f"{name}_pr_trapezoid": report.pr_trapezoid,
    }
    for region in REGIONS:
        chosen = labels | (regions == region)
        found[f"{name}_roc_auc_{region}"] = _area(scores[chosen], labels[chosen])
    if name == "av":
        mixed = np.roll(np.random.default_rng(0).permutation(len(rows)), 1)
        derangement = np.empty_like(mixed)
        derangement[np.roll(mixed, 1)] = mixed  # a cycle: nobody keeps the own video
        found["av_swapped_video"] = _area((audio * rows[derangement]).sum(axis=1), labels)
        own_mean = audio @ rows.mean(axis=0)
        found["av_minus_audio_mean"] = _area(scores - own_mean, labels)
        found["audio_mean_alone"] = _area(own_mean, labels)
    return found


def _area(scores: Floats, labels: NDArray[np.bool_]) -> float | None:
    return discovery(scores, labels, bootstrap=0).roc_auc
