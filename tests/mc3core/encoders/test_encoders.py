"""The encoders take what the configuration says."""

from collections.abc import Callable

import pytest
import torch

from mc3core.config import RunConfig
from mc3core.encoders.stem import ConvolutionStem
from mc3core.encoders.text import TextEncoder
from mc3core.encoders.video import VideoEncoder

MakeConfig = Callable[..., RunConfig]


@pytest.mark.parametrize(("frames", "side"), [(6, 64), (5, 64), (1, 32), (16, 112)])
def test_the_stem_gives_the_shape_it_says(frames: int, side: int) -> None:
    stem = ConvolutionStem()
    out_frames, out_side, channels = stem.output_shape(frames, side)
    maps = stem(torch.rand(2, frames, 3, side, side))
    assert maps.shape == (2, out_frames, channels, out_side, out_side)


@pytest.mark.parametrize("stem", ["none", "convolution"])
@pytest.mark.parametrize("pool", ["token", "mean"])
def test_video_of_either_kind_is_one_row_a_clip(
    stem: str, pool: str, make_config: MakeConfig
) -> None:
    settings = {"stem": stem, "pool": pool, "patch": "2" if stem == "convolution" else "16"}
    config = make_config(**{f"encoders__video__{key}": value for key, value in settings.items()})
    encoder = VideoEncoder(config.encoders.video)
    assert encoder(torch.rand(3, 6, 3, 64, 64)).shape == (3, 16)


def test_video_tells_a_motion_from_its_reverse(make_config: MakeConfig) -> None:
    torch.manual_seed(0)
    encoder = VideoEncoder(make_config().encoders.video).eval()
    video = torch.rand(2, 6, 3, 64, 64)
    assert not torch.allclose(encoder(video), encoder(video.flip(1)), atol=1e-4)


@pytest.mark.parametrize("pool", ["token", "mean"])
def test_what_is_masked_in_a_narration_changes_nothing(pool: str, make_config: MakeConfig) -> None:
    encoder = TextEncoder(make_config(encoders__text__pool=pool).encoders.text).eval()
    short = torch.tensor([[2, 7, 8, 3]])
    longer = torch.tensor([[2, 7, 8, 3, 9, 9]])
    mask = torch.tensor([[1, 1, 1, 1, 0, 0]])
    alone = encoder(short, torch.ones_like(short))
    assert torch.allclose(alone, encoder(longer, mask), atol=1e-5)
