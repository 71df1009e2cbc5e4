"""What the trainer, the methods and the losses hand to each other. Imports torch.

Letters used in shapes everywhere: B batch, D embedding, T frames, H and W pixels, S spectrogram
frames, F mel bands, L tokens.
"""

from dataclasses import dataclass, fields

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """B clips that have the modalities their method needs.

    `audio` (B, S, F) normalised log-mel; `video` (B, T, 3, H, W) in [0, 1]; `tokens` (B, L) ids and
    `token_mask` (B, L), 1 where a token is real. `rows` (B,) are the clips' places among all that
    train, `groups` (B,) number their parsed verb and noun, -1 where the narration has none.
    """

    clip_ids: tuple[str, ...]
    audio: Tensor
    video: Tensor
    tokens: Tensor
    token_mask: Tensor
    rows: Tensor
    groups: Tensor

    def to(self, device: torch.device) -> "Batch":
        moved = [
            getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)[1:]
        ]
        return Batch(self.clip_ids, *moved)


@dataclass(frozen=True, slots=True)
class LossOutput:
    """`total` is the scalar to minimise; `parts` are named terms of it and `stats` other figures
    worth a curve, all detached scalars."""

    total: Tensor
    parts: dict[str, Tensor]
    stats: dict[str, Tensor]
