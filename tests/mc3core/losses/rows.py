"""Unit rows to judge losses by."""

import torch
import torch.nn.functional as F
from torch import Tensor


def unit_rows(rows: int, dimension: int, seed: int) -> Tensor:
    """(rows, dimension) random unit rows, double precision."""
    draw = torch.Generator().manual_seed(seed)
    return F.normalize(torch.randn(rows, dimension, generator=draw, dtype=torch.float64), dim=1)


def three(rows: int, dimension: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Audio, video and text of one batch."""
    return (
        unit_rows(rows, dimension, seed),
        unit_rows(rows, dimension, seed + 1000),
        unit_rows(rows, dimension, seed + 2000),
    )


def three_learned(rows: int, dimension: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """`three` that take a gradient."""
    audio, video, text = three(rows, dimension, seed)
    return audio.requires_grad_(), video.requires_grad_(), text.requires_grad_()
