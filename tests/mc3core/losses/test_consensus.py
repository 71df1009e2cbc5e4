"""The consensus term against a loop over equations 2 and 3, and what its options promise."""

import itertools
from typing import get_args

import pytest
import torch
from torch import Tensor

from mc3core.losses.consensus import Gradient, Inverse, Norm, consensus, matrix_consensus
from tests.mc3core.losses.rows import three, three_learned

PAPER = (0.5, 1.0)  # vision, language
OPTIONS = list(itertools.product(get_args(Inverse), get_args(Norm)))


def cosines(clips: int, seed: int, modalities: int = 2) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return 1.8 * torch.rand(modalities, clips, generator=draw, dtype=torch.float64) - 0.9


def naive(similarities: Tensor, alphas: tuple[float, ...], inverse: Inverse, norm: Norm) -> float:
    total = 0.0
    for t in range(similarities.shape[1]):
        values = [float(s[t]) for s in similarities]
        scaled = [((s + 1) / 2) ** a for s, a in zip(values, alphas, strict=True)]
        least = min(scaled)
        bottleneck = alphas[scaled.index(least)]
        for s, alpha in zip(values, alphas, strict=True):
            undo = {"bottleneck": bottleneck, "one": 1.0, "own": alpha}[inverse]
            residual = s - (2 * least ** (1 / undo) - 1)
            total += abs(residual) if norm == "absolute" else residual**2
    return total / similarities.shape[1]


@pytest.mark.parametrize(("inverse", "norm"), OPTIONS)
@pytest.mark.parametrize("alphas", [PAPER, (1.0, 1.0), (0.3, 2.0)])
def test_equals_a_loop_over_the_equations(
    inverse: Inverse, norm: Norm, alphas: tuple[float, float]
) -> None:
    similarities = cosines(50, 1)
    found = consensus(similarities, alphas, inverse=inverse, norm=norm)
    assert float(found.loss) == pytest.approx(naive(similarities, alphas, inverse, norm), rel=1e-9)


def test_is_the_mean_gap_where_language_is_the_bottleneck() -> None:
    vision, language = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.0, -0.2])
    found = consensus(torch.stack([vision, language]), PAPER)
    assert found.bottleneck.tolist() == [1, 1, 1]
    assert float(found.loss) == pytest.approx((0.4 + 0.3 + 0.4) / 3)


def test_vision_is_the_bottleneck_only_below_the_curve_of_the_square_root() -> None:
    language = torch.tensor([0.1, 0.2, 0.3, 0.4])
    edge = 2 * ((language + 1) / 2) ** 2 - 1  # s_v < 2 u_l² - 1
    below = consensus(torch.stack([edge - 1e-3, language]), PAPER).bottleneck
    above = consensus(torch.stack([edge + 1e-3, language]), PAPER).bottleneck
    assert below.tolist() == [0, 0, 0, 0]
    assert above.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(("inverse", "norm"), OPTIONS)
def test_gradient_through_the_consensus_is_that_of_finite_differences(
    inverse: Inverse, norm: Norm
) -> None:
    similarities = cosines(6, 2).requires_grad_()

    def loss(s: Tensor) -> Tensor:
        return consensus(s, PAPER, inverse=inverse, norm=norm).loss

    assert torch.autograd.gradcheck(loss, (similarities,))


@pytest.mark.parametrize("inverse", get_args(Inverse))
def test_a_stopped_gradient_never_moves_the_bottleneck(inverse: Inverse) -> None:
    # Language is the bottleneck of all; its residual is 0 by algebra and must be 0 in float32 too.
    language = torch.linspace(-0.9, 0.9, 400)
    similarities = torch.stack([language + 0.05, language]).requires_grad_()
    found = consensus(similarities, PAPER, inverse=inverse, gradient="stopped")
    found.loss.backward()
    assert similarities.grad is not None
    assert found.bottleneck.eq(1).all()
    assert similarities.grad[1].abs().max() == 0
    assert similarities.grad[0].abs().min() > 0


def test_a_flowing_gradient_pulls_both_with_equal_force() -> None:
    similarities = torch.tensor([[0.6], [0.1]], requires_grad=True)
    consensus(similarities, PAPER).loss.backward()
    assert similarities.grad is not None
    assert similarities.grad.flatten().tolist() == pytest.approx([1.0, -1.0])


def test_alpha_has_no_say_with_one_inverse_while_language_is_the_bottleneck() -> None:
    similarities = torch.stack([torch.full((9,), 0.5), torch.linspace(-0.5, 0.4, 9)])
    half, whole = (
        consensus(similarities, (alpha, 1.0), inverse="one").loss for alpha in (0.5, 1.0)
    )
    assert float(half) == pytest.approx(float(whole))


def test_agreement_costs_nothing() -> None:
    level = torch.linspace(-0.9, 0.9, 7)
    found = consensus(torch.stack([level, level]), (1.0, 1.0))
    assert float(found.loss) == 0.0


def test_does_not_depend_on_the_order_of_the_batch() -> None:
    similarities = cosines(20, 3)
    order = torch.randperm(20, generator=torch.Generator().manual_seed(0))
    shuffled = consensus(similarities[:, order], PAPER).loss
    assert float(shuffled) == pytest.approx(float(consensus(similarities, PAPER).loss), rel=1e-12)


@pytest.mark.parametrize("gradient", get_args(Gradient))
@pytest.mark.parametrize("inverse", get_args(Inverse))
def test_gradients_stay_finite_at_opposite_vectors(gradient: Gradient, inverse: Inverse) -> None:
    similarities = torch.tensor([[-1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]], requires_grad=True)
    consensus(similarities, PAPER, inverse=inverse, gradient=gradient).loss.backward()
    assert similarities.grad is not None
    assert bool(torch.isfinite(similarities.grad).all())


def test_takes_more_than_two_modalities() -> None:
    alphas = (0.5, 1.0, 0.7)
    similarities = cosines(30, 4, modalities=3)
    found = consensus(similarities, alphas, inverse="own")
    assert float(found.loss) == pytest.approx(naive(similarities, alphas, "own", "absolute"))


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="M = 2"):
        consensus(torch.zeros(3, 4), PAPER)
    with pytest.raises(ValueError, match="above 0"):
        consensus(torch.zeros(2, 4), (0.0, 1.0))


@pytest.mark.parametrize("alphas", [PAPER, (1.0, 1.0), (0.3, 2.0)])
def test_matrix_equals_a_loop_over_all_pairs(alphas: tuple[float, float]) -> None:
    audio, video, text = three(6, 4, 5)
    squares = {"av": 0.0, "al": 0.0}
    own: list[int] = []
    for i, j in itertools.product(range(6), repeat=2):
        s_av, s_al = float(audio[i] @ video[j]), float(audio[i] @ text[j])
        scaled = [((s_av + 1) / 2) ** alphas[0], ((s_al + 1) / 2) ** alphas[1]]
        c = 2 * min(scaled) - 1
        squares["av"] += (s_av - c) ** 2
        squares["al"] += (s_al - c) ** 2
        if i == j:
            own.append(scaled.index(min(scaled)))
    found = matrix_consensus(audio, video, text, alphas)
    expected = squares["av"] ** 0.5 + squares["al"] ** 0.5
    assert float(found.loss) == pytest.approx(expected, rel=1e-9)
    assert found.bottleneck.tolist() == own


def test_matrix_is_nothing_where_all_agree_and_its_gradient_finite() -> None:
    audio, video, _ = three(6, 4, 6)
    video.requires_grad_()
    loss = matrix_consensus(audio, video, video, (1.0, 1.0)).loss
    (gradient,) = torch.autograd.grad(loss, video)
    assert float(loss.detach()) == 0 and not gradient.any()


def test_matrix_stops_the_gradient_through_its_target() -> None:
    rows = three_learned(6, 4, 7)
    flows = torch.autograd.grad(matrix_consensus(*rows, PAPER).loss, rows)
    stopped = torch.autograd.grad(matrix_consensus(*rows, PAPER, gradient="stopped").loss, rows)
    assert not torch.allclose(flows[1], stopped[1])


def test_matrix_refuses_what_does_not_fit() -> None:
    rows = torch.ones(3, 4)
    with pytest.raises(ValueError, match="matrix_consensus needs three"):
        matrix_consensus(rows, rows, rows[:2], PAPER)
    with pytest.raises(ValueError, match="above 0"):
        matrix_consensus(rows, rows, rows, (0.5, 0.0))
