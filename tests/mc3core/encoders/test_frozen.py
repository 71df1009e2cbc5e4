"""Frozen encoders are asked once for every clip, and only heads train."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from mc3core.config import EncodersConfig, RunConfig, build_config
from mc3core.data.augment import augment, plain
from mc3core.data.cache import ClipCache
from mc3core.data.clips import Clip, Modality
from mc3core.data.dataset import ClipDataset, Rows
from mc3core.data.tokenizer import make_tokenizer
from mc3core.encoders import frozen
from mc3core.encoders.frozen import FeatureDataset, with_features
from mc3core.encoders.towers import Towers
from mc3core.errors import InputError, RunError
from mc3core.limits import check_weights
from mc3core.progress import Progress

MakeConfig = Callable[..., RunConfig]


@pytest.fixture
def config(make_config: MakeConfig) -> EncodersConfig:
    return replace(make_config().encoders, frozen=True)


@pytest.fixture
def towers(config: EncodersConfig) -> Towers:
    torch.manual_seed(1)
    return Towers(config).train()


@pytest.fixture
def cache(make_blocks: Callable[[int, int], Path]) -> ClipCache:
    """40 clips, of which some lack sound or pictures."""
    return ClipCache.open(make_blocks(8, 5))


def dataset(cache: ClipCache, config: EncodersConfig, clips: list[Clip]) -> ClipDataset:
    tokenizer = make_tokenizer(sorted({clip.narration for clip in cache.clips}), config.text)
    return ClipDataset(clips, cache, config, tokenizer, 1.0)


def whole(cache: ClipCache) -> list[Clip]:
    return [clip for clip in cache.clips if len(clip.modalities) == 3]


def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Fills with what is asked of the encoders, as (tower, clips)."""
    asked, compute = list[tuple[str, int]](), frozen.compute

    def noted(tower: Modality, towers: Towers, data: ClipDataset, rows: Rows) -> Tensor:
        asked.append((tower, len(rows)))
        return compute(tower, towers, data, rows)

    monkeypatch.setattr(frozen, "compute", noted)
    return asked


def test_features_give_the_embeddings_of_the_clips(
    cache: ClipCache, config: EncodersConfig, towers: Towers
) -> None:
    source = dataset(cache, config, whole(cache))
    features = with_features(towers, source)
    assert isinstance(features, FeatureDataset)
    rows = np.array([3, 0, 11])
    batch = features.batch(rows)
    assert batch.clip_ids == source.batch(rows).clip_ids
    assert batch.audio.shape == batch.video.shape == batch.tokens.shape == (3, 16)
    for found, expected in zip(
        towers(plain(batch)), towers(plain(source.batch(rows))), strict=True
    ):
        assert torch.allclose(found, expected, atol=2e-3)


def test_only_heads_train_and_encoders_stay_still(
    cache: ClipCache, config: EncodersConfig, towers: Towers
) -> None:
    source = dataset(cache, config, whole(cache))
    before = {name: value.clone() for name, value in towers.state_dict().items()}
    optimizer = torch.optim.AdamW(towers.parameters(), lr=0.1, fused=True)
    for data in (source, with_features(towers, source)):
        embeddings = towers(plain(data.batch(np.arange(6))))
        torch.stack([rows[0, 0] for rows in embeddings]).sum().backward()
        optimizer.step()
    for name, value in towers.state_dict().items():
        assert torch.equal(value, before[name]) == ("_encoder." in name), name
    trains = {name.split(".")[0] for name, p in towers.named_parameters() if p.requires_grad}
    assert trains == {"audio_head", "video_head", "text_head"}


def test_every_clip_is_computed_once(
    cache: ClipCache, config: EncodersConfig, towers: Towers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, clips = computed(monkeypatch), whole(cache)
    first = with_features(towers, dataset(cache, config, clips[:20]))
    assert asked == [("audio", 20), ("video", 20), ("text", 20)]
    asked.clear()
    again = with_features(towers, dataset(cache, config, clips[10:20]))
    assert asked == []
    assert torch.equal(first.audio(np.arange(10, 20)), again.audio(np.arange(10)))
    more = with_features(towers, dataset(cache, config, clips[:23]))
    assert asked == [("audio", 3), ("video", 3), ("text", 3)]
    assert torch.equal(first.video(np.arange(20)), more.video(np.arange(20)))


def test_other_weights_have_features_of_their_own(
    cache: ClipCache, config: EncodersConfig, towers: Towers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, data = computed(monkeypatch), dataset(cache, config, whole(cache)[:5])
    with_features(towers, data)
    asked.clear()
    with torch.no_grad():
        next(towers.video_encoder.parameters()).add_(1e-3)
    with_features(towers, data)
    assert asked == [("video", 5)]


def test_what_was_computed_before_a_stop_stays(
    cache: ClipCache, config: EncodersConfig, towers: Towers, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = dataset(cache, config, whole(cache)[:12])
    monkeypatch.setattr(frozen, "PART", 4)

    def stop(progress: Progress) -> None:
        if (progress.done, progress.detail) == (8, "video"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        with_features(towers, data, stop)
    asked = computed(monkeypatch)
    with_features(towers, data)
    assert asked == [("video", 4), *[("text", 4)] * 3]


def test_a_damaged_part_is_computed_again(
    cache: ClipCache, config: EncodersConfig, towers: Towers, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = dataset(cache, config, whole(cache)[:5])
    first = with_features(towers, data).audio(np.arange(5))
    (part,) = (cache.cache_dir / "features").glob("audio-*/*.safetensors")
    part.write_bytes(part.read_bytes()[:50])
    asked = computed(monkeypatch)
    assert torch.equal(with_features(towers, data).audio(np.arange(5)), first)
    assert asked == [("audio", 5)]


def test_a_clip_without_sound_or_pictures_has_a_row_of_zeros(
    cache: ClipCache, config: EncodersConfig, towers: Towers
) -> None:
    data = with_features(towers, dataset(cache, config, cache.clips))
    for row, clip in enumerate(cache.clips):
        where = np.array([row])
        assert bool(data.audio(where).any()) == ("audio" in clip.modalities)
        assert bool(data.video(where).any()) == ("video" in clip.modalities)


def test_an_encoder_without_numbers_is_named(
    cache: ClipCache, config: EncodersConfig, towers: Towers
) -> None:
    with torch.no_grad():
        next(towers.audio_encoder.parameters()).fill_(float("nan"))
    with pytest.raises(RunError, match=r"frozen audio encoder .*encoders\.audio\.weights"):
        with_features(towers, dataset(cache, config, whole(cache)[:2]))


def test_encoders_that_train_are_left_alone(cache: ClipCache, make_config: MakeConfig) -> None:
    config = make_config().encoders
    data = dataset(cache, config, whole(cache)[:2])
    assert with_features(Towers(config), data) is data


def test_the_size_has_frozen_encoders_as_large_as_the_papers() -> None:
    size, paper = (build_config("mc3", "paper", name) for name in ("frozen", "paper"))
    assert size.encoders == replace(paper.encoders, frozen=True)
    with pytest.raises(InputError, match=r"encoders\.frozen needs encoders\.audio\.weights"):
        check_weights(size.encoders)


def test_what_is_computed_once_cannot_be_augmented(cache: ClipCache, towers: Towers) -> None:
    with pytest.raises(InputError, match=r"set augment\.crop=1, augment\.mask_bands=0"):
        build_config("mc3", "paper", "frozen", {"augment.crop": ".7", "augment.mask_bands": "3"})
    data = with_features(towers, dataset(cache, towers.config, whole(cache)[:4]))
    batch = data.batch(np.arange(4))
    moved = augment(batch, build_config("mc3", "paper", "frozen").augment, 0, 0)
    assert torch.equal(moved.video, batch.video) and torch.equal(moved.audio, batch.audio)
