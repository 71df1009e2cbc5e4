"""All six directed InfoNCE terms of three modalities at once, in half the work of six calls.

The two directions of a pair are the row and the column softmax of one matrix of logits. Unit
vectors bound a logit by 1/τ, so no running maximum is needed: exp is taken as it is, its row and
column sums stream in one pass, and the gradient of both directions is one product with the
exponentials. Floor: nine B·B·D matrix products, three forward and six backward, where six calls
take eighteen.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from mc3core.losses.similarities import at_least_single, check_rows, check_temperature

PAIRS = ((0, 1), (0, 2), (1, 2))  # audio-video, audio-language, video-language
# exp(±40) and its sums keep full single precision; past it the logarithms are taken blockwise.
LARGEST_LOGIT = 40.0
# Rows of a block where all exponentials of a pair are held. Time hardly depends on it (64 to 512).
CACHED_ROWS = 256


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
        block: None holds one (B, B) matrix of exponentials in the forward pass and forms the
            gradient there; a number of rows holds that many rows of it at a time, and computes
            them once more in the backward pass.

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
            inputs = (*modalities, scale)
            form = torch.is_grad_enabled() and any(each.requires_grad for each in inputs)
            terms: Tensor = _SixInfoNce.apply(*inputs, block, form)
            return terms
        return torch.stack(
            [
                term
                for left, right in PAIRS
                for term in _from_logarithms(modalities[left], modalities[right], scale, block)
            ]
        )


class _SixInfoNce(torch.autograd.Function):
    """The fused form. With `form`, the gradient is formed in the forward pass, while a pair's
    exponentials are there: that of both directions with equal weight, as every sum of them has it.
    Where the two weights of a pair turn out unequal, and always with `block`, the backward pass
    recomputes the exponentials blockwise.
    """

    @staticmethod
    def forward(
        ctx: Any,
        audio: Tensor,
        video: Tensor,
        text: Tensor,
        scale: Tensor,
        block: int | None,
        form: bool,
    ) -> Tensor:
        modalities = (audio, video, text)
        size = len(audio)
        rows = min(block or CACHED_ROWS, size)
        matrix = audio.new_empty(rows if block else size, size)  # a block's, or a pair's
        terms: list[Tensor] = []
        sums: list[Tensor] = []
        formed: list[Tensor] = []
        for left, right in PAIRS:
            x, y = modalities[left], modalities[right]
            own = scale * torch.linalg.vecdot(x, y)  # (B,)
            of_row, of_column = x.new_empty(size), x.new_zeros(size)
            for part in _blocks(size, rows):
                into = matrix[: part.stop - part.start] if block else matrix[part]
                exponentials = torch.mm(x[part] * scale, y.T, out=into).exp_()
                torch.sum(exponentials, dim=1, out=of_row[part])
                of_column += exponentials.sum(dim=0)
            terms += [(of_row.log() - own).mean(), (of_column.log() - own).mean()]
            sums += [of_row, of_column]
            if form and not block:
                by_x, by_y = torch.zeros_like(x), torch.zeros_like(y)
                for part in _blocks(size, rows):
                    share = 1 / of_row[part, None] + 1 / of_column
                    share *= matrix[part]
                    _add_gradient(share, part, scale.new_tensor(2.0), x, y, by_x, by_y)
                formed += [by_x, by_y]
        ctx.rows = rows
        ctx.save_for_backward(*modalities, scale, *sums, *formed)
        return torch.stack(terms)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():  # by create_graph; what was formed has no graph of its own
            raise RuntimeError("six_info_nce is differentiable once: use info_nce for more.")
        saved: tuple[Tensor, ...] = ctx.saved_tensors
        modalities, scale, sums, formed = saved[:3], saved[3], saved[4:10], saved[10:]
        size = len(modalities[0])
        gradients = [torch.zeros_like(each) for each in modalities]
        weights = upstream[0] * scale / size  # (6,) of the cosines' gradients
        with torch.autocast(scale.device.type, enabled=False):
            for pair, (left, right) in enumerate(PAIRS):
                forth, back = weights[2 * pair], weights[2 * pair + 1]
                if formed and bool(forth == back):
                    gradients[left].addcmul_(formed[2 * pair], forth)
                    gradients[right].addcmul_(formed[2 * pair + 1], forth)
                    continue
                x, y = modalities[left], modalities[right]
                of_row, of_column = forth / sums[2 * pair], back / sums[2 * pair + 1]  # (B,)
                matrix = x.new_empty(ctx.rows, size)
                for part in _blocks(size, ctx.rows):
                    into = matrix[: part.stop - part.start]
                    exponentials = torch.mm(x[part] * scale, y.T, out=into).exp_()
                    share = of_row[part, None] + of_column
                    share *= exponentials
                    _add_gradient(
                        share, part, forth + back, x, y, gradients[left], gradients[right]
                    )
        by_scale = None
        if ctx.needs_input_grad[3]:
            # A term depends on scale · cosine alone, so scale · ∂/∂scale = Σ cosine · ∂/∂cosine
            # = Σ x · ∂/∂x over either side of its pair; over both sides, twice that.
            by_scale = sum(
                torch.dot(each.flatten(), gradient.flatten())
                for each, gradient in zip(modalities, gradients, strict=True)
            ) / (2 * scale)
        return (*gradients, by_scale, None, None)


def _blocks(size: int, rows: int) -> Iterator[slice]:
    """Slices of `rows` rows, the last one shorter."""
    return (slice(start, min(start + rows, size)) for start in range(0, size, rows))


def _add_gradient(
    share: Tensor, part: slice, own: Tensor, x: Tensor, y: Tensor, by_x: Tensor, by_y: Tensor
) -> None:
    """Add what the rows `part` of a pair give: `share` (R, B), the two softmaxes weighted and
    summed, becomes the gradient by the cosines, less `own`, the sum of weights, at own pairs."""
    share[:, part].diagonal().sub_(own)
    by_x[part].addmm_(share, y)
    by_y.addmm_(share.T, x[part])


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
