"""The memory bank's two losses against loops over the source's formula, and the bank itself."""

import math

import pytest
import torch

from mc3core.losses.bank import bank_nce, bank_softmax, bank_start, first_normaliser, update_bank
from tests.mc3core.losses.rows import unit_rows

N, K, TAU = 12, 5, 0.2
ANCHORS, BANK = unit_rows(4, 6, 1), unit_rows(N, 6, 2)
OWN = torch.tensor([3, 0, 11, 7])
DRAWN = torch.randint(N, (4, K), generator=torch.Generator().manual_seed(0))


def scores(i: int) -> list[float]:
    rows = [int(OWN[i]), *DRAWN[i].tolist()]
    return [math.exp(float(ANCHORS[i] @ BANK[row]) / TAU) for row in rows]


def test_losses_equal_loops_over_their_equations() -> None:
    every = [score for i in range(4) for score in scores(i)]
    z = N * sum(every) / len(every)
    noise = K / N
    nce = softmax = 0.0
    for i in range(4):
        own, *others = scores(i)
        nce -= math.log(own / z / (own / z + noise))
        nce -= sum(math.log(noise / (other / z + noise)) for other in others)
        softmax -= math.log(own / (own + sum(others)))
    normaliser = first_normaliser(ANCHORS, BANK, OWN, DRAWN, TAU)
    assert float(normaliser) == pytest.approx(z, rel=1e-10)
    found = bank_nce(ANCHORS, BANK, OWN, DRAWN, TAU, normaliser)
    assert float(found) == pytest.approx(nce / 4, rel=1e-10)
    assert float(bank_softmax(ANCHORS, BANK, OWN, DRAWN, TAU)) == pytest.approx(
        softmax / 4, rel=1e-10
    )


def test_only_the_anchors_get_a_gradient() -> None:
    anchors, bank = ANCHORS.clone().requires_grad_(), BANK.clone().requires_grad_()
    normaliser = first_normaliser(anchors, bank, OWN, DRAWN, TAU)
    assert not normaliser.requires_grad
    bank_nce(anchors, bank, OWN, DRAWN, TAU, normaliser).backward()
    assert anchors.grad is not None and bool(anchors.grad.any()) and bank.grad is None


def test_a_bank_starts_with_rows_of_about_unit_length_by_its_seed() -> None:
    bank = bank_start(400, 64, torch.Generator().manual_seed(1))
    assert float(bank.square().sum(1).mean()) == pytest.approx(1, abs=0.05)
    assert float(bank.abs().max()) <= math.sqrt(3 / 64)
    assert torch.equal(bank, bank_start(400, 64, torch.Generator().manual_seed(1)))
    assert not torch.equal(bank, bank_start(400, 64, torch.Generator().manual_seed(2)))


@pytest.mark.parametrize("momentum", [0.0, 0.5, 1.0])
def test_update_mixes_in_place_and_renormalises(momentum: float) -> None:
    bank, fresh = BANK.clone(), ANCHORS.clone().requires_grad_()
    update_bank(bank, OWN, fresh, momentum)
    for i, row in enumerate(OWN.tolist()):
        mixed = momentum * BANK[row] + (1 - momentum) * ANCHORS[i]
        torch.testing.assert_close(bank[row], mixed / mixed.norm())
    others = [row for row in range(N) if row not in OWN.tolist()]
    assert torch.equal(bank[others], BANK[others]) and not bank.requires_grad


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="The bank needs"):
        bank_softmax(ANCHORS, BANK[:, :5], OWN, DRAWN, TAU)
    with pytest.raises(ValueError, match="The bank needs"):
        bank_nce(ANCHORS, BANK, OWN[:3], DRAWN, TAU, torch.tensor(1.0))
    with pytest.raises(ValueError, match="The bank needs"):
        bank_nce(ANCHORS, BANK, OWN, DRAWN[:3], TAU, torch.tensor(1.0))
    with pytest.raises(ValueError, match="update_bank needs"):
        update_bank(BANK.clone(), OWN[:3], ANCHORS, 0.5)
