"""What a run trains and validates on: chosen from the cache once, then fixed for the run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mc3core.config import EncodersConfig, RunConfig
from mc3core.data.cache import ClipCache
from mc3core.data.clips import Clip
from mc3core.data.dataset import ClipDataset
from mc3core.data.tokenizer import Tokenizer, make_tokenizer
from mc3core.errors import InputError
from mc3core.methods.registry import method_info
from mc3core.progress import ProgressCallback
from mc3core.training.checkpoint import TOKENIZER, load_run_tokenizer
from mc3core.training.provenance import TRAIN_CLIPS, left_out, train_clip_ids, write_config
from mc3core.training.run_dir import RunDir


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Complete clips of the train split and of the validation split."""

    train: ClipDataset
    validation: ClipDataset


DatasetFactory = Callable[
    [Sequence[Clip], ClipCache, EncodersConfig, Tokenizer, float, ProgressCallback], ClipDataset
]
"""How `ClipDataset` is called."""


def open_data(
    config: RunConfig,
    cache_dir: Path,
    run_dir: RunDir,
    progress: ProgressCallback,
    dataset: DatasetFactory = ClipDataset,
) -> TrainingData:
    """Open the cache for a run. A new run writes down its clips, its vocabulary and its
    configuration; a run that goes on takes the clips it began with, whatever came since."""
    cache = ClipCache.open(cache_dir)
    needed = method_info(config.method).modalities
    usable = [clip for clip in cache.clips if set(needed) <= set(clip.modalities)]
    if (run_dir.path / TRAIN_CLIPS).exists():
        train = _same_clips(usable, train_clip_ids(run_dir), run_dir)
        tokenizer = load_run_tokenizer(run_dir, config)
    else:
        split = [clip for clip in cache.clips if clip.split == "train"]
        train = [clip for clip in usable if clip.split == "train"]
        missing = left_out(split, needed)
        if len(train) < 2:
            why = "; ".join(f"{count} left out: {reason}" for reason, count in missing.items())
            raise InputError(
                f"{cache_dir} has {len(train)} clips to train on, and a clip is contrasted with "
                f"others, so two are needed{f' ({why})' if why else ''}. Ingest more videos: whole "
                "videos go into the train, validation or test split."
            )
        tokenizer = make_tokenizer((clip.narration for clip in train), config.encoders.text)
        tokenizer.save(run_dir.path / TOKENIZER)
        write_config(run_dir, config, train, missing)
    validation = [clip for clip in usable if clip.split == "val"]
    memory = config.runtime.cache_gb
    return TrainingData(
        dataset(train, cache, config.encoders, tokenizer, memory, progress),
        dataset(validation, cache, config.encoders, tokenizer, memory, progress),
    )


def _same_clips(usable: Sequence[Clip], clip_ids: Sequence[str], run_dir: RunDir) -> list[Clip]:
    by_id = {clip.clip_id: clip for clip in usable}
    gone = [clip_id for clip_id in clip_ids if clip_id not in by_id]
    if gone:
        raise InputError(
            f"Run {run_dir.run} was trained on {len(gone)} clips that the cache no longer has, "
            f"{gone[0]} for one. Ingest those videos again, or start a new run."
        )
    return [by_id[clip_id] for clip_id in clip_ids]
