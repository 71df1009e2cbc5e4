"""Log-mel spectrograms as Kaldi computes them, in batches of torch, on any device.

The recipe AST was trained with (`torchaudio.compliance.kaldi.fbank`, HTK-compatible, no energy,
Hanning, dither 0): 25 ms frames every 10 ms that fit whole into the sound, per-frame mean removed,
pre-emphasis 0.97, power spectrum of 512 points, triangles in mel from 20 Hz to half the rate,
natural logarithm. librosa's and torch.stft's differ from it by up to 17 in the logarithm.
"""

import math
from collections.abc import Sequence
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
FRAMES_AT_ONCE = 600  # 1.2 MB of padded frames, and as much again of their spectrum
FLOOR = 1.1920928955078125e-07  # float32 epsilon, Kaldi's floor before the logarithm


def log_mel(sound: Tensor, mel_bands: int) -> Tensor:
    """Sound (B, samples) at 16 kHz in [-1, 1] → (B, S, mel_bands), S = 1 + (samples - 400) // 160.

    A sound shorter than one frame gives S = 0. A few clips at a time, so that what is between two
    steps stays in a core's cache; a clip's numbers do not depend on its neighbours.
    """
    if sound.shape[1] < FRAME_SAMPLES:
        return sound.new_zeros(len(sound), 0, mel_bands)
    frames = 1 + (sound.shape[1] - FRAME_SAMPLES) // HOP_SAMPLES
    clips = max(1, FRAMES_AT_ONCE // frames)
    found = sound.new_empty(len(sound), frames, mel_bands)
    window, mel = _window().to(sound), _mel_filters(mel_bands).to(sound)
    for start in range(0, len(sound), clips):
        _log_mel(sound[start : start + clips], window, mel, found[start : start + clips])
    return found


def _log_mel(sound: Tensor, window: Tensor, mel: Tensor, out: Tensor) -> None:
    """Fill (B, S, mel_bands).

    Pre-emphasis of a sound is that of its frames but for each frame's first sample, which the
    window takes to 0. Pre-emphasis of a constant, the frame's mean, is (1 - PRE_EMPHASIS) of it.
    """
    sound = sound - sound.mean(dim=1, keepdim=True)  # for the digits: frames lose theirs below
    sharp = sound.clone()
    sharp[:, 1:] -= PRE_EMPHASIS * sound[:, :-1]
    mean = sound.unfold(1, FRAME_SAMPLES, HOP_SAMPLES).mean(dim=2, keepdim=True)
    frames = sound.new_zeros(*out.shape[:2], FFT_POINTS)
    filled = frames[..., :FRAME_SAMPLES].copy_(sharp.unfold(1, FRAME_SAMPLES, HOP_SAMPLES))
    filled.sub_((1 - PRE_EMPHASIS) * mean).mul_(window)
    wave = torch.fft.rfft(frames)
    power = wave.real.square().addcmul_(wave.imag, wave.imag)  # (B, S, 257)
    for clip, energy in zip(out, power, strict=True):  # a product of one shape, so of one rounding
        torch.mm(energy, mel, out=clip)
    out.clamp_min_(FLOOR).log_()


def spectrogram(sound: Tensor, config: AudioConfig) -> Tensor:
    """Sound (B, samples) → the audio encoder's input (B, config.frames, config.mel_bands).

    Normalised as the configuration says, then cut at the end, or padded with zeros, which after the
    normalisation is the mean.
    """
    mel = log_mel(sound, config.mel_bands)
    mean = mel.mean(dim=(1, 2), keepdim=True) if config.normalise == "clip" else config.mean
    mel = ((mel - mean) / config.scale)[:, : config.frames]
    return torch.nn.functional.pad(mel, (0, 0, 0, config.frames - mel.shape[1]))


def spectrograms(sounds: Sequence[Tensor], config: AudioConfig) -> Tensor:
    """Sounds int16 (samples,) of any lengths → (B, config.frames, config.mel_bands); those of one
    length together."""
    by_length: dict[int, list[int]] = {}
    for place, sound in enumerate(sounds):
        by_length.setdefault(len(sound), []).append(place)
    found = torch.empty(len(sounds), config.frames, config.mel_bands)
    for places in by_length.values():
        stacked = torch.stack([sounds[place] for place in places])
        found[places] = spectrogram(stacked.float() / 32768.0, config)
    return found


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
