"""The consensus term of MC3: the modalities of one clip agree only as far as all of them do."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from mc3core.losses.similarities import at_least_single, check_rows

Inverse = Literal["bottleneck", "one", "own"]
Gradient = Literal["flows", "stopped"]
Norm = Literal["absolute", "squared"]

# K'(x) of K(x) = ((x + 1) / 2)^α is infinite at x = -1 for α < 1; cosines of -1 stop here instead.
SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class Consensus:
    """`loss` is a scalar; `bottleneck` (B,) says which similarity of each clip was the minimum."""

    loss: Tensor
    bottleneck: Tensor


def consensus(
    similarities: Tensor,
    alphas: tuple[float, ...],
    *,
    inverse: Inverse = "bottleneck",
    gradient: Gradient = "flows",
    norm: Norm = "absolute",
) -> Consensus:
    """Pull every similarity of a clip to the anchor towards the least of them.

    Equations 2 and 3 of *SoundingActions* (Chen et al., CVPR 2024), with K_i(x) = ((x+1)/2)^α_i:
    c_t = K⁻¹( min_i K_i(s_it) ) and L = (1/B) Σ_t Σ_i ‖s_it − c_t‖. The paper leaves open what the
    options decide:

    Args:
        similarities: (M, B) cosines s of M modalities with the anchor modality, in [-1, 1].
        alphas: M exponents; the paper has 1 for language and 0.5 for vision.
        inverse: which K⁻¹ turns the minimum back into a cosine. `bottleneck`, the K of the modality
            that attained it, so c_t is that modality's own cosine; `one`, α = 1 for all; `own`,
            each modality its own target c_it = K_i⁻¹(min), which no longer is one shared c_t.
        gradient: whether it `flows` through c_t (then the similarities attract each other) or is
            `stopped` there (then only the larger ones move).
        norm: the argument is a scalar, so the paper's 2-norm is its `absolute` value; or `squared`.

    Raises:
        ValueError: the shape of `similarities` does not fit `alphas`, or an α is not positive.
    """
    if similarities.ndim != 2 or len(similarities) != len(alphas):
        raise ValueError(
            f"consensus needs (M, B) similarities for M = {len(alphas)} exponents, got "
            f"{tuple(similarities.shape)}."
        )
    _check_alphas(alphas)
    target, bottleneck = _targets(similarities, alphas, inverse)
    if gradient == "stopped":
        target = target.detach()

    residual = similarities - target
    distance = residual.abs() if norm == "absolute" else residual.square()
    return Consensus(loss=distance.sum(dim=0).mean(), bottleneck=bottleneck)


def matrix_consensus(
    audio: Tensor,
    video: Tensor,
    text: Tensor,
    alphas: tuple[float, float] = (0.5, 1.0),
    *,
    gradient: Gradient = "flows",
) -> Consensus:
    """The consensus of whole similarity matrices, other clips' pairs included.

    As *Clink! Chop! Thud!* (ICCV 2025) re-implements *SoundingActions*: over every entry of the
    matrices S^av and S^al, C = 2 · min(((S^av+1)/2)^α_v, ((S^al+1)/2)^α_l) - 1, one inverse with
    α = 1 for both, and L = ‖S^al - C‖_F + ‖S^av - C‖_F: the norm itself, which grows with B, not
    its mean. There it has weight 0.5 beside the contrastive mean over three pairs.

    Args:
        audio, video, text: (B, D) unit rows; audio is the anchor.
        alphas: (α_v, α_l).
        gradient: whether it `flows` through C, as in the source, or is `stopped` there.

    Returns:
        The loss, and the bottleneck of the clips' own pairs: 0 video, 1 language.

    Raises:
        ValueError: shapes differ, or an α is not positive.
    """
    check_rows("matrix_consensus", audio, video, text)
    _check_alphas(alphas)
    audio = at_least_single(audio)
    matrices = torch.stack(
        [audio @ at_least_single(video).T, audio @ at_least_single(text).T]
    )  # (2, B, B)
    target, bottleneck = _targets(matrices.flatten(1), alphas, "one")
    target = target.view_as(matrices)
    residual = matrices - (target.detach() if gradient == "stopped" else target)
    return Consensus(
        loss=torch.linalg.vector_norm(residual, dim=(1, 2)).sum(),
        bottleneck=bottleneck.view(matrices.shape[1:]).diagonal(),
    )


def _check_alphas(alphas: tuple[float, ...]) -> None:
    if min(alphas) <= 0:
        raise ValueError(f"Every alpha must be above 0, not {alphas}.")


def _targets(
    similarities: Tensor, alphas: tuple[float, ...], inverse: Inverse
) -> tuple[Tensor, Tensor]:
    """(M, N) what each of the (M, N) similarities is pulled to, and (N,) whose is the least."""
    alpha = similarities.new_tensor(alphas)[:, None]  # (M, 1)
    unit = ((similarities + 1) / 2).clamp_min(SMALLEST)
    scaled = unit**alpha
    least, bottleneck = scaled.min(dim=0)  # (N,), (N,)
    if inverse == "bottleneck":
        return similarities.gather(0, bottleneck[None]).expand_as(similarities), bottleneck
    attains = scaled == least  # (M, N), ties included
    target = 2 * least ** (1 / alpha if inverse == "own" else torch.ones_like(alpha)) - 1
    # Where K⁻¹ undoes the minimum's own K, the residual is zero by algebra; rounding would make
    # it ±1e-8, and the absolute value would give that a gradient of ±1.
    undone = attains if inverse == "own" else attains & (alpha == 1)
    return torch.where(undone, similarities, target), bottleneck
