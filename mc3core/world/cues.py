"""Simple cues of a clip, none of which may give its label away: the world's check of itself.

`cue_table` measures a world as it is trained on: each cue of sound and picture alone, the sizes of
the clip's files, and of every two cues the product of their ranks. ROC-AUC of the label; .5 tells
nothing, and below .5 tells as much as above.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mc3core.world.clip_sizes import clip_sizes
from mc3core.world.plan import Video, World
from mc3core.world.pool import in_order
from mc3core.world.training_cache import SAMPLE_RATE_HZ, window_media

FRAMES = 6
SIDE = 64
SINGLE_BOUNDS = (0.35, 0.67)
PRODUCT_BOUNDS = (0.33, 0.70)
POSITIVE_BOUNDS = (0.49, 0.58)
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CueTable:
    """ROC-AUC of the label by cue, and by pair of cues ("a x b"); `positives` is their share."""

    world: str
    clips: int
    positives: float
    single: dict[str, float]
    products: dict[str, float]

    @property
    def broken(self) -> tuple[str, ...]:
        """What lies outside the bounds; a fair world has none."""
        shares = {"positives": self.positives}
        return tuple(
            f"{name} {value:.3f}"
            for values, (low, high) in (
                (shares, POSITIVE_BOUNDS),
                (self.single, SINGLE_BOUNDS),
                (self.products, PRODUCT_BOUNDS),
            )
            for name, value in values.items()
            if not low <= value <= high
        )


def cue_table(world: World, workers: int | None = 1) -> CueTable:
    """Render every clip of `world` at training size and measure its cues."""
    labels = np.array([s.label for s in world.segments], dtype=np.float64)
    cues = cue_values(world, workers)
    ranked = {name: ranks(values) for name, values in cues.items()}
    products = {f"{a} x {b}": ranked[a] * ranked[b] for a, b in combinations(cues, 2)}
    return CueTable(
        world=world.law.name,
        clips=len(labels),
        positives=float(labels.mean()),
        single={name: roc_auc(values, labels) for name, values in cues.items()},
        products={name: roc_auc(values, labels) for name, values in products.items()},
    )


def cue_values(world: World, workers: int | None = 1) -> dict[str, Values]:
    """Every cue of every clip: name -> (clips,)."""
    rows = [row for rows in in_order(_video_cues, world.videos, workers) for row in rows]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _video_cues(video: Video) -> list[dict[str, float]]:
    rows: list[dict[str, float]] = []
    for segment in video.segments:
        pictures, sound = window_media(video, segment, SIDE, FRAMES)
        rows.append(
            _sound_cues(sound / 32768.0)
            | _picture_cues(pictures.astype(np.float64))
            | clip_sizes(pictures, sound)
        )
    return rows


def _sound_cues(wave: Values) -> dict[str, float]:
    size, hop = 512, 256
    count = (len(wave) - size) // hop + 1
    windows = np.stack([wave[i * hop : i * hop + size] for i in range(count)]) * np.hanning(size)
    power = np.abs(np.fft.rfft(windows, axis=1)) ** 2 + 1e-12
    mean = power.mean(axis=0)
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
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


def ranks(values: Values) -> Values:
    """Ranks from 1; equal values share the mean of theirs."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[which]


def roc_auc(values: Values, labels: Values) -> float:
    """Probability that a positive has the larger value (Mann-Whitney)."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    return float(
        (ranks(values)[labels == 1].sum() - positives * (positives + 1) / 2)
        / (positives * negatives)
    )
