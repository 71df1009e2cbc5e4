"""What every loss must hold: right gradients, no order in the batch, a way out at the corners."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from mc3core.losses.active_negatives import dictionary_info_nce
from mc3core.losses.bank import bank_nce, bank_softmax
from mc3core.losses.consensus import consensus, matrix_consensus
from mc3core.losses.egonce import ego_nce, same_action
from mc3core.losses.gated import gate, gated_ego_av, gated_ego_va, gated_info_nce, gated_push
from mc3core.losses.gram import gram
from mc3core.losses.infonce import info_nce, info_nce_terms
from mc3core.losses.robust_xid import robust_xid
from mc3core.losses.siglip import siglip
from mc3core.losses.six import six_info_nce
from mc3core.losses.soft_targets import language_targets, soft_info_nce
from mc3core.losses.symile import symile
from mc3core.losses.triangle import triangle
from tests.mc3core.losses.rows import three, three_learned, unit_rows

Loss = Callable[[Tensor, Tensor, Tensor, float | Tensor], Tensor]
D = 4
# Constants of the losses, none of which belongs to one row of the batch.
BANK = unit_rows(11, D, 77)


def own(left: Tensor, right: Tensor) -> Tensor:
    return (left * right).sum(dim=1)


def fixed_gates(rows: Tensor) -> Tensor:
    """Gates that follow their rows through a permutation and hold still for finite differences."""
    return 0.2 + 0.6 * (rows.detach()[:, 0] > 0).to(rows.dtype)


def fixed_groups(rows: Tensor) -> Tensor:
    """Two groups and clips of none, which follow their rows through a permutation."""
    return torch.where(rows[:, 1] > 0.6, -1, (rows[:, 1] > 0).long())


def of_bank(loss: Callable[..., Tensor], anchors: Tensor, *rest: object) -> Tensor:
    rows = torch.zeros(len(anchors), dtype=torch.int64)
    negatives = torch.tensor([[1, 5, 5, 8]]).expand(len(anchors), -1)
    return loss(anchors, BANK.to(anchors.dtype), rows, negatives, *rest)


def turned(rows: Tensor) -> Tensor:
    """A pair of permutations that commutes with no shuffle of the batch: for gradients alone."""
    steps = torch.arange(len(rows))
    return torch.stack([steps.roll(1), steps.flip(0)])


LOSSES: dict[str, Loss] = {
    "info_nce": lambda a, v, t, tau: info_nce(a, v, tau),
    "info_nce_terms": lambda a, v, t, tau: info_nce_terms(a, v, tau).square().mean(),
    "six": lambda a, v, t, tau: six_info_nce(a, v, t, tau).square().sum(),
    "consensus": lambda a, v, t, tau: consensus(torch.stack([own(a, v), own(a, t)]), (0.5, 1)).loss,
    "matrix_consensus": lambda a, v, t, tau: matrix_consensus(a, v, t).loss,
    "ego_nce": lambda a, v, t, tau: ego_nce(a, v, same_action(fixed_groups(t)), tau),
    "soft_info_nce": lambda a, v, t, tau: soft_info_nce(
        a, v, language_targets(BANK[: len(a)].to(a.dtype), BANK[: len(a)].to(a.dtype), 1.0)[0], tau
    ),
    "gated_info_nce": lambda a, v, t, tau: gated_info_nce(a, v, fixed_gates(t), tau),
    "gated_push": lambda a, v, t, tau: gated_push(own(a, v), fixed_gates(t)),
    "gated_ego_av": lambda a, v, t, tau: gated_ego_av(
        a, v, fixed_gates(t), same_action(fixed_groups(t)), tau
    ),
    "gated_ego_va": lambda a, v, t, tau: gated_ego_va(
        a, v, fixed_gates(t), same_action(fixed_groups(t)), tau
    ),
    "bank_nce": lambda a, v, t, tau: of_bank(bank_nce, a, tau, torch.tensor(9.0)),
    "bank_softmax": lambda a, v, t, tau: of_bank(bank_softmax, a, tau),
    "dictionary": lambda a, v, t, tau: dictionary_info_nce(a, v, BANK, tau),
    "symile": lambda a, v, t, tau: symile(a, v, t, tau, turned(a)),
    "gram": lambda a, v, t, tau: gram(a, v, t, tau),
    "triangle": lambda a, v, t, tau: triangle(a, v, t, tau),
    "siglip": lambda a, v, t, tau: siglip(a, v, 1 / tau, -2.0),
    "robust_xid": lambda a, v, t, tau: robust_xid(a, v, tau, 0.6),
}
# Their targets and weights are detached functions of the same rows, or the batch has an order.
HELD_STILL = {"robust_xid"}
ORDERED = {"symile", "soft_info_nce"}
every_loss = pytest.mark.parametrize("name", LOSSES)


@pytest.mark.parametrize("name", sorted(LOSSES.keys() - HELD_STILL))
def test_gradient_is_that_of_finite_differences(name: str) -> None:
    rows = three_learned(4, D, 1)
    tau = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(LOSSES[name], (*rows, tau))


@pytest.mark.parametrize("name", sorted(LOSSES.keys() - ORDERED))
def test_does_not_depend_on_the_order_of_the_batch(name: str) -> None:
    rows = three(9, D, 2)
    order = torch.randperm(9, generator=torch.Generator().manual_seed(0))
    audio, video, text = rows
    shuffled = LOSSES[name](audio[order], video[order], text[order], 0.2)
    assert float(shuffled) == pytest.approx(float(LOSSES[name](*rows, 0.2)), rel=1e-10)


@every_loss
@pytest.mark.parametrize("temperature", [0.2, 0.005])
@pytest.mark.parametrize("case", ["random", "one", "identical", "opposite"])
def test_stays_finite_at_the_corners(name: str, temperature: float, case: str) -> None:
    audio, video, text = (each.float() for each in three(1 if case == "one" else 6, D, 3))
    if case in ("identical", "opposite"):
        audio = audio[:1].repeat(6, 1)
        video = text = -audio if case == "opposite" else audio.clone()
    audio, video, text = (each.clone().requires_grad_() for each in (audio, video, text))
    loss = LOSSES[name](audio, video, text, temperature)
    assert bool(torch.isfinite(loss)) and loss.ndim == 0
    if loss.requires_grad:
        for gradient in torch.autograd.grad(loss, (audio, video, text), allow_unused=True):
            assert gradient is None or bool(torch.isfinite(gradient).all())


@every_loss
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_near_double(name: str, dtype: torch.dtype) -> None:
    audio, video, text = (each.to(dtype) for each in three(8, D, 4))
    exact = float(LOSSES[name](audio.double(), video.double(), text.double(), 0.1))
    assert float(LOSSES[name](audio, video, text, 0.1)) == pytest.approx(exact, rel=2e-2, abs=2e-2)


@pytest.mark.parametrize("name", sorted(LOSSES.keys() - {"consensus", "gated_push"}))
def test_refuses_rows_that_do_not_match(name: str) -> None:
    audio, video, text = three(5, D, 5)
    with pytest.raises(ValueError, match="needs"):
        LOSSES[name](audio[:, :, None], video[:4], text[:4], 0.2)


@pytest.mark.parametrize(
    "name",
    sorted(LOSSES.keys() - {"consensus", "matrix_consensus", "gated_push", "siglip"}),
)
def test_refuses_a_temperature_of_nothing(name: str) -> None:
    for temperature in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="temperature must be above 0"):
            LOSSES[name](*three(5, D, 6), temperature)


def test_no_gradient_enters_what_decides() -> None:
    audio, video, text = (each.requires_grad_() for each in three(5, D, 7))
    decided = [gate(own(audio, text)), *language_targets(audio, text, 0.1)]
    assert not any(each.requires_grad for each in decided)
    assert video.requires_grad
