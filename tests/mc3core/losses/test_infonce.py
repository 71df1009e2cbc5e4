"""InfoNCE against a loop that spells the equation out, a closed form, and finite differences."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses.infonce import info_nce


def unit_rows(rows: int, dimension: int, seed: int) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return F.normalize(torch.randn(rows, dimension, generator=draw, dtype=torch.float64), dim=1)


def naive(anchors: Tensor, positives: Tensor, temperature: float) -> float:
    total = 0.0
    for t in range(len(anchors)):
        own = math.exp(float(anchors[t] @ positives[t]) / temperature)
        every = sum(math.exp(float(anchors[t] @ p) / temperature) for p in positives)
        total -= math.log(own / every)
    return total / len(anchors)


@pytest.mark.parametrize("rows", [1, 2, 7, 33])
@pytest.mark.parametrize("temperature", [0.05, 0.2, 1.0])
def test_equals_a_loop_over_the_equation(rows: int, temperature: float) -> None:
    anchors, positives = unit_rows(rows, 8, rows), unit_rows(rows, 8, rows + 100)
    found = info_nce(anchors, positives, temperature)
    assert float(found) == pytest.approx(naive(anchors, positives, temperature), rel=1e-10)


@pytest.mark.parametrize("rows", [2, 5, 64])
def test_is_log_of_the_batch_where_nothing_can_be_told_apart(rows: int) -> None:
    same = torch.ones(rows, 4) / 2
    assert float(info_nce(same, same, 0.1)) == pytest.approx(math.log(rows), rel=1e-6)


@pytest.mark.parametrize("temperature", [0.05, 0.2, 1.0])
def test_has_its_closed_form_on_orthogonal_pairs(temperature: float) -> None:
    rows = 6
    perfect = torch.eye(rows, dtype=torch.float64)
    expected = math.log1p((rows - 1) * math.exp(-1 / temperature))
    assert float(info_nce(perfect, perfect, temperature)) == pytest.approx(expected, rel=1e-9)


def test_gradient_is_that_of_finite_differences() -> None:
    anchors = unit_rows(4, 3, 1).requires_grad_()
    positives = unit_rows(4, 3, 2).requires_grad_()
    tau = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(info_nce, (anchors, positives, tau))


def test_does_not_depend_on_the_order_of_the_batch() -> None:
    anchors, positives = unit_rows(9, 5, 3), unit_rows(9, 5, 4)
    order = torch.randperm(9, generator=torch.Generator().manual_seed(0))
    shuffled = info_nce(anchors[order], positives[order], 0.1)
    assert float(shuffled) == pytest.approx(float(info_nce(anchors, positives, 0.1)), rel=1e-12)


def test_is_directed() -> None:
    anchors, positives = unit_rows(9, 5, 3), unit_rows(9, 5, 4)
    forth, back = info_nce(anchors, positives, 0.1), info_nce(positives, anchors, 0.1)
    assert abs(float(forth - back)) > 1e-3


def test_stays_finite_at_a_low_temperature_in_single_precision() -> None:
    anchors = unit_rows(8, 4, 5).float().requires_grad_()
    loss = info_nce(anchors, -anchors.detach(), 0.01)
    loss.backward()
    assert torch.isfinite(loss) and anchors.grad is not None
    assert bool(torch.isfinite(anchors.grad).all())


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"two \(B, D\)"):
        info_nce(torch.ones(3, 4), torch.ones(2, 4), 0.1)
    with pytest.raises(ValueError, match="above 0"):
        info_nce(torch.ones(3, 4), torch.ones(3, 4), 0.0)
