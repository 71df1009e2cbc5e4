"""How far the modalities of a clip agree, as curves and histograms beside the loss."""

import torch
from torch import Tensor

from mc3core.losses.similarities import at_least_single, check_rows

BINS = 20


def similarity_shares(audio: Tensor, video: Tensor, text: Tensor) -> dict[str, Tensor]:
    """Mean and histogram of the own pairs' cosines.

    Args:
        audio, video, text: (B, D) unit rows.

    Returns:
        Detached: `a_v_mean`, a scalar; `a_v_histogram`, (20,) shares of the batch in equal bins
        from -1 to 1, which sum to 1; and the same of `a_l` and `v_l`.

    Raises:
        ValueError: shapes differ.
    """
    check_rows("similarity_shares", audio, video, text)
    audio, video, text = (at_least_single(rows.detach()) for rows in (audio, video, text))
    pairs = {"a_v": (audio, video), "a_l": (audio, text), "v_l": (video, text)}
    shares: dict[str, Tensor] = {}
    for name, (left, right) in pairs.items():
        own = (left * right).sum(dim=1)  # (B,)
        shares[f"{name}_mean"] = own.mean()
        # Not histc: it drops what rounding puts a hair outside, and differs on CUDA.
        bins = ((own + 1) * (BINS / 2)).long().clamp(0, BINS - 1)
        counts = torch.zeros(BINS, dtype=own.dtype, device=own.device)
        shares[f"{name}_histogram"] = counts.index_add_(0, bins, torch.ones_like(own)) / len(own)
    return shares
