"""The figures of one cell: discovery by region with its controls, and retrieval."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mc3core.data.cache import ClipCache
from mc3core.data.clips import Split
from mc3core.embeddings import Embeddings
from mc3core.evaluation.bridge import SPACE, bridged
from mc3core.evaluation.controls import minus_audio_mean, swapped_video
from mc3core.evaluation.discovery import discovery
from mc3core.evaluation.regions import by_region
from mc3core.evaluation.retrieval import Direction, retrieval
from mc3core.reproduce.cells import embedded, narrations
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
    if embeddings.present["video"].any() and embeddings.present["text"].any():
        bridge = bridged(embeddings.vectors["video"], narrations(workspace, cell))
        embeddings = replace(
            embeddings,
            vectors=embeddings.vectors | {SPACE: bridge},
            present=embeddings.present | {SPACE: embeddings.present["video"]},
        )
        if embeddings.present["audio"].any():
            score = (embeddings.vectors["audio"] * bridge).sum(axis=1)
            found["bridge_roc_auc"] = _area(score.astype(np.float64), labels)
    sounding = dict(zip(embeddings.clip_ids, labels.tolist(), strict=True))
    for direction in retrieval(embeddings, clips, sounding).directions:
        found |= _retrieval(direction)
    return found


def _retrieval(direction: Direction) -> dict[str, Any]:
    """Recall at 1, 5 and 10 (any hit), the other readings of Recall@5, the median rank, chance."""
    name = direction.name
    if not direction.queries:
        return {}
    found: dict[str, Any] = {f"{name}_median_rank": direction.median_rank}
    for cutoff, value in direction.any_hit.items():
        found[f"{name}_recall_at_{cutoff}"] = value
        found[f"{name}_chance_at_{cutoff}"] = direction.chance_any_hit[cutoff]
    found[f"{name}_hits_of_reachable_at_5"] = direction.hits_of_reachable[5]
    found[f"{name}_hits_of_relevant_at_5"] = direction.hits_of_relevant[5]
    found[f"{name}_mean_hits_at_5"] = direction.mean_hits[5]
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
    by = by_region(scores, labels, regions.tolist())
    found |= {f"{name}_roc_auc_{region}": by.get(region) for region in REGIONS}
    if name == "av":
        sound, video = embeddings.vectors["audio"], embeddings.vectors["video"]
        found["av_swapped_video"] = _area(swapped_video(sound, video), labels)
        found["av_minus_audio_mean"] = _area(minus_audio_mean(sound, video), labels)
    return found


def _area(scores: Floats, labels: NDArray[np.bool_]) -> float | None:
    return discovery(scores, labels, bootstrap=0).roc_auc
