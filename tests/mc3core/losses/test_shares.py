"""The curves beside the loss, on numbers that can be read off."""

import pytest
import torch

from mc3core.losses.shares import similarity_shares
from tests.mc3core.losses.rows import three


def test_mean_and_histogram_of_every_pair() -> None:
    angles = torch.tensor([0.05, 0.15, 0.17, 0.96]).acos()
    audio = torch.tensor([[1.0, 0.0]]).repeat(4, 1)
    video = torch.stack([angles.cos(), angles.sin()], dim=1)  # own cosines as above
    shares = similarity_shares(audio, video, -audio)
    names = [f"{pair}_{what}" for pair in ("a_v", "a_l", "v_l") for what in ("mean", "histogram")]
    assert list(shares) == names
    assert float(shares["a_v_mean"]) == pytest.approx(0.3325, abs=1e-6)
    filled = {n: float(v) for n, v in enumerate(shares["a_v_histogram"]) if v > 0}
    assert filled == {10: 0.25, 11: 0.5, 19: 0.25}  # bins of .1 from -1
    assert float(shares["a_l_histogram"][0]) == 1  # exactly -1
    assert float(similarity_shares(audio, audio, audio)["a_v_histogram"][-1]) == 1  # exactly 1


def test_are_detached_and_take_half_precision_and_one_clip() -> None:
    rows = [each.half().requires_grad_() for each in three(1, 4, 1)]
    shares = similarity_shares(rows[0], rows[1], rows[2])
    assert all(not each.requires_grad and bool(each.isfinite().all()) for each in shares.values())
    with pytest.raises(ValueError, match="similarity_shares needs"):
        similarity_shares(rows[0], rows[1], rows[2][:0])
