"""Language-mediated targets: a clip whose sound does not fit its narration gives its mass away."""

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import check_batch, check_rows, scaled_similarities


def language_targets(
    audio: Tensor, text: Tensor, teacher_temperature: float
) -> tuple[Tensor, Tensor]:
    """What language says the audio-visual pairs of a batch should be; ours, not the paper's.

    Audio i should find the videos of the clips whose narration fits what it sounds like, video j
    stands for narration j: A→V softmax_j(a_i·l_j / t), V→A softmax_j(l_i·a_j / t).

    Args:
        audio, text: (B, D) unit rows.
        teacher_temperature: t > 0.

    Returns:
        (B, B) targets of A→V and of V→A, every row summing to 1; no gradient flows into them.

    Raises:
        ValueError: shapes differ, or t is not positive.
    """
    check_rows("language_targets", audio, text)
    with torch.no_grad():
        teacher = scaled_similarities(audio, text, teacher_temperature)
        return teacher.softmax(dim=1), teacher.T.softmax(dim=1)


def soft_info_nce(
    anchors: Tensor, candidates: Tensor, targets: Tensor, temperature: float | Tensor
) -> Tensor:
    """Cross-entropy of the softmax over candidates with targets that need not be one-hot:
    -(1/B) Σ_i Σ_j T_ij log softmax_j(a_i·c_j / τ).

    Args:
        anchors, candidates: (B, D) unit rows.
        targets: (B, B), rows sum to 1; the identity gives `info_nce`.
        temperature: τ > 0, a number or a scalar tensor.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    check_rows("soft_info_nce", anchors, candidates)
    check_batch("soft_info_nce", "targets", targets, len(anchors), len(anchors))
    logits = scaled_similarities(anchors, candidates, temperature)
    return F.cross_entropy(logits, targets.to(logits.dtype))
