"""The end of a stage: losses on the validation split, and scores where people have judged it."""

import csv

import torch
from torch import Tensor

from mc3core.config import RunConfig, StageConfig
from mc3core.data.augment import plain
from mc3core.data.dataset import ClipDataset, rows_of_step, steps_per_epoch
from mc3core.evaluation.discovery import discovery
from mc3core.evaluation.embed import embed_dataset
from mc3core.evaluation.retrieval import retrieval
from mc3core.methods.method import Method
from mc3core.training.device import autocast
from mc3core.training.run_dir import RunDir


@torch.no_grad()
def validation_losses(
    model: Method, data: ClipDataset, config: RunConfig, stage: StageConfig, device: torch.device
) -> dict[str, float | list[float]]:
    """Mean over whole batches of the loss and its parts, without augmentation.

    The batches are the same at every call, and as large as in training, since a contrastive loss
    grows with its batch. Empty with fewer than two clips.
    """
    if len(data) < 2:
        return {}
    model.eval()
    count, sums = steps_per_epoch(len(data), config.batch_size), dict[str, Tensor]()
    for step in range(count):
        rows = rows_of_step(len(data), config.batch_size, 0, step)
        with autocast(device):
            batch = plain(data.batch(rows, model.modalities).to(device))
            output = model.loss(batch, stage, 1.0)
        for name, value in {"loss": output.total, **output.parts, **output.stats}.items():
            sums[name] = sums.get(name, torch.zeros_like(value)) + value
    model.train()
    return {name: (value.float() / count).tolist() for name, value in sums.items()}


def validation_scores(
    model: Method, data: ClipDataset, run_dir: RunDir, device: torch.device
) -> dict[str, float | list[float]]:
    """Discovery and retrieval on those validation clips that `validation_verdicts.csv` judges.

    Only scores; nothing here reaches the training. Empty where there are no verdicts.
    """
    labels = read_verdicts(run_dir)
    clips = [clip for clip in data.clips if clip.clip_id in labels]
    if not clips:
        return {}
    embeddings = embed_dataset(model.towers, data, device, modalities=model.modalities)
    rows = [row for row, clip in enumerate(data.clips) if clip.clip_id in labels]
    vectors = {name: found[rows] for name, found in embeddings.vectors.items()}
    truth = [labels[clip.clip_id] for clip in clips]
    scores: dict[str, float | list[float]] = {"labelled": float(len(clips))}
    for name, other in (("av", "video"), ("al", "text")):
        if not {"audio", other} <= set(model.modalities):
            continue
        report = discovery((vectors["audio"] * vectors[other]).sum(axis=1), truth, bootstrap=0)
        if report.roc_auc is not None and report.average_precision is not None:
            scores[f"{name}_roc_auc"] = report.roc_auc
            scores[f"{name}_average_precision"] = report.average_precision
    found = retrieval(embeddings, data.clips, labels)
    for direction in found.directions:
        if direction.queries:
            scores[f"{direction.name}_recall_at_5"] = direction.any_hit[5]
    return scores


def read_verdicts(run_dir: RunDir) -> dict[str, bool]:
    """`validation_verdicts.csv` (clip_id, label 1 or 0); empty where there is none."""
    if not run_dir.verdicts_path.exists():
        return {}
    with run_dir.verdicts_path.open(newline="", encoding="utf-8") as file:
        return {
            row["clip_id"]: row["label"] == "1"
            for row in csv.DictReader(file)
            if row.get("label") in {"0", "1"}
        }
