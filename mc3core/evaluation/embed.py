"""Unit embeddings of every clip, from a trained run."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mc3core.data.augment import pictures
from mc3core.data.cache import ClipCache
from mc3core.data.clips import MANIFEST_NAME, MODALITIES, Modality, read_manifest
from mc3core.data.dataset import ClipDataset, Rows
from mc3core.embeddings import Array, Embeddings, Mask, save_embeddings, without
from mc3core.encoders.frozen import with_features
from mc3core.encoders.towers import Towers
from mc3core.methods.registry import method_info
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.training.checkpoint import load_run_tokenizer, load_towers
from mc3core.training.device import autocast, limited_threads, memory_explained, pick_device
from mc3core.training.provenance import read_config
from mc3core.training.run_dir import RunDir

BATCH = 64


def embed(
    run_dir: RunDir, stage: str, cache_dir: Path, progress: ProgressCallback = silent
) -> Embeddings:
    """Embed every clip of the manifest with a stage's checkpoint and save the result in the run.

    A clip that lacks a modality has a masked row there (`Embeddings.present`).
    """
    config = read_config(run_dir)
    device = pick_device(config.runtime)
    with limited_threads(config.runtime.threads), memory_explained():
        towers = load_towers(run_dir, stage).to(device)
        cache, tokenizer = ClipCache.open(cache_dir), load_run_tokenizer(run_dir, config)
        # Every clip is read once: nothing is gained by keeping spectrograms.
        data = ClipDataset(cache.clips, cache, config.encoders, tokenizer, 0.0, progress)
        data = with_features(towers, data, progress)
        modalities = method_info(config.method).modalities
        embeddings = embed_dataset(towers, data, device, progress, modalities)
    # A video may have been withdrawn meanwhile: nothing of it is written down.
    listed = {clip.clip_id for clip in read_manifest(cache_dir / MANIFEST_NAME)}
    embeddings = without(embeddings, set(embeddings.clip_ids) - listed)
    save_embeddings(embeddings, run_dir.stage(stage))
    return embeddings


@torch.no_grad()
def embed_dataset(
    towers: Towers,
    data: ClipDataset,
    device: torch.device,
    progress: ProgressCallback = silent,
    modalities: Sequence[Modality] = MODALITIES,
) -> Embeddings:
    """Unit rows of every clip and modality; the towers' training mode is left as it was found.

    A modality that is not in `modalities` is masked for every clip: nobody trained its tower.
    """
    towers_were_training = towers.training
    towers.eval()
    encode: dict[Modality, Callable[[Rows], Tensor]] = {
        "audio": lambda rows: towers.audio(data.audio(rows).to(device)),
        "video": lambda rows: towers.video(pictures(data.video(rows).to(device))),
        "text": lambda rows: towers.text(*(part.to(device) for part in data.text(rows))),
    }
    vectors: dict[str, Array] = {}
    present: dict[str, Mask] = {}
    done, total = 0, len(MODALITIES) * len(data)
    for name in MODALITIES:
        trained = name in modalities
        there = np.array([trained and name in clip.modalities for clip in data.clips], dtype=bool)
        rows = np.zeros((len(data), towers.config.dimension), dtype=np.float32)
        for start in range(0, len(data), BATCH):
            chosen = start + np.flatnonzero(there[start : start + BATCH])
            if len(chosen):
                with autocast(device):
                    rows[chosen] = encode[name](chosen).float().cpu().numpy()
            done += min(BATCH, len(data) - start)
            progress(Progress("embed", done, total, name))
        vectors[name], present[name] = rows, there
    towers.train(towers_were_training)
    return Embeddings(tuple(clip.clip_id for clip in data.clips), vectors, present)
