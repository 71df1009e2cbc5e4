"""One cell of a table: trained where it is not trained yet, then embedded. For a worker process."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from mc3core.config import EncodersConfig
from mc3core.data.cache import ClipCache
from mc3core.data.clips import Clip, Split
from mc3core.data.dataset import ClipDataset
from mc3core.data.tokenizer import Tokenizer
from mc3core.embeddings import Array, Embeddings, load_embeddings, save_embeddings
from mc3core.errors import RunError
from mc3core.evaluation.embed import embed_dataset
from mc3core.methods.registry import method_info
from mc3core.progress import ProgressCallback, silent
from mc3core.reproduce.plan import ALIGN, BY_KEY, Budget, Cell, align_of, cell_config
from mc3core.reproduce.worlds import make_world, world_dir
from mc3core.training.checkpoint import begin_from, load_run_tokenizer, load_towers
from mc3core.training.device import limited_threads, pick_device
from mc3core.training.run_dir import RunDir
from mc3core.training.trainer import fit

BLOCK = 256  # narrations encoded at once
MOST_DATASETS = 3  # the training, validation and test clips of one seed
_datasets: dict[tuple[Path, tuple[str, ...], EncodersConfig, str], ClipDataset] = {}


def align_cell(cell: Cell) -> Cell:
    """The align stage that a cell begins with."""
    return align_of(cell.seed, cell.variant, cell.longer)


def run_of(workspace: Path, cell: Cell) -> RunDir:
    return RunDir(workspace / "runs" / f"{cell.variant}-{cell.seed}" / cell.training)


def is_trained(workspace: Path, cell: Cell) -> bool:
    run = run_of(workspace, cell)
    return run.config_path.exists() and run.status().state == "finished"


def train(workspace: Path, cell: Cell, budget: Budget, progress: ProgressCallback = silent) -> None:
    """Train a cell, from the shared align stage where its row has one; or that stage itself.

    A run that was killed goes on from its last checkpoint. RunError where it does not finish.
    """
    if is_trained(workspace, cell):
        return
    cache = make_world(workspace, cell.seed, cell.variant, budget, progress)
    config, run = cell_config(cell, budget), run_of(workspace, cell)
    if cell.row == ALIGN.key:
        config = replace(config, stages=config.stages[:1])
    elif BY_KEY[cell.row].align:
        train(workspace, align_cell(cell), budget, progress)
        begin_from(run, run_of(workspace, align_cell(cell)), "align")
    status = fit(config, cache, run, progress, _kept)
    if status.state != "finished":
        raise RunError(f"{run.path} ended as {status.state}: run the command again to go on.")


def embedded(workspace: Path, cell: Cell, split: Split) -> Embeddings:
    """Embeddings of one split by a trained cell, made where they are missing."""
    run = run_of(workspace, cell)
    stage = run.stages()[-1]
    folder = run.stage(stage) / split
    if not (folder / "embeddings.safetensors").exists():
        config = cell_config(cell, Budget())  # only what does not depend on the budget is read
        cache = ClipCache.open(world_dir(workspace, cell.seed, cell.variant))
        clips = [clip for clip in cache.clips if clip.split == split]
        tokenizer = load_run_tokenizer(run, config)
        device = pick_device(config.runtime)
        with limited_threads(1), torch.no_grad():
            data = _kept(clips, cache, config.encoders, tokenizer, 4.0, silent)
            found = embed_dataset(
                load_towers(run, stage).to(device), data, device,
                modalities=method_info(config.method).modalities,
            )  # fmt: skip
        save_embeddings(found, folder)
    return load_embeddings(folder)


def narrations(workspace: Path, cell: Cell) -> Array:
    """Text embeddings (N, D) of the training clips of a trained cell, for the narration bridge."""
    run = run_of(workspace, cell)
    towers = load_towers(run)
    tokenizer = load_run_tokenizer(run, cell_config(cell, Budget()))
    cache = ClipCache.open(world_dir(workspace, cell.seed, cell.variant))
    texts = [clip.narration for clip in cache.clips if clip.split == "train"]
    distinct = sorted(set(texts))
    with limited_threads(1), torch.no_grad():
        rows = [
            towers.text(*tokenizer(distinct[first : first + BLOCK])).numpy()
            for first in range(0, len(distinct), BLOCK)
        ]
    place = {text: number for number, text in enumerate(distinct)}
    return np.concatenate(rows)[[place[text] for text in texts]]


def _kept(
    clips: Sequence[Clip],
    cache: ClipCache,
    encoders: EncodersConfig,
    tokenizer: Tokenizer,
    cache_gb: float,
    progress: ProgressCallback,
) -> ClipDataset:
    """The dataset that this process made before for the same clips, so that all rows of a seed
    share their spectrograms; else a new one."""
    ids = tuple(clip.clip_id for clip in clips)
    key = (cache.cache_dir, ids, encoders, tokenizer.text())
    if key not in _datasets:
        while len(_datasets) >= MOST_DATASETS:
            del _datasets[next(iter(_datasets))]
        _datasets[key] = ClipDataset(clips, cache, encoders, tokenizer, cache_gb, progress)
    return _datasets[key]
