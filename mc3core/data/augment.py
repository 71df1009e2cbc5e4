"""Augmentation of a batch: crop and colour of pictures; shifts and masks of spectrograms."""

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.config import AugmentConfig
from mc3core.data.dataset import seed_of
from mc3core.types import Batch


def pictures(video: Tensor) -> Tensor:
    """Pictures uint8 to [0, 1]; a frozen encoder's features, which are floating, as they are."""
    return video if video.is_floating_point() else video.float() / 255


def plain(batch: Batch) -> Batch:
    """The batch as it is, which is what validation sees; pictures uint8 → [0, 1]."""
    return replace(batch, video=pictures(batch.video))


def augment(batch: Batch, config: AugmentConfig, seed: int, step: int) -> Batch:
    """A batch as step `step` of a run with this seed sees it; pictures uint8 → [0, 1].

    All frames of a clip share crop, mirror and colour. The draws are made on the CPU, so they are
    the same on any device. Features of frozen encoders, and what was not read, stay as they are.
    """
    draw = torch.Generator().manual_seed(seed_of(seed, step))
    video, audio = pictures(batch.video), batch.audio
    if video.ndim == 5:
        video = _colour(_crop(video, config, draw), config.colour, draw)
    if audio.ndim < 3:
        return replace(batch, video=video)
    for axis, most in ((2, config.shift_bands), (1, config.shift_frames)):
        audio = _shift(audio, axis, most, draw)
    for axis, widest in ((2, config.mask_bands), (1, config.mask_frames)):
        audio = _mask(audio, axis, widest, draw)
    return replace(batch, video=video, audio=audio)


def _crop(video: Tensor, config: AugmentConfig, draw: torch.Generator) -> Tensor:
    """Cut a square of a random size and place out of every clip (B, T, 3, H, W), mirror half of
    them, and bring it back to full size."""
    if config.crop == 1 and not config.flip:
        return video
    size = len(video)
    kept = config.crop + (1 - config.crop) * torch.rand(size, generator=draw)
    shift = (2 * torch.rand(2, size, generator=draw) - 1) * (1 - kept)
    mirror = torch.where(torch.rand(size, generator=draw) < 0.5, -1.0, 1.0)
    theta = torch.zeros(size, 2, 3)
    theta[:, 0, 0] = kept * mirror if config.flip else kept
    theta[:, 1, 1] = kept
    theta[:, :, 2] = shift.T
    flat = video.flatten(1, 2)  # (B, T * 3, H, W): one warp for all frames of a clip
    grid = F.affine_grid(theta.to(video.device), list(flat.shape), align_corners=False)
    return F.grid_sample(flat, grid, padding_mode="border", align_corners=False).view_as(video)


def _colour(video: Tensor, most: float, draw: torch.Generator) -> Tensor:
    """Change contrast, brightness and each channel of every clip by up to `most`."""
    if most == 0:
        return video
    change = (1 + most * (2 * torch.rand(len(video), 5, generator=draw) - 1)).to(video.device)
    gain = (change[:, :1] * change[:, 2:])[:, None, :, None, None]  # contrast x channel
    offset = (0.5 * (change[:, 1] - change[:, 0]))[:, None, None, None, None]
    return (video * gain + offset).clamp_(0, 1)


def _shift(audio: Tensor, axis: int, most: int, draw: torch.Generator) -> Tensor:
    """Move every spectrogram (B, S, F) by up to `most` places along an axis, repeating its edge."""
    if most == 0:
        return audio
    length = audio.shape[axis]
    by = torch.randint(-most, most + 1, (len(audio), 1), generator=draw)
    place = (torch.arange(length)[None] + by).clamp(0, length - 1).to(audio.device)  # (B, length)
    place = place[:, None, :] if axis == 2 else place[:, :, None]
    return audio.gather(axis, place.expand_as(audio))


def _mask(audio: Tensor, axis: int, widest: int, draw: torch.Generator) -> Tensor:
    """Put one stretch along an axis of every spectrogram (B, S, F) to 0, its mean."""
    if widest == 0:
        return audio
    length, size = audio.shape[axis], len(audio)
    width = torch.rand(size, generator=draw) * min(widest, length)
    start = torch.rand(size, generator=draw) * (length - width)
    place = torch.arange(length)[None]
    hidden = (place >= start[:, None]) & (place < (start + width)[:, None])  # (B, length)
    hidden = hidden.to(audio.device)
    return audio.masked_fill(hidden[:, None, :] if axis == 2 else hidden[:, :, None], 0.0)
