"""Symile: one contrastive score for all three modalities at once."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.similarities import (
    at_least_single,
    check_batch,
    check_rows,
    check_temperature,
    own_rows,
)


def symile(
    audio: Tensor,
    video: Tensor,
    text: Tensor,
    temperature: float | Tensor,
    order: torch.Generator | Tensor,
) -> Tensor:
    """Every modality in turn must find the true pair of the others among shuffled pairs.

    *Symile* (Saporta et al., NeurIPS 2024; MIT code), form "n": MIP(x, y, z) = Σ_d x_d y_d z_d and
    L = (1/3) Σ_anchor CE(logits), logits_ij = s · MIP(x_i, y_π(j), z_ρ(j)), with the true triple on
    the diagonal. Unit vectors of dimension D have MIPs of about 1/D, so the scale is s = sqrt(D)/τ
    here, fixed, where the source learns it (a departure).

    Args:
        audio, video, text: (B, D) unit rows.
        temperature: τ > 0, a number or a scalar tensor.
        order: a generator, which draws π and ρ afresh for each anchor modality; or a (2, B) pair of
            permutations for all three.

    Returns:
        Scalar.

    Raises:
        ValueError: shapes do not fit, or a fixed τ is not positive.
    """
    check_rows("symile", audio, video, text)
    check_temperature(temperature)
    if isinstance(order, Tensor):
        check_batch("symile", "`order`", order, 2, len(audio))
    modalities = [at_least_single(rows) for rows in (audio, video, text)]
    losses: list[Tensor] = []
    for anchor in range(3):
        x, y, z = (modalities[(anchor + step) % 3] for step in range(3))
        left, right = order if isinstance(order, Tensor) else _shuffles(x, order)
        shuffled = x @ (y[left] * z[right]).T  # (B, B)
        true = (x * y * z).sum(dim=1)  # (B,)
        own = torch.eye(len(x), dtype=torch.bool, device=x.device)
        logits = torch.where(own, true, shuffled) * (math.sqrt(x.shape[1]) / temperature)
        losses.append(F.cross_entropy(logits, own_rows(logits)))
    return torch.stack(losses).mean()


def _shuffles(rows: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two permutations of the batch, on the device of its rows."""
    draw = [torch.randperm(len(rows), generator=generator, device=generator.device) for _ in "yz"]
    return draw[0].to(rows.device), draw[1].to(rows.device)
