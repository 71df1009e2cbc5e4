"""InfoNCE between two aligned sets of unit vectors."""

import torch
import torch.nn.functional as F
from torch import Tensor


def info_nce(anchors: Tensor, positives: Tensor, temperature: float | Tensor) -> Tensor:
    """Directed InfoNCE: every anchor must find its own positive among all positives of the batch.

    Equation 1 of *SoundingActions* (Chen et al., CVPR 2024), from van den Oord et al. 2018:
    -(1/B) Σ_t log( exp(a_t·p_t / τ) / Σ_l exp(a_t·p_l / τ) ). The sum in the denominator runs over
    the whole batch, t included.

    Args:
        anchors: (B, D) unit rows.
        positives: (B, D) unit rows; row t belongs to anchor t, the others are its negatives.
        temperature: τ > 0, a number or a scalar tensor (then it is learned through).

    Returns:
        Scalar, the mean over anchors. ln B where nothing can be told apart.

    Raises:
        ValueError: shapes differ, or a fixed τ is not positive.
    """
    if anchors.shape != positives.shape or anchors.ndim != 2:
        raise ValueError(
            f"info_nce needs two (B, D) tensors, got {tuple(anchors.shape)} and "
            f"{tuple(positives.shape)}."
        )
    if not isinstance(temperature, Tensor) and temperature <= 0:
        raise ValueError(f"The temperature must be above 0, not {temperature}.")
    logits = anchors @ positives.T / temperature  # (B, B): anchor, candidate
    own = torch.arange(len(anchors), device=anchors.device)
    return F.cross_entropy(logits, own)
