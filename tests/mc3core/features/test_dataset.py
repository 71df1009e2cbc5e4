"""Batches are functions of seed and step, and hold what the cache holds."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mc3core.config import AugmentConfig, RunConfig
from mc3core.data.augment import augment, plain
from mc3core.data.cache import ClipCache
from mc3core.data.dataset import ClipDataset, rows_of_step, steps_per_epoch
from mc3core.data.tokenizer import make_tokenizer
from mc3core.types import Batch

NOTHING = AugmentConfig(
    crop=1.0, flip=False, colour=0.0, shift_bands=0, shift_frames=0, mask_bands=0, mask_frames=0
)
EVERYTHING = AugmentConfig(
    crop=0.6, flip=True, colour=0.3, shift_bands=3, shift_frames=9, mask_bands=20, mask_frames=40
)


@pytest.fixture
def dataset(blocks: Path, make_config: Callable[..., RunConfig]) -> ClipDataset:
    return open_dataset(blocks, make_config(), cache_gb=1.0)


def open_dataset(blocks: Path, config: RunConfig, cache_gb: float) -> ClipDataset:
    cache = ClipCache.open(blocks)
    whole = [clip for clip in cache.clips if len(clip.modalities) == 3][:20]
    tokenizer = make_tokenizer([clip.narration for clip in whole], config.encoders.text)
    return ClipDataset(whole, cache, config.encoders, tokenizer, cache_gb)


@pytest.fixture
def batch(dataset: ClipDataset) -> Batch:
    return dataset.batch(np.arange(5))


@pytest.mark.parametrize(("clips", "size"), [(100, 10), (103, 10), (10, 10)])
def test_an_epoch_shows_every_clip_at_most_once_and_all_but_a_remainder(
    clips: int, size: int
) -> None:
    steps = steps_per_epoch(clips, size)
    rows = np.concatenate([rows_of_step(clips, size, 7, step) for step in range(steps)])
    assert len(rows) == clips - clips % size
    assert len(set(rows.tolist())) == len(rows)


def test_fewer_clips_than_a_batch_are_one_smaller_batch() -> None:
    assert steps_per_epoch(5, 64) == 1
    assert sorted(rows_of_step(5, 64, 0, 3).tolist()) == [0, 1, 2, 3, 4]


def test_another_epoch_and_another_seed_give_another_order() -> None:
    first = rows_of_step(100, 100, 0, 0)
    assert np.array_equal(first, rows_of_step(100, 100, 0, 0))
    assert not np.array_equal(first, rows_of_step(100, 100, 0, 1))
    assert not np.array_equal(first, rows_of_step(100, 100, 1, 0))


def test_a_batch_holds_the_pictures_and_sound_of_its_clips(
    blocks: Path, dataset: ClipDataset, batch: Batch
) -> None:
    cache = ClipCache.open(blocks)
    assert batch.video.shape == (5, 6, 3, 64, 64)
    assert batch.audio.shape == (5, 144, 64)
    for row, clip in enumerate(dataset.clips[:5]):
        assert batch.clip_ids[row] == clip.clip_id
        pictures = torch.from_numpy(cache.frames(clip, 6)).permute(0, 3, 1, 2)
        assert torch.equal(batch.video[row], pictures)


def test_keeping_spectrograms_in_memory_changes_no_number(
    blocks: Path, make_config: Callable[..., RunConfig], batch: Batch
) -> None:
    again = open_dataset(blocks, make_config(), cache_gb=0.0).batch(np.arange(5))
    assert torch.equal(again.audio, batch.audio)


def test_augmentation_is_a_function_of_seed_and_step(batch: Batch) -> None:
    one, same = augment(batch, EVERYTHING, 1, 5), augment(batch, EVERYTHING, 1, 5)
    assert torch.equal(one.video, same.video) and torch.equal(one.audio, same.audio)
    for seed, step in ((1, 6), (2, 5)):
        other = augment(batch, EVERYTHING, seed, step)
        assert not torch.equal(one.video, other.video)
        assert not torch.equal(one.audio, other.audio)


def test_augmentation_set_to_nothing_changes_nothing(batch: Batch) -> None:
    found = augment(batch, NOTHING, 0, 0)
    assert torch.equal(found.video, plain(batch).video)
    assert torch.equal(found.audio, batch.audio)


def test_augmentation_treats_all_frames_of_a_clip_alike_and_stays_in_range(batch: Batch) -> None:
    still = replace(batch, audio=batch.audio, video=batch.video[:, :1].repeat(1, 6, 1, 1, 1))
    video = augment(still, EVERYTHING, 0, 0).video
    assert torch.allclose(video, video[:, :1].expand_as(video))
    assert video.min() >= 0 and video.max() <= 1


def test_specaugment_hides_one_band_and_one_stretch_at_most_as_wide_as_asked(batch: Batch) -> None:
    ones = replace(batch, audio=torch.ones_like(batch.audio), video=batch.video)
    hidden = augment(ones, EVERYTHING, 3, 3).audio == 0
    bands, frames = hidden.all(dim=1).sum(dim=1), hidden.all(dim=2).sum(dim=1)
    assert 0 < bands.max() <= 21 and 0 < frames.max() <= 41
    whole = hidden.all(dim=1)[:, None, :] | hidden.all(dim=2)[:, :, None]
    assert torch.equal(hidden, whole)


def test_a_shift_moves_a_whole_spectrogram_by_at_most_what_is_asked(batch: Batch) -> None:
    ramp = torch.arange(144.0)[:, None] + 1000 * torch.arange(64.0)[None]
    known = replace(batch, audio=ramp.expand(5, 144, 64).clone(), video=batch.video)
    shifts = replace(NOTHING, shift_bands=3, shift_frames=9)
    moved = augment(known, shifts, 0, 0).audio[:, 20:40, 20:40] - ramp[20:40, 20:40]
    assert torch.equal(moved, moved[:, :1, :1].expand_as(moved))  # one shift for a whole clip
    bands, frames = (moved[:, 0, 0] / 1000).round(), moved[:, 0, 0] % 1000
    assert bands.abs().max() <= 3 and len(set(moved[:, 0, 0].tolist())) > 1
    assert ((frames <= 9) | (frames >= 991)).all()
