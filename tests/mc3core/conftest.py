"""A small world anyone can learn: coloured squares that move, with a tone that tells both.

The colour sets the pitch, the motion sets the envelope, the narration names both. Clips whose verb
is "holds" are silent in truth: their tone is that of another colour.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mc3core.config import RunConfig, build_config
from mc3core.data.cache import CacheInfo, CacheWriter, ClipCache
from mc3core.data.clips import Clip, Modality, clip_id_for, split_for

COLOURS = {"red": (220, 40, 40), "green": (40, 200, 60), "blue": (40, 60, 230)}
VERBS = {"slides": (3, 0), "drops": (0, 3), "holds": (0, 0)}
SIDE, FRAMES, SAMPLES, RATE_HZ = 64, 6, 24_000, 16_000

Example = tuple[Clip, NDArray[np.uint8], NDArray[np.int16]]

# Small enough that a step takes 20 ms, and still every part of the real model.
SMALL = {
    "batch_size": "12",
    "encoders.dimension": "16",
    "encoders.audio.width": "16",
    "encoders.audio.layers": "1",
    "encoders.video.width": "16",
    "encoders.video.layers": "1",
    "encoders.text.width": "16",
    "encoders.text.vocabulary": "256",
    "stages.align.steps": "9",
    "stages.refine.steps": "5",
}


def example(
    draw: np.random.Generator, video: int, number: int, modalities: tuple[Modality, ...]
) -> Example:
    """One clip with pictures and sound; a modality that is not named is empty."""
    colour, verb = (str(draw.choice(list(names))) for names in (COLOURS, VERBS))
    frames = np.full((FRAMES, SIDE, SIDE, 3), 90, np.uint8)
    left, top = draw.integers(8, 28, 2)
    for t in range(FRAMES):
        x, y = left + VERBS[verb][0] * t, top + VERBS[verb][1] * t
        frames[t, y : y + 18, x : x + 18] = COLOURS[colour]
    others = [name for name in COLOURS if name != colour]
    heard = str(draw.choice(others)) if verb == "holds" else colour
    time = np.arange(SAMPLES) / RATE_HZ
    envelope = np.exp(-6 * (time % 0.5)) if verb == "drops" else np.ones(SAMPLES)
    tone = np.sin(2 * np.pi * 300 * 3 ** list(COLOURS).index(heard) * time) * envelope
    sound = 0.3 * tone + draw.normal(0, 0.01, SAMPLES)
    video_uid, annotation_uid = f"video-{video}", f"note-{video}-{number}"
    text = f"#C C {verb} the {colour} block"
    clip = Clip(
        clip_id=clip_id_for(video_uid, annotation_uid, "pass", number, text),
        video_uid=video_uid,
        annotation_uid=annotation_uid,
        source="blocks",
        narration=text,
        time_s=float(number),
        start_s=number - 0.5,
        end_s=number + 1.0,
        split=split_for(video_uid, 3),
        verb=verb,
        noun=colour,
        modalities=modalities,
    )
    return (
        clip,
        frames if "video" in modalities else frames[:0],
        (sound * 20_000).astype(np.int16) if "audio" in modalities else np.empty(0, np.int16),
    )


def write_blocks(folder: Path, videos: int, clips: int) -> Path:
    """A cache of `videos` x `clips`; in every third video one clip lacks sound, one pictures."""
    draw, writer = np.random.default_rng(0), CacheWriter(folder, CacheInfo(FRAMES, SIDE))
    for video in range(videos):
        lacking: dict[int, tuple[Modality, ...]] = {}
        if video % 3 == 0 and clips > 2:
            lacking = {0: ("video", "text"), 1: ("audio", "text")}
        writer.add_video(
            f"video-{video}",
            [
                example(draw, video, number, lacking.get(number, ("audio", "video", "text")))
                for number in range(clips)
            ],
        )
    return folder


@pytest.fixture(scope="session")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of 150 clips in 30 videos."""
    return write_blocks(tmp_path_factory.mktemp("blocks"), videos=30, clips=5)


@pytest.fixture(scope="session")
def block_clips(blocks: Path) -> list[Clip]:
    return ClipCache.open(blocks).clips


@pytest.fixture
def make_blocks(tmp_path: Path) -> Callable[[int, int], Path]:
    """Write a cache of so many videos of so many clips."""
    return lambda videos, clips: write_blocks(tmp_path / f"blocks-{videos}x{clips}", videos, clips)


@pytest.fixture
def small_settings() -> dict[str, str]:
    return dict(SMALL)


@pytest.fixture
def make_config() -> Callable[..., RunConfig]:
    """A small configuration of a preset, with more settings on top."""

    def make(preset: str = "scaled", **settings: str) -> RunConfig:
        dotted = {key.replace("__", "."): value for key, value in settings.items()}
        return build_config("mc3", preset, "tiny", SMALL | dotted)

    return make
