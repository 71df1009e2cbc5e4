"""The gate and its four terms against loops over their equations, and what they fall back to."""

import math

import pytest
import torch
from torch import Tensor

from mc3core.losses.egonce import ego_nce, same_action
from mc3core.losses.gated import gate, gated_ego_av, gated_ego_va, gated_info_nce, gated_push
from mc3core.losses.infonce import info_nce
from tests.mc3core.losses.rows import three, unit_rows

ROWS = 7
GATES = torch.linspace(0.05, 0.95, ROWS, dtype=torch.float64)
SAME = same_action(torch.tensor([0, 1, 0, -1, 1, -1, 0]))


def scores(anchor: Tensor, candidates: Tensor, temperature: float) -> list[float]:
    return [math.exp(float(anchor @ c) / temperature) for c in candidates]


def test_gate_standardises_over_the_batch() -> None:
    agreement = [0.3, -0.1, 0.7, 0.2]
    mean = sum(agreement) / 4
    deviation = math.sqrt(sum((s - mean) ** 2 for s in agreement) / 4)
    expected = [1 / (1 + math.exp(-4 * (s - mean) / (deviation + 1e-6))) for s in agreement]
    assert gate(torch.tensor(agreement)).tolist() == pytest.approx(expected, rel=1e-5)
    assert gate(torch.tensor([0.4])).tolist() == [0.5]
    assert gate(torch.tensor([0.4, 0.4, 0.4])).tolist() == pytest.approx([0.5] * 3)


def test_terms_equal_loops_over_their_equations() -> None:
    audio, video, _ = three(ROWS, 5, 1)
    plain = push = av = va = 0.0
    for i in range(ROWS):
        g = float(GATES[i])
        forth, back = scores(audio[i], video, 0.2), scores(video[i], audio, 0.2)
        mine = [j for j in range(ROWS) if SAME[i, j]]
        plain -= g * math.log(forth[i] / sum(forth))
        push += (1 - g) * math.log(1 + math.exp(float(audio[i] @ video[i])))
        av -= g * math.log(sum(forth[j] for j in mine) / sum(forth))
        mass = min(1.0, sum(float(GATES[j]) for j in mine))
        va -= mass * math.log(sum(float(GATES[j]) * back[j] for j in mine) / sum(back))
    found = [
        gated_info_nce(audio, video, GATES, 0.2),
        gated_push((audio * video).sum(1), GATES),
        gated_ego_av(audio, video, GATES, SAME, 0.2),
        gated_ego_va(audio, video, GATES, SAME, 0.2),
    ]
    expected = [total / ROWS for total in (plain, push, av, va)]
    assert [float(each) for each in found] == pytest.approx(expected, rel=1e-10)


def test_open_gates_leave_the_plain_losses() -> None:
    audio, video, _ = three(ROWS, 5, 2)
    opened = torch.ones(ROWS, dtype=torch.float64)
    pairs = [
        (gated_info_nce(audio, video, opened, 0.2), info_nce(audio, video, 0.2)),
        (gated_ego_av(audio, video, opened, SAME, 0.2), ego_nce(audio, video, SAME, 0.2)),
        (gated_ego_va(audio, video, opened, SAME, 0.2), ego_nce(video, audio, SAME, 0.2)),
        (gated_push((audio * video).sum(1), opened), torch.tensor(0.0)),
    ]
    for found, expected in pairs:
        assert float(found) == pytest.approx(float(expected), rel=1e-10)


def test_a_shut_gate_takes_a_sound_out_and_stays_finite() -> None:
    audio, video, _ = three(4, 5, 3)
    audio.requires_grad_()
    shut = torch.tensor([0.0, 1.0, 1.0, 1.0], dtype=torch.float64)
    alone = torch.eye(4, dtype=torch.bool)
    for loss in (gated_ego_va, gated_ego_av):
        found = loss(audio, video, shut, alone, 0.2)
        (gradient,) = torch.autograd.grad(found, audio)
        assert bool(torch.isfinite(found)) and bool(torch.isfinite(gradient).all())
    # The push moves the shut clip alone, away from its video.
    (gradient,) = torch.autograd.grad(gated_push((audio * video).sum(1), shut), audio)
    assert float(gradient[0] @ video[0]) > 0 and not gradient[1:].any()


def test_refuses_what_does_not_fit() -> None:
    rows, gates = unit_rows(3, 4, 0), torch.ones(2)
    same = torch.eye(3, dtype=torch.bool)
    for call in (
        lambda: gate(torch.ones(2, 2)),
        lambda: gated_info_nce(rows, rows, gates, 0.1),
        lambda: gated_push(torch.ones(3), gates),
        lambda: gated_ego_av(rows, rows, gates, same, 0.1),
        lambda: gated_ego_va(rows, rows, gates, same, 0.1),
        lambda: gated_ego_va(rows, rows, torch.ones(3), same[:2], 0.1),
    ):
        with pytest.raises(ValueError, match="needs"):
            call()
