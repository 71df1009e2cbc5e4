"""InfoNCE between two aligned sets of unit vectors."""

import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import check_rows, own_rows, scaled_similarities


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
    return info_nce_terms(anchors, positives, temperature).mean()


def info_nce_terms(anchors: Tensor, positives: Tensor, temperature: float | Tensor) -> Tensor:
    """The (B,) terms of which `info_nce` is the mean, for losses that weight each anchor's own.

    Raises:
        ValueError: shapes differ, or a fixed τ is not positive.
    """
    check_rows("info_nce", anchors, positives)
    logits = scaled_similarities(anchors, positives, temperature)  # (B, B): anchor, candidate
    return F.cross_entropy(logits, own_rows(logits), reduction="none")
