"""The fused and the chunked six terms against six plain calls, for any weights of the six."""

import math
from functools import partial

import pytest
import torch
from torch import Tensor

from mc3core.losses.infonce import info_nce
from mc3core.losses.six import six_info_nce
from tests.benchmarks.bench_losses import ours, peak_bytes, three_clip_losses
from tests.mc3core.losses.rows import three, three_learned, unit_rows

BLOCKS = [None, 1, 4, 9, 20]
WEIGHTS = {
    "equal": torch.ones(6, dtype=torch.float64),
    "equal in pairs": torch.tensor([2.0, 2.0, 0.0, 0.0, -1.0, -1.0], dtype=torch.float64),
    "any": torch.tensor([0.3, -1.0, 2.0, 0.0, 0.0, 1.7], dtype=torch.float64),
}


def six_calls(a: Tensor, v: Tensor, t: Tensor, tau: Tensor) -> Tensor:
    pairs = [(a, v), (v, a), (a, t), (t, a), (v, t), (t, v)]
    return torch.stack([info_nce(left, right, tau) for left, right in pairs])


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=list(WEIGHTS))
@pytest.mark.parametrize("temperature", [1.0, 0.05, 0.026, 0.01, 0.001])
def test_equals_six_calls_and_their_gradients(
    temperature: float, weights: Tensor, block: int | None
) -> None:
    rows = three_learned(9, 5, 0)
    tau = torch.tensor(temperature, dtype=torch.float64, requires_grad=True)
    found, expected = six_info_nce(*rows, tau, block), six_calls(*rows, tau)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)
    inputs = [*rows, tau]
    torch.testing.assert_close(
        torch.autograd.grad((found * weights).sum(), inputs),
        torch.autograd.grad((expected * weights).sum(), inputs),
        rtol=1e-9,
        atol=1e-10 / temperature,
    )


@pytest.mark.parametrize("block", [None, 2])
@pytest.mark.parametrize("temperature", [0.3, 0.02])
def test_gradient_is_that_of_finite_differences(temperature: float, block: int | None) -> None:
    # As functions of rows that are not unit either: finite differences leave the sphere.
    rows = three_learned(3, 3, 5)
    tau = torch.tensor(temperature, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(partial(six_info_nce, block=block), (*rows, tau))


def test_takes_a_graph_twice_and_rows_that_need_no_gradient() -> None:
    audio, video, text = three(6, 4, 1)
    audio.requires_grad_()
    terms = six_info_nce(audio, video, text, 0.2)
    (once,) = torch.autograd.grad(terms.sum(), audio, retain_graph=True)
    (again,) = torch.autograd.grad(terms.sum(), audio)
    assert torch.equal(once, again)
    with torch.no_grad():
        assert torch.equal(six_info_nce(audio, video, text, 0.2), terms)


@pytest.mark.parametrize("block", [None, 4])
def test_a_gradient_of_the_gradient_is_refused_not_wrong(block: int | None) -> None:
    rows = three_learned(6, 4, 1)
    with pytest.raises(RuntimeError, match="differentiable once"):
        torch.autograd.grad(six_info_nce(*rows, 0.2, block).sum(), rows[:1], create_graph=True)


@pytest.mark.parametrize("block", [None, 3])
@pytest.mark.parametrize("temperature", [0.1, 0.01])
def test_is_log_of_the_batch_where_nothing_can_be_told_apart(
    temperature: float, block: int | None
) -> None:
    same = torch.ones(8, 4) / 2
    found = six_info_nce(same, same, same, temperature, block)
    assert found.tolist() == pytest.approx([math.log(8)] * 6, rel=1e-5)
    assert six_info_nce(same[:1], same[:1], same[:1], temperature, block).tolist() == [0.0] * 6


def test_modalities_may_change_places() -> None:
    a, v, t = three(7, 5, 2)
    found = six_info_nce(v, t, a, 0.2)  # v_l, l_v, v_a, a_v, l_a, a_l
    torch.testing.assert_close(found, six_info_nce(a, v, t, 0.2)[[4, 5, 1, 0, 3, 2]])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("block", [None, 5])
@pytest.mark.parametrize("temperature", [0.2, 0.01])
def test_half_precision_rows_are_reckoned_in_single(
    dtype: torch.dtype, block: int | None, temperature: float
) -> None:
    audio, video, text = (each.to(dtype).requires_grad_() for each in three(16, 8, 3))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = six_info_nce(audio, video, text, temperature, block)
        found.sum().backward()
    exact = six_info_nce(audio.double(), video.double(), text.double(), temperature).detach()
    assert found.dtype == torch.float32
    torch.testing.assert_close(found.double(), exact, rtol=1e-5, atol=1e-5)
    for each in (audio, video, text):
        assert each.grad is not None and each.grad.dtype == dtype
        assert bool(torch.isfinite(each.grad).all())


def test_rows_longer_than_one_do_not_overflow() -> None:
    a, v, t = ((30 * each).float().requires_grad_() for each in three(8, 4, 4))
    found = six_info_nce(a, v, t, 0.1)
    found.sum().backward()
    torch.testing.assert_close(found, six_calls(a, v, t, torch.tensor(0.1)))
    assert all(each.grad is not None and bool(each.grad.isfinite().all()) for each in (a, v, t))


def test_holds_the_memory_it_promises() -> None:
    draw = [unit_rows(1024, 32, seed).float().requires_grad_() for seed in range(3)]
    plain = peak_bytes(three_clip_losses, draw)
    assert peak_bytes(ours(None), draw) < 0.25 * plain
    assert peak_bytes(ours(64), draw) < 0.11 * plain


def test_refuses_what_does_not_fit() -> None:
    rows = torch.ones(3, 4)
    with pytest.raises(ValueError, match=r"three \(B, D\)"):
        six_info_nce(rows, rows, torch.ones(2, 4), 0.1)
    with pytest.raises(ValueError, match="temperature must be above 0"):
        six_info_nce(rows, rows, rows, 0.0)
    with pytest.raises(ValueError, match="at least 1 row"):
        six_info_nce(rows, rows, rows, 0.1, 0)
