"""EgoNCE: clips of the same verb and noun are positives of each other, not negatives."""

import torch
from torch import Tensor

from mc3core.losses.similarities import check_batch, check_rows, scaled_similarities


def same_action(groups: Tensor) -> Tensor:
    """Which clips of a batch count as each other's positives.

    Args:
        groups: (B,) integers, the clip's verb-noun group; -1 where its narration was not parsed.

    Returns:
        (B, B) bool: the same group, or the same clip. -1 is like nothing but itself.

    Raises:
        ValueError: `groups` is not one-dimensional.
    """
    if groups.ndim != 1:
        raise ValueError(f"same_action needs (B,) groups, got {tuple(groups.shape)}.")
    same = (groups[:, None] == groups[None]) & (groups >= 0)
    return same.fill_diagonal_(True)


def ego_nce(
    anchors: Tensor, positives: Tensor, same: Tensor, temperature: float | Tensor
) -> Tensor:
    """InfoNCE whose numerator sums over all positives P_i of an anchor.

    Equation 5 of *EgoVLP* (Lin et al., NeurIPS 2022), one direction, without its scene negatives:
    -(1/B) Σ_i log( Σ_{j∈P_i} exp(a_i·p_j / τ) / Σ_j exp(a_i·p_j / τ) ).

    Args:
        anchors: (B, D) unit rows.
        positives: (B, D) unit rows; row i belongs to anchor i.
        same: (B, B) bool, j is a positive of i; its diagonal is true (`same_action`).
        temperature: τ > 0, a number or a scalar tensor.

    Returns:
        Scalar, the mean over anchors; `info_nce` where `same` is the identity.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    return ego_nce_terms(anchors, positives, same, temperature).mean()


def ego_nce_terms(
    anchors: Tensor, positives: Tensor, same: Tensor, temperature: float | Tensor
) -> Tensor:
    """The (B,) terms of which `ego_nce` is the mean.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    check_rows("ego_nce", anchors, positives)
    check_batch("ego_nce", "`same`", same, len(anchors), len(anchors))
    logits = scaled_similarities(anchors, positives, temperature)  # (B, B)
    explained = logits.masked_fill(~same, -torch.inf)
    return logits.logsumexp(dim=1) - explained.logsumexp(dim=1)
