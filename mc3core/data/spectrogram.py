"""A picture of sound, for clips that have no other."""

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 480, 270
WINDOW, FLOOR_DB = 512, 80.0
# From the page's surface to its accent for "sounds": dark, blue #0072B2, white.
_STOPS = np.array([[16, 18, 22], [0, 114, 178], [255, 255, 255]], np.float32)


def spectrogram_picture(pcm: NDArray[np.int16], sample_rate_hz: int) -> NDArray[np.uint8]:
    """RGB (270, 480, 3): time to the right, frequency upwards to half of `sample_rate_hz`, 80 dB
    from dark to white."""
    del sample_rate_hz  # the axis ends at its half, whatever it is
    wave = np.pad(pcm.astype(np.float32), (WINDOW // 2, WINDOW // 2 + 1))
    starts = np.linspace(0, len(wave) - WINDOW - 1, WIDTH).astype(int)
    pieces = wave[starts[:, None] + np.arange(WINDOW)] * np.hanning(WINDOW).astype(np.float32)
    power = np.abs(np.fft.rfft(pieces, axis=1)) ** 2
    level = 10 * np.log10(power + 1e-3)
    level = np.clip((level - level.max()) / FLOOR_DB + 1, 0, 1) if len(pcm) else level * 0
    rows = np.linspace(level.shape[1] - 1, 0, HEIGHT).round().astype(int)
    at = level.T[rows] * (len(_STOPS) - 1)
    low = np.minimum(at.astype(int), len(_STOPS) - 2)
    mix = (at - low)[..., None]
    return (_STOPS[low] * (1 - mix) + _STOPS[low + 1] * mix).astype(np.uint8)
