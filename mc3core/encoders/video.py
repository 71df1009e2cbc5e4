"""The video encoder: transformers' TimeSformer or that of Frozen in Time, behind a small
convolution where it must train from nothing."""

from typing import Any

import torch
from torch import Tensor, nn

from mc3core.config import VideoConfig
from mc3core.encoders.stem import ConvolutionStem
from mc3core.encoders.timesformer import SpaceTimeTransformer

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class VideoEncoder(nn.Module):
    """(B, T, 3, H, W) pictures in [0, 1] → (B, width)."""

    mean: Tensor
    std: Tensor

    def __init__(self, config: VideoConfig) -> None:
        super().__init__()
        frames, side, channels = config.frames, config.side, 3
        if config.stem == "convolution":
            self.stem = ConvolutionStem()
            frames, side, channels = self.stem.output_shape(config.frames, config.side)
        else:
            self.stem = nn.Identity()
        if config.block == "frozen_in_time":
            self.transformer = SpaceTimeTransformer(
                side=side,
                patch=config.patch,
                channels=channels,
                frames=frames,
                width=config.width,
                layers=config.layers,
                heads=config.heads,
            )
        else:
            self.timesformer = _timesformer(config, side, channels, frames)
        self.block = config.block
        self.pool = config.pool
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD)[:, None, None], persistent=False)

    def forward(self, video: Tensor) -> Tensor:
        pictures = self.stem((video - self.mean) / self.std)
        if self.block == "frozen_in_time":
            hidden = self.transformer(pictures)
        else:
            hidden = self.timesformer(pixel_values=pictures).last_hidden_state
        return hidden[:, 0] if self.pool == "token" else hidden[:, 1:].mean(dim=1)


def _timesformer(config: VideoConfig, side: int, channels: int, frames: int) -> Any:
    from transformers import TimesformerConfig, TimesformerModel

    shape = TimesformerConfig(
        image_size=side,
        patch_size=config.patch,
        num_channels=channels,
        num_frames=frames,
        hidden_size=config.width,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        intermediate_size=4 * config.width,
        drop_path_rate=0,  # transformers checks strictly: 0.0 is refused
    )
    return TimesformerModel(shape)
