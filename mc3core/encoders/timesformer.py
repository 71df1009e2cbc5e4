"""The space-time transformer of Frozen in Time (Bain et al., ICCV 2021), which EgoVLP and MC3 use.

Not the block of TimeSformer (Bertasius et al., ICML 2021), which transformers has: there the space
attention is added to the time residual, behind another linear layer. Here it is added to the
block's input, so that time attention only says what space attention looks at:

    time  = x + TimeAttention(LN3(x))
    space = x + SpaceAttention(LN1(time))
    out   = space + MLP(LN2(space))

Entries are named as in the authors' checkpoints.
"""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

EPSILON = 1e-6  # of every LayerNorm; torch's own is 1e-5


class SpaceTimeTransformer(nn.Module):
    """(B, T, C, H, W) → (B, 1 + T * P, width), the class token first, then P patches a frame.

    T may be any number up to `frames`. The position embedding of a patch is shared by all frames,
    that of a time by all patches of its frame.
    """

    def __init__(
        self,
        *,
        side: int,
        patch: int,
        channels: int,
        frames: int,
        width: int,
        layers: int,
        heads: int,
    ) -> None:
        super().__init__()
        self.patch_embed = PatchEmbedding(patch, channels, width)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (side // patch) ** 2, width))
        self.temporal_embed = nn.Parameter(torch.zeros(1, frames, width))
        self.blocks = nn.ModuleList(SpaceTimeBlock(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width, eps=EPSILON)
        self.apply(_start)
        for block in self.blocks:
            _start_as_image_model(block)
        for table in (self.pos_embed, self.cls_token):
            nn.init.trunc_normal_(table, std=0.02)

    def forward(self, pictures: Tensor) -> Tensor:
        batch, frames = pictures.shape[:2]
        patches = self.patch_embed(pictures.flatten(0, 1)).unflatten(0, (batch, frames))
        place = self.pos_embed[:, None, 1:] + self.temporal_embed[:, :frames, None]  # (1, T, P, W)
        first = (self.cls_token + self.pos_embed[:, :1]).expand(batch, -1, -1)
        tokens = torch.cat([first, (patches + place).flatten(1, 2)], dim=1)
        for block in self.blocks:
            tokens = block(tokens, frames)
        return self.norm(tokens)


class PatchEmbedding(nn.Module):
    """(N, C, H, W) → (N, P, width)."""

    def __init__(self, patch: int, channels: int, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(channels, width, patch, patch)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.proj(pictures).flatten(2).transpose(1, 2)


class SpaceTimeBlock(nn.Module):
    """Tokens (B, 1 + T * P, width) → the same shape."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=EPSILON)
        self.attn = DividedAttention(width, heads, "space")
        self.timeattn = DividedAttention(width, heads, "time")
        self.norm2 = nn.LayerNorm(width, eps=EPSILON)
        self.mlp = Mlp(width)
        self.norm3 = nn.LayerNorm(width, eps=EPSILON)

    def forward(self, tokens: Tensor, frames: int) -> Tensor:
        time = tokens + self.timeattn(self.norm3(tokens), frames)
        space = tokens + self.attn(self.norm1(time), frames)
        return space + self.mlp(self.norm2(space))


class DividedAttention(nn.Module):
    """Attention within a frame (`over` = `space`) or within a place (`time`). The class token
    attends to everything, and every group of patches attends to it too."""

    def __init__(self, width: int, heads: int, over: Literal["space", "time"]) -> None:
        super().__init__()
        self.heads = heads
        self.over = over
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: Tensor, frames: int) -> Tensor:
        batch, count, width = tokens.shape
        split = self.qkv(tokens).view(batch, count, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # (B, heads, 1 + T * P, d) each
        first = F.scaled_dot_product_attention(query[:, :, :1], key, value)
        groups = self._grouped(query[:, :, 1:], frames)  # (B * groups, heads, members, d)
        keys, values = (
            torch.cat([_repeated(part[:, :, :1], groups), self._grouped(part[:, :, 1:], frames)], 2)
            for part in (key, value)
        )
        patches = F.scaled_dot_product_attention(groups, keys, values)
        together = torch.cat([first, self._ungrouped(patches, batch)], dim=2)
        return self.proj(together.transpose(1, 2).flatten(2))

    def _grouped(self, patches: Tensor, frames: int) -> Tensor:
        """(B, heads, T * P, d) → (B * T, heads, P, d), or (B * P, heads, T, d)."""
        apart = patches.unflatten(2, (frames, -1))  # (B, heads, T, P, d)
        order = (0, 2, 1, 3, 4) if self.over == "space" else (0, 3, 1, 2, 4)
        return apart.permute(order).flatten(0, 1)

    def _ungrouped(self, groups: Tensor, batch: int) -> Tensor:
        """The way back to (B, heads, T * P, d)."""
        apart = groups.unflatten(0, (batch, -1))
        order = (0, 2, 1, 3, 4) if self.over == "space" else (0, 2, 3, 1, 4)
        return apart.permute(order).flatten(2, 3)


class Mlp(nn.Module):
    """(..., width) → (..., width), four times as wide inside."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(tokens)))


def _repeated(first: Tensor, groups: Tensor) -> Tensor:
    """The class token (B, heads, 1, d) once a group: (B * groups, heads, 1, d)."""
    return first.repeat_interleave(len(groups) // len(first), dim=0)


def _start(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)


def _start_as_image_model(block: nn.Module) -> None:
    """Time attention gives 0 at first, so that the block is that of a ViT. Its output layer is all
    ones, as the authors have it: behind two layers of zeros no gradient would flow."""
    assert isinstance(block, SpaceTimeBlock)
    nn.init.zeros_(block.timeattn.qkv.weight)
    nn.init.ones_(block.timeattn.proj.weight)
