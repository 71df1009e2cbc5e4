"""Raw material of sounds: noise with a spectrum, struck things, grains and bubbles.

Noise is drawn as a spectrum whose bins depend on its duration alone: at a lower sample rate one
hears the same noise, cut off at half that rate. Waveforms are (samples,) float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.floating]
LOUD_S = 0.1
_REFERENCE_HZ = 8000.0  # levels of noise count what is below this


@lru_cache(32)
def bins(seconds: float, rate: int) -> Wave:
    """Frequencies (Hz) of the spectrum of `seconds` of sound."""
    return (np.arange(round(seconds * rate) // 2 + 1) / seconds).astype(np.float32)


@lru_cache(256)
def band(seconds: float, rate: int, low_hz: float, high_hz: float, tilt: float = 0.0) -> Wave:
    """Gains of a soft band; `tilt` is the fall in powers of the frequency above `low_hz`."""
    f = bins(seconds, rate)
    gain = (
        1
        / (1 + (np.float32(low_hz) / np.maximum(f, 1)) ** 4)
        / (1 + (f / np.float32(high_hz)) ** 6)
    )
    if tilt:
        gain = gain * (np.maximum(f, low_hz) / np.float32(low_hz)) ** np.float32(-tilt)
    return gain.astype(np.float32)


def shaped_noise(seed: int, seconds: float, rate: int, gain: Wave) -> Wave:
    """Noise with this spectrum and an RMS of 1 (of what lies below 8 kHz)."""
    rng = np.random.default_rng(seed)
    count = len(gain)
    spectrum = rng.standard_normal(2 * count, dtype=np.float32).view(np.complex64) * gain
    spectrum[0] = 0
    audible = gain[: int(_REFERENCE_HZ * seconds) + 1]
    power = float(np.sqrt(2 * 2 * np.sum(audible.astype(np.float64) ** 2)))
    samples = round(seconds * rate)
    wave = np.fft.irfft(spectrum, samples) * np.float32(samples / power)
    return np.asarray(wave, dtype=np.float32)


def noise(
    seed: int, seconds: float, rate: int, low_hz: float, high_hz: float, tilt: float = 0.0
) -> Wave:
    return shaped_noise(seed, seconds, rate, band(seconds, rate, low_hz, high_hz, tilt))


@dataclass(frozen=True, slots=True)
class Body:
    """How a struck thing rings: its lowest mode, ratios of modes, decay (s), share of click."""

    low_hz: float
    high_hz: float
    ratios: tuple[float, ...]
    decay_s: float
    click: float


BODIES: dict[str, Body] = {
    "wood": Body(260, 520, (1, 1.9, 2.9, 4.3, 5.8), 0.045, 0.5),
    "metal": Body(650, 1300, (1, 1.51, 2.27, 2.9, 4.1, 5.4, 6.8), 0.22, 0.35),
    "ceramic": Body(950, 1700, (1, 1.7, 2.6, 3.6, 5.0), 0.09, 0.4),
    "glass": Body(1300, 2300, (1, 2.3, 3.1, 3.9), 0.16, 0.3),
    "plastic": Body(420, 800, (1, 1.6, 2.4, 3.3), 0.03, 0.6),
    "cardboard": Body(120, 220, (1, 1.8, 2.7, 4.0), 0.035, 0.8),
    "paper": Body(180, 320, (1, 2.2, 3.5), 0.02, 1.2),
    "cloth": Body(80, 140, (1, 2.1), 0.03, 0.3),
    "food": Body(170, 320, (1, 1.7, 2.6), 0.025, 0.9),
    "stone": Body(500, 900, (1, 1.6, 2.8, 4.4), 0.03, 0.9),
}
_SOFT = Body(110, 200, (1, 1.9, 3.2), 0.03, 0.4)
_STRIKE_S = 0.4


@lru_cache(128)
def strike(material: str, seed: int, rate: int) -> Wave:
    """One blow on a thing of this material, its loudest sample near 1."""
    body = BODIES.get(material, _SOFT)
    rng = np.random.default_rng(seed)
    t = np.arange(round(_STRIKE_S * rate), dtype=np.float32) / np.float32(rate)
    base = rng.uniform(body.low_hz, body.high_hz)
    wave = np.zeros_like(t)
    for ratio in body.ratios:
        f = base * ratio * rng.uniform(0.97, 1.03)
        size, phase = rng.uniform(0.5, 1.0) / ratio**0.6, rng.uniform(0, 6.28)
        if f < 0.48 * rate:
            decay = body.decay_s / ratio**0.7
            stop = min(len(t), round(7 * decay * rate))  # beyond it nothing is left to hear
            wave[:stop] += (
                np.float32(size)
                * np.exp(t[:stop] / np.float32(-decay))
                * np.sin(np.float32(2 * np.pi * f) * t[:stop] + np.float32(phase))
            )
    short = 0.1
    count = round(short * rate)
    click = noise(seed + 1, short, rate, 600, 7000) * np.exp(t[:count] / np.float32(-0.006))
    wave[:count] += np.float32(body.click) * click
    return wave / np.float32(np.max(np.abs(wave)) + 1e-9)


def lay(canvas: Wave, wave: Wave, at: int, strength: float = 1.0) -> None:
    """Add `wave` to `canvas` from sample `at` on; what falls outside is cut."""
    start, stop = max(0, at), min(len(canvas), at + len(wave))
    if stop > start:
        canvas[start:stop] += np.float32(strength) * wave[start - at : stop - at]


def bubbles(
    seed: int, seconds: float, rate: int, per_s: float, low_hz: float, high_hz: float
) -> Wave:
    """Many short rising tones: the voice of a liquid."""
    rng = np.random.default_rng(seed)
    canvas = np.zeros(round(seconds * rate), dtype=np.float32)
    t = np.arange(round(0.045 * rate), dtype=np.float32) / np.float32(rate)
    fade = np.exp(t / np.float32(-0.011)) * np.minimum(1, t / np.float32(0.002))
    bank = [
        fade * np.sin(np.float32(2 * np.pi * f) * t * (1 + 3 * t))
        for f in rng.uniform(low_hz, high_hz, 8)
    ]
    for k in range(rng.poisson(per_s * seconds)):
        lay(canvas, bank[k % 8], int(rng.uniform(0, seconds) * rate), rng.uniform(0.3, 1))
    return canvas


def crackle(seed: int, seconds: float, rate: int, per_s: float) -> Wave:
    """A rough envelope, around 1: grains, creases, bristles (smooth over 4 ms)."""
    rng = np.random.default_rng(seed)
    step_s = 0.004
    count = round(seconds / step_s) + 2
    rough = rng.poisson(per_s * step_s * 2, count) * rng.exponential(1.0, count)
    points = (rough / (np.mean(rough) + 1e-6)).astype(np.float64)
    t = np.arange(round(seconds * rate)) / rate
    return np.interp(t, np.arange(count) * step_s, points).astype(np.float32)


def level(wave: Wave, rate: int) -> Wave:
    """Scale so that the loudest 100 ms have an RMS of 1: an impact and a hum then compare."""
    hop = max(1, round(LOUD_S * rate / 4))
    whole = len(wave) // hop * hop
    parts = np.mean(wave[:whole].reshape(-1, hop) ** 2, axis=1)
    loudest = float(np.max(np.convolve(parts, np.full(4, 0.25), "valid")))
    return wave / np.float32(np.sqrt(loudest) + 1e-9)


def amplitude(level_db: float) -> float:
    return 10 ** (level_db / 20)


def concat_seed(seed: int, parts: Sequence[int]) -> int:
    """A seed for a part of something seeded."""
    for part in parts:
        seed = (seed * 6364136223846793005 + part * 1442695040888963407 + 1) % 2**63
    return seed
