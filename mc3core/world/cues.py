"""Simple cues of a clip, none of which may give its label away: the world's check of itself."""

import numpy as np
from numpy.typing import NDArray

from mc3core.world.picture import picture
from mc3core.world.plan import Segment, Video, World
from mc3core.world.sound import mix

RATE_HZ = 16_000
FRAMES = 6
SIDE = 64
Values = NDArray[np.float64]


def cue_values(world: World) -> dict[str, Values]:
    """Every cue of every clip: name -> (clips,)."""
    rows = [_clip_cues(video, segment) for video in world.videos for segment in video.segments]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _clip_cues(video: Video, segment: Segment) -> dict[str, float]:
    start_s, end_s = segment.window_s
    step_s = (end_s - start_s) / FRAMES
    frames = np.stack(
        [picture(video, start_s + (i + 0.5) * step_s, SIDE) for i in range(FRAMES)]
    ).astype(np.float64)
    wave = mix(video, start_s, end_s, RATE_HZ).astype(np.float64)
    return {**_sound_cues(wave), **_picture_cues(frames)}


def _sound_cues(wave: Values) -> dict[str, float]:
    size, hop = 512, 256
    count = (len(wave) - size) // hop + 1
    windows = np.stack([wave[i * hop : i * hop + size] for i in range(count)]) * np.hanning(size)
    power = np.abs(np.fft.rfft(windows, axis=1)) ** 2 + 1e-12
    mean = power.mean(axis=0)
    frequencies = np.fft.rfftfreq(size, 1 / RATE_HZ)
    bands = np.stack([part.mean(axis=1) for part in np.array_split(power, 24, axis=1)], axis=1)
    log_bands = np.log(bands + 1e-9)
    onset = np.maximum(np.diff(log_bands, axis=0), 0).mean(axis=1)
    rms = float(np.sqrt(np.mean(wave**2)))
    return {
        "rms": rms,
        "peak": float(np.abs(wave).max()),
        "crest": float(np.abs(wave).max()) / rms,
        "centroid": float((frequencies * mean).sum() / mean.sum()),
        "onset max": float(onset.max()),
        "onset mean": float(onset.mean()),
        "spread in time": float(log_bands.std(axis=0).mean()),
    }


def _picture_cues(frames: Values) -> dict[str, float]:
    return {
        "motion": float(np.abs(np.diff(frames, axis=0)).mean()),
        "luminance": float(frames.mean()),
        "contrast": float(frames.std()),
    }


def with_products(cues: dict[str, Values]) -> dict[str, Values]:
    """Products of ranks: of each sound cue with motion."""
    sounds = [name for name in cues if name not in ("motion", "luminance", "contrast")]
    motion = ranks(cues["motion"])
    return {f"{name} x motion": ranks(cues[name]) * motion for name in sounds}


def ranks(values: Values) -> Values:
    """Ranks from 1 (no ties matter here: cues are real numbers)."""
    order = np.empty(len(values))
    order[np.argsort(values, kind="stable")] = np.arange(1, len(values) + 1)
    return order


def roc_auc(values: Values, labels: Values) -> float:
    """Probability that a positive has the larger value (Mann-Whitney)."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    return float(
        (ranks(values)[labels == 1].sum() - positives * (positives + 1) / 2)
        / (positives * negatives)
    )
