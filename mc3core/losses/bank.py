"""Noise-contrastive estimation against a memory bank of every training clip's embedding (CMC).

From *Contrastive Multiview Coding* (Tian et al., ECCV 2020; BSD-2 code) and, before it,
*Unsupervised feature learning via non-parametric instance discrimination* (Wu et al., CVPR 2018).
One bank a modality; anchors of one modality are scored against the bank of another, the positive
too, so only the anchor gets a gradient. Constants of the source: K = 16,384, τ = .07, momentum .5.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import check_rows, own_rows, scaled_similarities


def bank_start(clips: int, dimension: int, generator: torch.Generator) -> Tensor:
    """(clips, dimension) entries uniform in ±sqrt(3 / dimension): rows of length 1 on average."""
    edge = math.sqrt(3 / dimension)
    return torch.empty(clips, dimension).uniform_(-edge, edge, generator=generator)


def first_normaliser(
    anchors: Tensor,
    bank: Tensor,
    rows: Tensor,
    negatives: Tensor,
    temperature: float | Tensor,
) -> Tensor:
    """The constant Z that turns scores into probabilities: N · mean exp(score) of the first batch.

    The source sets it once and keeps it for the whole run. Arguments as `bank_nce`.

    Returns:
        Scalar, detached.
    """
    with torch.no_grad():
        scores = _scores(anchors, bank, rows, negatives, temperature)
        return len(bank) * scores.exp().mean()


def bank_nce(
    anchors: Tensor,
    bank: Tensor,
    rows: Tensor,
    negatives: Tensor,
    temperature: float | Tensor,
    normaliser: Tensor,
) -> Tensor:
    """Tell the own entry of the bank from K drawn ones, each on its own (NCE).

    With P(x) = exp(a·x / τ) / Z and noise c = K / N:
    -(1/B) Σ_i [ log(P⁺ / (P⁺ + c)) + Σ_k log(c / (P_k + c)) ].

    Args:
        anchors: (B, D) unit rows.
        bank: (N, D), the other modality of all N clips; takes no gradient.
        rows: (B,) integers, the clips' own rows in the bank.
        negatives: (B, K) integers drawn uniformly from the N rows (a draw may hit the own row).
        temperature: τ > 0.
        normaliser: scalar Z (`first_normaliser`).

    Returns:
        Scalar, the mean over anchors of a sum of 1 + K terms.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    scores = _scores(anchors, bank, rows, negatives, temperature)  # (B, 1 + K)
    # log(P / (P + c)) = logsigmoid(log P - log c), and the other way round for the noise.
    odds = scores - normaliser.log() - math.log(negatives.shape[1] / len(bank))
    return -(F.logsigmoid(odds[:, 0]) + F.logsigmoid(-odds[:, 1:]).sum(dim=1)).mean()


def bank_softmax(
    anchors: Tensor, bank: Tensor, rows: Tensor, negatives: Tensor, temperature: float | Tensor
) -> Tensor:
    """The source's other form: cross-entropy over the own entry and the K drawn ones.

    Arguments and errors as `bank_nce`.
    """
    scores = _scores(anchors, bank, rows, negatives, temperature)
    return F.cross_entropy(scores, torch.zeros_like(own_rows(scores)))


@torch.no_grad()
def update_bank(bank: Tensor, rows: Tensor, fresh: Tensor, momentum: float) -> None:
    """In place: row ← normalise(momentum · row + (1 - momentum) · fresh).

    Args:
        bank: (N, D).
        rows: (B,) integers, each at most once.
        fresh: (B, D) unit rows of the batch just seen.
        momentum: in [0, 1]; .5 in the source.

    Raises:
        ValueError: shapes do not fit.
    """
    if bank.ndim != 2 or fresh.shape != (len(rows), bank.shape[1]):
        raise ValueError(
            f"update_bank needs (N, D), (B,) and (B, D), got {tuple(bank.shape)}, "
            f"{tuple(rows.shape)} and {tuple(fresh.shape)}."
        )
    mixed = momentum * bank[rows] + (1 - momentum) * fresh.to(bank.dtype)
    bank[rows] = F.normalize(mixed, dim=1)


def _scores(
    anchors: Tensor, bank: Tensor, rows: Tensor, negatives: Tensor, temperature: float | Tensor
) -> Tensor:
    """(B, 1 + K) a·x / τ, the own entry first."""
    check_rows("The bank", anchors)
    fits = bank.ndim == 2 and bank.shape[1] == anchors.shape[1] and rows.shape == anchors.shape[:1]
    if not fits or negatives.ndim != 2 or len(negatives) != len(anchors):
        raise ValueError(
            "The bank needs (B, D) anchors, an (N, D) bank, (B,) rows and (B, K) negatives, got "
            f"{tuple(anchors.shape)}, {tuple(bank.shape)}, {tuple(rows.shape)} and "
            f"{tuple(negatives.shape)}."
        )
    # All B·N products: fewer numbers than the B·K·D of the drawn rows until N passes K·D.
    every = scaled_similarities(anchors, bank.detach(), temperature)
    return every.gather(1, torch.cat([rows[:, None], negatives], dim=1))
