"""All six directed InfoNCE terms of three modalities at once, in half the work of six calls.

The two directions of a pair are the row and the column softmax of one matrix of logits. Unit
vectors bound a logit by 1/τ, so no running maximum is needed: exp is taken as it is, its row and
column sums stream in one pass, and the gradient of both directions is one product with the
exponentials. Floor: nine B·B·D matrix products, three forward and six backward, where six calls
take eighteen.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.utils.checkpoint import checkpoint

from mc3core.losses.similarities import at_least_single, check_rows, check_temperature

PAIRS = ((0, 1), (0, 2), (1, 2))  # audio-video, audio-language, video-language
# exp(±40) and its sums keep full single precision; past it the logarithms are taken blockwise.
LARGEST_LOGIT = 40.0
# Rows of a block where all exponentials are kept: a block and its factors stay in the cache.
CACHED_ROWS = 128


def six_info_nce(
    audio: Tensor,
    video: Tensor,
    text: Tensor,
    temperature: float | Tensor,
    block: int | None = None,
) -> Tensor:
    """The six directed `info_nce` terms of *SoundingActions* (Chen et al., CVPR 2024), Equation 1.

    Args:
        audio, video, text: (B, D) unit rows.
        temperature: τ > 0, a number or a scalar tensor (then it is learned through).
        block: None keeps the three (B, B) matrices of exponentials for the backward pass; a number
            of rows recomputes them there, that many rows at a time, and keeps none.

    Returns:
        (6,): A→V, V→A, A→L, L→A, V→L, L→V, in at least single precision. Differentiable once.

    Raises:
        ValueError: shapes differ, a fixed τ is not positive, or `block` is not.
    """
    check_rows("six_info_nce", audio, video, text)
    check_temperature(temperature)
    if block is not None and block < 1:
        raise ValueError(f"A block needs at least 1 row, not {block}.")
    with torch.autocast(audio.device.type, enabled=False):
        modalities = [at_least_single(rows) for rows in (audio, video, text)]
        scale = modalities[0].new_tensor(1.0) / temperature
        if _largest_logit(modalities, scale) <= LARGEST_LOGIT:
            terms: Tensor = _SixInfoNce.apply(*modalities, scale, block)
            return terms
        return torch.stack(
            [
                term
                for left, right in PAIRS
                for term in _from_logarithms(modalities[left], modalities[right], scale, block)
            ]
        )


class _SixInfoNce(torch.autograd.Function):
    """The fused form; `block` None keeps the exponentials."""

    @staticmethod
    def forward(
        ctx: Any, audio: Tensor, video: Tensor, text: Tensor, scale: Tensor, block: int | None
    ) -> Tensor:
        modalities = (audio, video, text)
        size = len(audio)
        rows = min(block or CACHED_ROWS, size)
        terms: list[Tensor] = []
        sums: list[Tensor] = []
        kept: list[Tensor] = []
        for left, right in PAIRS:
            x, y = modalities[left], modalities[right]
            matrix = x.new_empty(rows if block else size, size)
            row_sums, column_sums = x.new_empty(size), x.new_zeros(size)
            for start in range(0, size, rows):
                part = slice(start, min(start + rows, size))
                into = matrix[: part.stop - start] if block else matrix[part]
                exponentials = _exponentials(x[part], y, scale, into)
                torch.sum(exponentials, dim=1, out=row_sums[part])
                column_sums += exponentials.sum(dim=0)
            own = scale * (x * y).sum(dim=1)  # (B,)
            terms += [(row_sums.log() - own).mean(), (column_sums.log() - own).mean()]
            sums += [row_sums, column_sums]
            if not block:
                kept.append(matrix)
        ctx.block = block
        ctx.save_for_backward(*modalities, scale, *sums, *kept)
        return torch.stack(terms)

    @staticmethod
    @once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] (the decorator's stub)
        ctx: Any, *upstream: Tensor
    ) -> tuple[Tensor | None, ...]:
        saved: tuple[Tensor, ...] = ctx.saved_tensors
        modalities, scale, sums, kept = saved[:3], saved[3], saved[4:10], saved[10:]
        size = len(modalities[0])
        rows = min(ctx.block or CACHED_ROWS, size)
        gradients = [torch.zeros_like(each) for each in modalities]
        weights = upstream[0] * scale / size  # (6,)
        factors = scale.new_empty(rows, size)
        scratch = scale.new_empty(rows, size) if ctx.block else None
        with torch.autocast(scale.device.type, enabled=False):
            for pair, (left, right) in enumerate(PAIRS):
                x, y = modalities[left], modalities[right]
                forth, back = weights[2 * pair], weights[2 * pair + 1]
                of_row, of_column = forth / sums[2 * pair], back / sums[2 * pair + 1]  # (B,)
                for start in range(0, size, rows):
                    part = slice(start, min(start + rows, size))
                    count = part.stop - start
                    if scratch is None:
                        exponentials = kept[pair][part]
                    else:
                        exponentials = _exponentials(x[part], y, scale, scratch[:count])
                    # The gradient by the cosines: the two softmaxes, less 1 at the own pair.
                    by_cosine = factors[:count]
                    torch.add(of_row[part, None], of_column, out=by_cosine)
                    by_cosine *= exponentials
                    by_cosine[:, part].diagonal().sub_(forth + back)
                    gradients[left][part].addmm_(by_cosine, y)
                    gradients[right].addmm_(by_cosine.T, x[part])
            # Each term is a function of scale · cosine, so scale · ∂/∂scale = Σ cosine · ∂/∂cosine
            # = Σ x · ∂/∂x over either side of a pair; summed over both sides, twice that.
            by_scale = torch.stack(
                [(each * grad).sum() for each, grad in zip(modalities, gradients, strict=True)]
            ).sum() / (2 * scale)
        return (*gradients, by_scale, None)


def _exponentials(x: Tensor, y: Tensor, scale: Tensor, into: Tensor) -> Tensor:
    """(R, B) exp(scale · x·y) of R rows x and all rows y, written into `into`."""
    return torch.mm(x * scale, y.T, out=into).exp_()


@torch.no_grad()
def _largest_logit(modalities: list[Tensor], scale: Tensor) -> float:
    """What no |logit| exceeds: 1/τ for unit rows, more where a caller's rows are longer."""
    longest = torch.stack([torch.linalg.vector_norm(rows, dim=1).max() for rows in modalities])
    return float(scale * longest.max() ** 2)


def _from_logarithms(
    x: Tensor, y: Tensor, scale: Tensor, block: int | None
) -> tuple[Tensor, Tensor]:
    """Both directions of a pair by log-sum-exp, for temperatures whose exponentials overflow."""
    rows: list[Tensor] = []
    columns: Tensor | None = None
    for part in x.split(block or len(x)):
        if block:
            sums = checkpoint(_logarithms, part, y, scale, use_reentrant=False)
            assert sums is not None
        else:
            sums = _logarithms(part, y, scale)
        rows.append(sums[0])
        columns = sums[1] if columns is None else torch.logaddexp(columns, sums[1])
    assert columns is not None
    own = scale * (x * y).sum(dim=1)  # (B,)
    return (torch.cat(rows) - own).mean(), (columns - own).mean()


def _logarithms(x: Tensor, y: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
    """(R,) and (B,) log-sum-exps of the rows and columns of the (R, B) logits."""
    logits = (x * scale) @ y.T
    return logits.logsumexp(dim=1), logits.logsumexp(dim=0)
