"""EgoNCE against a loop, and which clips are each other's positives."""

import math

import pytest
import torch

from mc3core.losses.egonce import ego_nce, same_action
from mc3core.losses.infonce import info_nce
from tests.mc3core.losses.rows import unit_rows


def test_a_clip_whose_narration_was_not_parsed_is_like_itself_alone() -> None:
    same = same_action(torch.tensor([3, -1, 3, -1, 0]))
    expected = torch.eye(5, dtype=torch.bool)
    expected[0, 2] = expected[2, 0] = True
    assert torch.equal(same, expected)
    assert same_action(torch.tensor([-1])).tolist() == [[True]]


@pytest.mark.parametrize("rows", [1, 2, 9])
@pytest.mark.parametrize("temperature", [0.05, 0.3])
def test_equals_a_loop_over_the_equation(rows: int, temperature: float) -> None:
    anchors, positives = unit_rows(rows, 5, 1), unit_rows(rows, 5, 2)
    groups = [(i % 3) - 1 for i in range(rows)]
    total = 0.0
    for i in range(rows):
        scores = [math.exp(float(anchors[i] @ p) / temperature) for p in positives]
        mine = [j for j in range(rows) if j == i or groups[j] == groups[i] >= 0]
        total -= math.log(sum(scores[j] for j in mine) / sum(scores))
    found = ego_nce(anchors, positives, same_action(torch.tensor(groups)), temperature)
    assert float(found) == pytest.approx(total / rows, rel=1e-10)


def test_is_info_nce_without_shared_actions_and_nothing_with_one() -> None:
    anchors, positives = unit_rows(6, 5, 3), unit_rows(6, 5, 4)
    alone = ego_nce(anchors, positives, same_action(torch.arange(6)), 0.2)
    assert float(alone) == pytest.approx(float(info_nce(anchors, positives, 0.2)), rel=1e-12)
    assert float(ego_nce(anchors, positives, same_action(torch.zeros(6).long()), 0.2)) == 0


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"\(B,\) groups"):
        same_action(torch.zeros(2, 2).long())
    with pytest.raises(ValueError, match=r"`same` of shape \(3, 3\)"):
        ego_nce(torch.ones(3, 4), torch.ones(3, 4), torch.ones(2, 2).bool(), 0.1)
