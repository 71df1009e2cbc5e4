"""SigLIP: every pair of the batch is judged by itself, a match or not."""

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import at_least_single, check_rows


def siglip(
    anchors: Tensor, candidates: Tensor, scale: float | Tensor, bias: float | Tensor
) -> Tensor:
    """-(1/B) Σ_i Σ_j log sigmoid(z_ij (t s_ij + b)), z = 1 for own pairs and -1 for all others.

    *Sigmoid loss for language image pre-training* (Zhai et al., ICCV 2023). Symmetric in its two
    arguments: one call stands for both directions.

    Args:
        anchors, candidates: (B, D) unit rows.
        scale: t = 1/τ > 0; 10 at the start in the source, where it is learned in the log.
        bias: b; -10 at the start in the source, learned; -log(B - 1) says what chance is.

    Returns:
        Scalar, a sum over candidates and a mean over anchors.

    Raises:
        ValueError: shapes differ, or a fixed scale is not positive.
    """
    check_rows("siglip", anchors, candidates)
    if not isinstance(scale, Tensor) and not scale > 0:
        raise ValueError(f"The scale must be above 0, not {scale}.")
    similarities = at_least_single(anchors) @ at_least_single(candidates).T  # (B, B)
    sign = 2 * torch.eye(len(anchors), dtype=similarities.dtype, device=similarities.device) - 1
    return -F.logsigmoid(sign * (scale * similarities + bias)).sum(dim=1).mean()
