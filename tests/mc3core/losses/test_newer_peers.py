"""Symile, GRAM, TRIANGLE, SigLIP and robust xID against loops, and what their formulas promise."""

import math

import pytest
import torch
from torch import Tensor

from mc3core.losses.gram import gram, gram_volumes
from mc3core.losses.infonce import info_nce
from mc3core.losses.robust_xid import cycle_targets, robust_xid, xid_weights
from mc3core.losses.siglip import siglip
from mc3core.losses.symile import symile
from mc3core.losses.triangle import triangle, triangle_areas
from tests.mc3core.losses.rows import three, unit_rows

ROWS, D, TAU = 5, 6, 0.3
AUDIO, VIDEO, TEXT = three(ROWS, D, 1)


def cross_entropy(logits: list[float], target: list[float]) -> float:
    every = math.log(sum(math.exp(logit) for logit in logits))
    return sum(t * (every - logit) for t, logit in zip(target, logits, strict=True))


def one_hot(i: int, smoothing: float = 0.0) -> list[float]:
    return [smoothing / ROWS + (1 - smoothing) * (i == j) for j in range(ROWS)]


def test_symile_equals_a_loop() -> None:
    order = torch.tensor([[2, 0, 1, 4, 3], [1, 2, 3, 4, 0]])
    total = 0.0
    for x, y, z in ((AUDIO, VIDEO, TEXT), (VIDEO, TEXT, AUDIO), (TEXT, AUDIO, VIDEO)):
        for i in range(ROWS):
            logits: list[float] = []
            for j in range(ROWS):
                left, right = (i, i) if i == j else (int(order[0, j]), int(order[1, j]))
                product = sum(float(x[i, d] * y[left, d] * z[right, d]) for d in range(D))
                logits.append(math.sqrt(D) / TAU * product)
            total += cross_entropy(logits, one_hot(i))
    found = symile(AUDIO, VIDEO, TEXT, TAU, order)
    assert float(found) == pytest.approx(total / ROWS / 3, rel=1e-10)


def test_symile_draws_by_its_seed() -> None:
    draws = [
        float(symile(AUDIO, VIDEO, TEXT, TAU, torch.Generator().manual_seed(s))) for s in (0, 0, 1)
    ]
    assert draws[0] == draws[1] != draws[2]


def volume(i: int, j: int) -> float:
    rows = torch.stack([TEXT[i], VIDEO[j], AUDIO[j]])
    return math.sqrt(abs(float(torch.linalg.det(rows @ rows.T))))


def area(i: int, j: int) -> float:
    u, w = TEXT[i] - VIDEO[j], TEXT[i] - AUDIO[j]
    return float((u @ u) * (w @ w) - (u @ w) ** 2) / 2


def test_gram_and_triangle_equal_loops() -> None:
    for measures, loss, one in ((gram_volumes, gram, volume), (triangle_areas, triangle, area)):
        expected = [[one(i, j) for j in range(ROWS)] for i in range(ROWS)]
        torch.testing.assert_close(measures(AUDIO, VIDEO, TEXT), torch.tensor(expected).double())
        total = 0.0
        for i in range(ROWS):
            total += cross_entropy([-m / TAU for m in expected[i]], one_hot(i, 0.1))
            total += cross_entropy([-row[i] / TAU for row in expected], one_hot(i, 0.1))
        found = loss(AUDIO, VIDEO, TEXT, TAU)
        assert float(found) == pytest.approx(total / ROWS / 2, rel=1e-6)


def test_volume_and_area_have_their_closed_forms() -> None:
    a, v, t = torch.eye(3, dtype=torch.float64)[:, None]
    assert float(gram_volumes(a, v, t)) == pytest.approx(1)
    assert float(gram_volumes(a, a, t)) == pytest.approx(0, abs=1e-4)
    assert float(triangle_areas(a, v, t)) == pytest.approx(3 / 2)  # (2 · 2 - 1) / 2
    assert float(triangle_areas(a, a, t)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("measures", [gram_volumes, triangle_areas])
def test_own_measure_is_the_same_whichever_modality_comes_first(measures: object) -> None:
    of = gram_volumes if measures is gram_volumes else triangle_areas
    own = of(AUDIO, VIDEO, TEXT).diagonal()
    torch.testing.assert_close(of(TEXT, AUDIO, VIDEO).diagonal(), own)
    torch.testing.assert_close(of(VIDEO, AUDIO, TEXT).diagonal(), own)


def test_siglip_equals_a_loop_and_is_symmetric() -> None:
    total = 0.0
    for i in range(ROWS):
        for j in range(ROWS):
            sign = 1 if i == j else -1
            total += math.log1p(math.exp(-sign * (10 * float(AUDIO[i] @ VIDEO[j]) - 3)))
    found = siglip(AUDIO, VIDEO, 10.0, torch.tensor(-3.0))
    assert float(found) == pytest.approx(total / ROWS, rel=1e-10)
    assert float(siglip(VIDEO, AUDIO, 10.0, -3.0)) == pytest.approx(float(found), rel=1e-12)
    with pytest.raises(ValueError, match="scale must be above 0"):
        siglip(AUDIO, VIDEO, 0.0, -3.0)


def normal(z: float) -> float:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def xid_targets(share: float) -> list[list[float]]:
    targets: list[list[float]] = []
    for i in range(ROWS):
        path = [
            math.exp(
                float(AUDIO[i] @ VIDEO[i]) / 0.2
                + float(AUDIO[i] @ VIDEO[j]) / 0.1
                + float(AUDIO[j] @ VIDEO[j]) / 0.2
            )
            for j in range(ROWS)
        ]
        targets.append([(1 - share) * (i == j) + share * path[j] / sum(path) for j in range(ROWS)])
    return targets


def xid_weight(values: list[float]) -> list[float]:
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((s - mean) ** 2 for s in values) / len(values)) + 1e-6
    return [0.25 + 0.75 * normal((s - mean) / (deviation * math.sqrt(0.5))) for s in values]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_robust_xid_equals_a_loop(share: float) -> None:
    own = (AUDIO * VIDEO).sum(1)
    targets, weights = xid_targets(share), xid_weight(own.tolist())
    torch.testing.assert_close(cycle_targets(AUDIO, VIDEO, share), torch.tensor(targets).double())
    assert xid_weights(own).tolist() == pytest.approx(weights)
    total = 0.0
    for i in range(ROWS):
        logits = [float(AUDIO[i] @ v) / TAU for v in VIDEO]
        total += weights[i] * cross_entropy(logits, targets[i])
    found = robust_xid(AUDIO, VIDEO, TAU, share)
    assert float(found) == pytest.approx(total / sum(weights), rel=1e-8)


def test_robust_xid_is_info_nce_where_nothing_is_soft_and_all_agree_alike() -> None:
    even = unit_rows(ROWS, D, 9)
    found = robust_xid(even, even, TAU, 0.0)
    assert float(found) == pytest.approx(float(info_nce(even, even, TAU)), rel=1e-9)


def test_robust_xid_keeps_its_statistics_where_they_are_given() -> None:
    own = torch.tensor([0.0, 0.5, 1.0])
    found = xid_weights(own, torch.tensor(0.5), torch.tensor(0.25))
    expected = [0.25 + 0.75 * normal((s - 0.5) / (0.25 * math.sqrt(0.5))) for s in own.tolist()]
    assert found.tolist() == pytest.approx(expected, rel=1e-4)
    assert not xid_weights(own.requires_grad_()).requires_grad
    assert not cycle_targets(AUDIO.clone().requires_grad_(), VIDEO, 0.5).requires_grad


def test_gradient_of_robust_xid_is_that_of_finite_differences_of_its_students() -> None:
    weights, targets = xid_weights((AUDIO * VIDEO).sum(1)), cycle_targets(AUDIO, VIDEO, 0.6)

    def held_still(audio: Tensor) -> Tensor:
        terms = -(targets * (audio @ VIDEO.T / TAU).log_softmax(1)).sum(1)
        return (weights * terms).sum() / weights.sum()

    audio = AUDIO.clone().requires_grad_()
    (found,) = torch.autograd.grad(robust_xid(audio, VIDEO, TAU, 0.6), audio)
    (expected,) = torch.autograd.grad(held_still(audio), audio)
    torch.testing.assert_close(found, expected)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        cycle_targets(AUDIO, VIDEO, 1.5)
    with pytest.raises(ValueError, match="temperature must be above 0"):
        cycle_targets(AUDIO, VIDEO, 0.5, target_temperature=0.0)
    with pytest.raises(ValueError, match="κ > 0"):
        xid_weights(torch.zeros(3), sharpness=0.0)
    with pytest.raises(ValueError, match=r"`order` of shape \(2, 5\)"):
        symile(AUDIO, VIDEO, TEXT, TAU, torch.arange(5))
