"""Robust cross-modal instance discrimination: doubt faulty positives, soften their targets.

From *Robust audio-visual instance discrimination* (Morgado et al., CVPR 2021), in the form that a
multi-modal follow-up (arXiv 2606.02352) gives: in-batch, with cycle targets.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import (
    at_least_single,
    check_rows,
    check_temperature,
    scaled_similarities,
)

TARGET_TEMPERATURE = 0.2  # τ_t, of the own pairs at both ends of the cycle
STEP_TEMPERATURE = 0.1  # τ_s, of the step from one clip to another


def xid_weights(
    agreement: Tensor,
    mean: Tensor | None = None,
    deviation: Tensor | None = None,
    *,
    least: float = 0.25,
    shift: float = 0.0,
    sharpness: float = 0.5,
) -> Tensor:
    """w_i = w_min + (1 - w_min) Φ((s_ii - μ - δσ) / (σ sqrt κ)), Φ the normal distribution.

    Args:
        agreement: (B,) cosines of the own pairs.
        mean, deviation: scalars μ and σ, running averages where the caller keeps them; left out,
            those of the batch.
        least: w_min.
        shift: δ, in deviations.
        sharpness: κ > 0, the variance of Φ in units of σ².

    Returns:
        (B,) in [w_min, 1], detached.

    Raises:
        ValueError: `agreement` is not one-dimensional, or κ is not positive.
    """
    if agreement.ndim != 1 or not sharpness > 0:
        raise ValueError(
            f"xid_weights needs (B,) cosines and κ > 0, got {tuple(agreement.shape)}, {sharpness}."
        )
    agreement = at_least_single(agreement.detach())
    mu = agreement.mean() if mean is None else mean
    sigma = (agreement.std(correction=0) if deviation is None else deviation) + 1e-6
    z = (agreement - mu - shift * sigma) / (sigma * math.sqrt(sharpness))
    return least + (1 - least) * torch.special.ndtr(z)


def cycle_targets(
    anchors: Tensor,
    candidates: Tensor,
    soft_share: float,
    target_temperature: float = TARGET_TEMPERATURE,
    step_temperature: float = STEP_TEMPERATURE,
) -> Tensor:
    """T = (1 - m) I + m softmax_j(s_ii / τ_t + s_ij / τ_s + s_jj / τ_t), s_ij = a_i·c_j.

    A clip j gets mass if it is like clip i and its own two modalities agree.

    Args:
        anchors, candidates: (B, D) unit rows.
        soft_share: m in [0, 1].
        target_temperature, step_temperature: τ_t and τ_s, above 0.

    Returns:
        (B, B), rows sum to 1; no gradient flows into it.

    Raises:
        ValueError: shapes differ, m is outside [0, 1], or a temperature is not positive.
    """
    check_rows("cycle_targets", anchors, candidates)
    check_temperature(target_temperature)
    if not 0 <= soft_share <= 1:
        raise ValueError(f"The share of soft targets must be in [0, 1], not {soft_share}.")
    with torch.no_grad():
        steps = scaled_similarities(anchors, candidates, step_temperature)  # (B, B)
        ends = steps.diagonal() * (step_temperature / target_temperature)
        # s_ii is the same for all j of a row and drops out of its softmax.
        soft = (steps + ends).softmax(dim=1)
        return (1 - soft_share) * torch.eye(len(soft), dtype=soft.dtype, device=soft.device) + (
            soft_share * soft
        )


def robust_xid(
    anchors: Tensor,
    candidates: Tensor,
    temperature: float | Tensor,
    soft_share: float,
    mean: Tensor | None = None,
    deviation: Tensor | None = None,
    target_temperature: float = TARGET_TEMPERATURE,
    step_temperature: float = STEP_TEMPERATURE,
) -> Tensor:
    """Σ_i w_i CE_i(T_i) / Σ_i w_i, one direction, weights from the pair's own cosine.

    Args:
        anchors, candidates: (B, D) unit rows.
        temperature: τ > 0, a number or a scalar tensor.
        soft_share, target_temperature, step_temperature: of `cycle_targets`.
        mean, deviation: of `xid_weights`.

    Returns:
        Scalar; `info_nce` where the share is 0 and all weights are alike.

    Raises:
        ValueError: shapes do not fit, or a temperature is not positive.
    """
    targets = cycle_targets(anchors, candidates, soft_share, target_temperature, step_temperature)
    own = (at_least_single(anchors) * at_least_single(candidates)).sum(dim=1)
    weights = xid_weights(own, mean, deviation)
    logits = scaled_similarities(anchors, candidates, temperature)
    terms = F.cross_entropy(logits, targets, reduction="none")  # (B,)
    return (weights * terms).sum() / weights.sum()
