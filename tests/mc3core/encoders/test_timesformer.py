"""The space-time transformer is the one its authors describe, not TimeSformer's."""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from mc3core.encoders.timesformer import SpaceTimeTransformer

SHAPE = {"side": 16, "patch": 4, "channels": 3, "frames": 5, "width": 24, "layers": 3, "heads": 4}


@pytest.fixture
def model() -> SpaceTimeTransformer:
    """Every entry at random, those that start at 0 or 1 included."""
    torch.manual_seed(0)
    model = SpaceTimeTransformer(**SHAPE).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model


def reference(entry: Mapping[str, Tensor], video: Tensor, patch: int, heads: int) -> Tensor:
    """Written down from the description, token by token: (B, T, C, H, W) → (B, 1 + T * P, W)."""

    def norm(x: Tensor, name: str) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        spread = (centred.square().mean(-1, keepdim=True) + 1e-6).sqrt()
        return centred / spread * entry[f"{name}.weight"] + entry[f"{name}.bias"]

    def linear(x: Tensor, name: str) -> Tensor:
        return torch.einsum("...i,oi->...o", x, entry[f"{name}.weight"]) + entry[f"{name}.bias"]

    def attention(x: Tensor, name: str, sees: Tensor) -> Tensor:
        """`sees` (N, N): whether token i attends to token j."""
        query, key, value = (
            part.unflatten(-1, (heads, -1)) for part in linear(x, f"{name}.qkv").chunk(3, dim=-1)
        )
        score = torch.einsum("bihd,bjhd->bhij", query, key) / query.shape[-1] ** 0.5
        share = score.masked_fill(~sees, -torch.inf).softmax(-1)
        return linear(torch.einsum("bhij,bjhd->bihd", share, value).flatten(2), f"{name}.proj")

    batch, frames, _, height, width = video.shape
    rows, columns = height // patch, width // patch
    kernel = entry["patch_embed.proj.weight"]
    tokens = [entry["cls_token"][:, 0].expand(batch, -1) + entry["pos_embed"][:, 0]]
    frame_of, place_of = [-1], [-1]
    for t in range(frames):
        for place in range(rows * columns):
            top, left = patch * (place // columns), patch * (place % columns)
            square = video[:, t, :, top : top + patch, left : left + patch]
            seen = torch.einsum("bchw,ochw->bo", square, kernel) + entry["patch_embed.proj.bias"]
            where = entry["pos_embed"][:, 1 + place] + entry["temporal_embed"][:, t]
            tokens.append(seen + where)
            frame_of.append(t)
            place_of.append(place)
    x = torch.stack(tokens, dim=1)
    frame, place = torch.tensor(frame_of), torch.tensor(place_of)
    is_class = frame == -1
    always = is_class[:, None] | is_class[None, :]
    same_frame = always | (frame[:, None] == frame[None, :])
    same_place = always | (place[:, None] == place[None, :])
    for block in range(1 + max(int(name.split(".")[1]) for name in entry if "blocks." in name)):
        name = f"blocks.{block}"
        time = x + attention(norm(x, f"{name}.norm3"), f"{name}.timeattn", same_place)
        space = x + attention(norm(time, f"{name}.norm1"), f"{name}.attn", same_frame)
        inner = linear(norm(space, f"{name}.norm2"), f"{name}.mlp.fc1")
        inner = inner * 0.5 * (1 + torch.erf(inner / 2**0.5))
        x = space + linear(inner, f"{name}.mlp.fc2")
    return norm(x, "norm")


@pytest.mark.parametrize("frames", [1, 3, 5])
def test_equals_a_reference_written_from_the_description(
    frames: int, model: SpaceTimeTransformer
) -> None:
    video = torch.randn(2, frames, 3, 16, 16)
    with torch.no_grad():
        found = model(video)
        expected = reference(model.state_dict(), video, patch=4, heads=4)
    assert found.shape == (2, 1 + frames * 16, 24)
    assert (found - expected).abs().max() < 1e-5


def test_it_starts_as_an_image_model(model: SpaceTimeTransformer) -> None:
    fresh = SpaceTimeTransformer(**SHAPE).eval()
    still = torch.randn(1, 1, 3, 16, 16)
    with torch.no_grad():
        one, three = (fresh(still.expand(1, t, 3, 16, 16))[:, 1:17] for t in (1, 3))
        trained, other = (model(still.expand(1, t, 3, 16, 16))[:, 1:17] for t in (1, 3))
    assert torch.allclose(one, three, atol=1e-3)
    assert not torch.allclose(trained, other, atol=1e-2)


def test_a_gradient_reaches_every_entry(model: SpaceTimeTransformer) -> None:
    model(torch.randn(2, 5, 3, 16, 16))[:, 0].square().sum().backward()
    idle = [n for n, p in model.named_parameters() if p.grad is None or p.grad.abs().sum() == 0]
    assert idle == []
