"""Log-mel spectrograms as Kaldi computes them, in batches of torch, on any device.

The recipe AST was trained with (`torchaudio.compliance.kaldi.fbank`, HTK-compatible, no energy,
Hanning, dither 0): 25 ms frames every 10 ms that fit whole into the sound, per-frame mean removed,
pre-emphasis 0.97, power spectrum of 512 points, triangles in mel from 20 Hz to half the rate,
natural logarithm. librosa's and torch.stft's differ from it by up to 17 in the logarithm.
"""

import math
from functools import cache

import torch
from torch import Tensor

from mc3core.config import AudioConfig

SAMPLE_RATE_HZ = 16_000
FRAME_SAMPLES = 400
HOP_SAMPLES = 160
FFT_POINTS = 512
PRE_EMPHASIS = 0.97
LOWEST_HZ = 20.0
FLOOR = 1.1920928955078125e-07  # float32 epsilon, Kaldi's floor before the logarithm


def log_mel(sound: Tensor, mel_bands: int) -> Tensor:
    """Sound (B, samples) at 16 kHz in [-1, 1] → (B, S, mel_bands), S = 1 + (samples - 400) // 160.

    A sound shorter than one frame gives S = 0.
    """
    if sound.shape[1] < FRAME_SAMPLES:
        return sound.new_zeros(len(sound), 0, mel_bands)
    window, mel = _window(), _mel_filters(mel_bands)
    sound = sound - sound.mean(dim=1, keepdim=True)
    frames = sound.unfold(1, FRAME_SAMPLES, HOP_SAMPLES)  # (B, S, 400)
    frames = frames - frames.mean(dim=2, keepdim=True)
    before = torch.cat([frames[..., :1], frames[..., :-1]], dim=2)
    frames = (frames - PRE_EMPHASIS * before) * window.to(sound)
    power = torch.fft.rfft(frames, FFT_POINTS).abs().square()  # (B, S, 257)
    return (power @ mel.to(sound)).clamp_min(FLOOR).log()


def spectrogram(sound: Tensor, config: AudioConfig) -> Tensor:
    """Sound (B, samples) → the audio encoder's input (B, config.frames, config.mel_bands).

    Normalised as the configuration says, then cut at the end, or padded with zeros, which after the
    normalisation is the mean.
    """
    mel = log_mel(sound, config.mel_bands)
    mean = mel.mean(dim=(1, 2), keepdim=True) if config.normalise == "clip" else config.mean
    mel = ((mel - mean) / config.scale)[:, : config.frames]
    return torch.nn.functional.pad(mel, (0, 0, 0, config.frames - mel.shape[1]))


@cache
def _window() -> Tensor:
    return torch.hann_window(FRAME_SAMPLES, periodic=False)


@cache
def _mel_filters(bands: int) -> Tensor:
    """(257, bands) triangles whose corners are equally far apart in mel."""
    nyquist = SAMPLE_RATE_HZ / 2
    corners = torch.linspace(_mel(LOWEST_HZ), _mel(nyquist), bands + 2, dtype=torch.float64)
    hertz = torch.arange(FFT_POINTS // 2 + 1, dtype=torch.float64) * SAMPLE_RATE_HZ / FFT_POINTS
    mel = 1127.0 * torch.log1p(hertz / 700.0)[:, None]  # (257, 1)
    left, centre, right = corners[:-2], corners[1:-1], corners[2:]
    rising, falling = (mel - left) / (centre - left), (right - mel) / (right - centre)
    return torch.minimum(rising, falling).clamp_min(0).float()


def _mel(hertz: float) -> float:
    return 1127.0 * math.log1p(hertz / 700.0)
