"""Gated audio-visual terms: language decides, clip by clip, whether audio and video may agree.

Ours, beyond *SoundingActions*: the gate replaces the bottleneck of its consensus. A clip whose
sound fits its narration is drawn together as in InfoNCE; one whose sound does not is pushed apart.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.egonce import ego_nce_terms
from mc3core.losses.infonce import info_nce_terms
from mc3core.losses.similarities import check_batch, check_rows, scaled_similarities


def gate(agreement: Tensor, slope: float = 4.0) -> Tensor:
    """g = sigmoid(slope · z), z the agreement standardised over the batch.

    Args:
        agreement: (B,) cosines that decide; A·L of the own pairs.
        slope: 4 as tuned; 0 leaves every gate at one half.

    Returns:
        (B,) in (0, 1), detached: a gate may not open itself. One half for a batch of one.

    Raises:
        ValueError: `agreement` is not one-dimensional.
    """
    if agreement.ndim != 1:
        raise ValueError(f"gate needs (B,) cosines, got {tuple(agreement.shape)}.")
    agreement = agreement.detach()
    # The deviation of the batch itself (not n - 1), so that a batch of one has one.
    z = (agreement - agreement.mean()) / (agreement.std(correction=0) + 1e-6)
    return torch.sigmoid(slope * z)


def gated_info_nce(
    anchors: Tensor, candidates: Tensor, gates: Tensor, temperature: float | Tensor
) -> Tensor:
    """(1/B) Σ_i g_i · CE_i, with CE_i the InfoNCE of anchor i.

    Args:
        anchors, candidates: (B, D) unit rows.
        gates: (B,) in [0, 1].
        temperature: τ > 0, a number or a scalar tensor.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    check_batch("gated_info_nce", "gates", gates, len(anchors))
    return (gates * info_nce_terms(anchors, candidates, temperature)).mean()


def gated_push(similarity: Tensor, gates: Tensor) -> Tensor:
    """(1/B) Σ_i (1 - g_i) · softplus(s_i): pushes audio and video apart where the gate is shut.

    Args:
        similarity: (B,) cosines A·V of the own pairs.
        gates: (B,) in [0, 1].

    Raises:
        ValueError: shapes differ.
    """
    check_batch("gated_push", "gates", gates, *similarity.shape)
    return ((1 - gates) * F.softplus(similarity)).mean()


def gated_ego_av(
    audio: Tensor, video: Tensor, gates: Tensor, same: Tensor, temperature: float | Tensor
) -> Tensor:
    """A→V of gated EgoNCE: an audible sound may match any video of its action.

    -(1/B) Σ_i g_i log( Σ_j P_ij e^{a_i·v_j/τ} / Σ_j e^{a_i·v_j/τ} ).

    Args:
        audio, video: (B, D) unit rows.
        gates: (B,) in [0, 1].
        same: (B, B) bool P, with its diagonal true (`same_action`).
        temperature: τ > 0, a number or a scalar tensor.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    check_batch("gated_ego_av", "gates", gates, len(audio))
    return (gates * ego_nce_terms(audio, video, same, temperature)).mean()


def gated_ego_va(
    audio: Tensor, video: Tensor, gates: Tensor, same: Tensor, temperature: float | Tensor
) -> Tensor:
    """V→A of gated EgoNCE: a video should match the audible sounds of its action, its own only if
    that is audible.

    -(1/B) Σ_i m_i log( Σ_j P_ij g_j e^{v_i·a_j/τ} / Σ_j e^{v_i·a_j/τ} ) with
    m_i = min(1, Σ_j P_ij g_j).
    Arguments and errors as `gated_ego_av`.
    """
    check_rows("gated_ego_va", audio, video)
    check_batch("gated_ego_va", "gates", gates, len(audio))
    check_batch("gated_ego_va", "`same`", same, len(audio), len(audio))
    logits = scaled_similarities(video, audio, temperature)  # (B, B)
    mass = (same * gates).sum(dim=1).clamp_max(1)  # m (B,)
    # A gate that has underflowed to 0 must not give 0 · ∞ where it stands alone.
    log_gates = gates.to(logits.dtype).clamp_min(torch.finfo(logits.dtype).tiny).log()
    audible = (logits + log_gates).masked_fill(~same, -torch.inf)
    return (mass * (logits.logsumexp(dim=1) - audible.logsumexp(dim=1))).mean()
