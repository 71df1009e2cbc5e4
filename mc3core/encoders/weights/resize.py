"""Position and time embeddings of another input size, resized as the sources do."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

Grid = tuple[int, int]


def resize_map(table: Tensor, source: Grid, target: Grid) -> Tensor:
    """Position embeddings (1, tokens + h * w, W) of a grid `source` = (h, w) for another grid.

    As AST does (Gong et al., Interspeech 2021): the tokens before the map stay; along the width,
    then the height, the map is cut around its middle where it is larger, else interpolated
    bilinearly. For a spectrogram the height is frequency and the width time.
    """
    tokens, width = table.shape[1] - source[0] * source[1], table.shape[2]
    grid = table[:, tokens:].transpose(1, 2).reshape(1, width, *source)
    grid = _fit(_fit(grid, 3, target[1]), 2, target[0])
    return torch.cat([table[:, :tokens], grid.flatten(2).transpose(1, 2)], dim=1)


def resize_time(table: Tensor, frames: int, more: Literal["zeros", "interpolate"]) -> Tensor:
    """Time embeddings (1, T, W) for `frames` frames.

    As Frozen in Time and EgoVLP do: the first `frames` where there are more, else filled up with
    zeros, or interpolated linearly with both ends kept.
    """
    known = table.shape[1]
    if known >= frames:
        return table[:, :frames]
    if more == "zeros":
        return F.pad(table, (0, 0, 0, frames - known))
    wide = table.transpose(1, 2)
    return F.interpolate(wide, frames, mode="linear", align_corners=True).transpose(1, 2)


def _fit(grid: Tensor, axis: int, length: int) -> Tensor:
    known = grid.shape[axis]
    if known >= length:
        return grid.narrow(axis, known // 2 - length // 2, length)
    size = [*grid.shape[2:]]
    size[axis - 2] = length
    return F.interpolate(grid, size, mode="bilinear", align_corners=False)
