"""The curves beside the loss, on numbers that can be read off."""

import pytest
import torch

from mc3core.losses.shares import similarity_shares
from tests.mc3core.losses.rows import three


def test_mean_and_quantiles_of_every_pair() -> None:
    angles = torch.linspace(0, 1, 11).acos()
    audio = torch.tensor([[1.0, 0.0]]).repeat(11, 1)
    video = torch.stack([angles.cos(), angles.sin()], dim=1)  # own cosines 0, .1, ..., 1
    shares = similarity_shares(audio, video, -audio)
    names = [f"{p}_{q}" for p in ("a_v", "a_l", "v_l") for q in ("mean", "q10", "q50", "q90")]
    assert list(shares) == names
    values = [float(shares[f"a_v_{q}"]) for q in ("mean", "q10", "q50", "q90")]
    assert values == pytest.approx([0.5, 0.1, 0.5, 0.9], abs=1e-6)
    assert float(shares["a_l_q10"]) == pytest.approx(-1)
    assert float(shares["v_l_q90"]) == pytest.approx(-0.1, abs=1e-6)


def test_are_detached_and_take_half_precision_and_one_clip() -> None:
    rows = [each.half().requires_grad_() for each in three(1, 4, 1)]
    shares = similarity_shares(rows[0], rows[1], rows[2])
    assert all(not each.requires_grad and bool(each.isfinite()) for each in shares.values())
    with pytest.raises(ValueError, match="similarity_shares needs"):
        similarity_shares(rows[0], rows[1], rows[2][:0])
