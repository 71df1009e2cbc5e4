"""Active negatives: gradients by autograd, clusters that are plain to see, and the dictionary."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mc3core.losses import active_negatives
from mc3core.losses.active_negatives import choose_active, dictionary_info_nce
from mc3core.losses.infonce import info_nce
from tests.mc3core.losses.rows import unit_rows


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("partners", [False, True])
def test_clusters_the_gradient_that_autograd_gives(
    monkeypatch: pytest.MonkeyPatch, partners: bool
) -> None:
    anchors, pool, positives = unit_rows(5, 4, 1), unit_rows(8, 4, 2), unit_rows(5, 4, 3)
    seen: list[Tensor] = []

    def first_rows(points: Tensor, count: int, generator: torch.Generator) -> Tensor:
        seen.append(points)
        return torch.arange(count)

    monkeypatch.setattr(active_negatives, "_representatives", first_rows)
    choose_active(anchors, pool, 0.3, 2, seeded(), positives if partners else None)
    learned = pool.clone().requires_grad_()
    candidates = torch.cat([positives, learned]) if partners else learned
    # The pool stands in the denominator alone: the own partner's score has no gradient by it.
    loss = (anchors @ candidates.T / 0.3).logsumexp(dim=1).mean()
    loss.backward()
    assert learned.grad is not None
    torch.testing.assert_close(seen[0] / (5 * 0.3), learned.grad)


def test_takes_one_of_each_cluster() -> None:
    anchors = torch.eye(4)
    noise = 0.01 * torch.randn(20, 4, generator=seeded(3))
    pool = F.normalize(torch.eye(4).repeat_interleave(5, 0) + noise, dim=1)
    chosen = choose_active(anchors, pool, 0.1, 4, seeded())
    assert (chosen // 5).tolist() == [0, 1, 2, 3]
    assert torch.equal(chosen, choose_active(anchors, pool, 0.1, 4, seeded()))


@pytest.mark.parametrize("count", [1, 5, 12])
def test_chosen_rows_are_distinct_even_where_items_coincide(count: int) -> None:
    pool = unit_rows(3, 4, 5).repeat(4, 1)
    chosen = choose_active(unit_rows(6, 4, 4), pool, 0.2, count, seeded())
    assert len(set(chosen.tolist())) == count


def test_dictionary_adds_negatives() -> None:
    anchors, positives, dictionary = unit_rows(5, 4, 6), unit_rows(5, 4, 7), unit_rows(9, 4, 8)
    total = 0.0
    for i in range(5):
        others = [*positives, *dictionary]
        every = sum(math.exp(float(anchors[i] @ other) / 0.7) for other in others)
        total -= math.log(math.exp(float(anchors[i] @ positives[i]) / 0.7) / every)
    found = dictionary_info_nce(anchors, positives, dictionary, 0.7)
    assert float(found) == pytest.approx(total / 5, rel=1e-10)
    assert float(dictionary_info_nce(anchors, positives, dictionary[:0], 0.7)) == pytest.approx(
        float(info_nce(anchors, positives, 0.7)), rel=1e-12
    )


def test_dictionary_gets_no_gradient() -> None:
    dictionary = unit_rows(9, 4, 8).requires_grad_()
    loss = dictionary_info_nce(unit_rows(5, 4, 6), unit_rows(5, 4, 7), dictionary, 0.7)
    assert not loss.requires_grad


def test_refuses_what_does_not_fit() -> None:
    rows = unit_rows(5, 4, 1)
    with pytest.raises(ValueError, match=r"count in 1\.\.5"):
        choose_active(rows, rows, 0.2, 6, seeded())
    with pytest.raises(ValueError, match=r"\(N, D\) others"):
        choose_active(rows, unit_rows(5, 3, 1), 0.2, 2, seeded())
    with pytest.raises(ValueError, match=r"\(N, D\) others"):
        dictionary_info_nce(rows, rows, unit_rows(5, 3, 1), 0.2)
