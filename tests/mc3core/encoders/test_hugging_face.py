"""Towers start from local Hugging Face folders of the right kind and size."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    ASTConfig,
    ASTModel,
    DistilBertConfig,
    DistilBertModel,
    TimesformerConfig,
    TimesformerModel,
    ViTConfig,
    ViTModel,
)

from mc3core.errors import InputError
from tests.mc3core.encoders.checkpoints import LAYERS, WIDTH
from tests.mc3core.encoders.test_pretrained import encoders, started

SHAPE: dict[str, Any] = {
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 4,
    "intermediate_size": 4 * WIDTH,
}


def ast_folder(folder: Path, **shape: Any) -> ASTModel:
    stride: dict[str, Any] = {"frequency_stride": 10, "time_stride": 10, "num_mel_bins": 128}
    stated: dict[str, Any] = SHAPE | stride | {"max_length": 1024} | shape
    model = ASTModel(ASTConfig(**stated))
    torch.nn.init.normal_(model.embeddings.position_embeddings)
    model.save_pretrained(folder)
    return model


def test_ast_of_ten_seconds_is_cut_in_time(tmp_path: Path) -> None:
    model = ast_folder(tmp_path)
    towers, reports = started(encoders(audio__weights=tmp_path))
    own, name = towers.audio_encoder.ast.state_dict(), "embeddings.position_embeddings"
    for other, value in model.state_dict().items():
        assert other == name or torch.equal(own[other], value)
    table = model.state_dict()[name][:, 2:].reshape(1, 12, 101, WIDTH)
    assert torch.equal(own[name][:, 2:], table[:, :, 43:57].reshape(1, 168, WIDTH))
    assert reports["audio"].resized == {name: "position map of 12 x 101 to 12 x 14"}


def test_a_vit_folder_starts_the_video_tower(tmp_path: Path) -> None:
    shape = ViTConfig(**SHAPE, image_size=32, layer_norm_eps=1e-6)
    model = ViTModel(shape, add_pooling_layer=False).eval()
    model.save_pretrained(tmp_path)
    towers, _ = started(encoders(video__weights=tmp_path))
    still = torch.randn(2, 1, 3, 32, 32)
    # Time attention starts at 0: one picture is what the image model sees in it.
    found = towers.video_encoder.transformer(still)
    expected = model(pixel_values=still[:, 0]).last_hidden_state
    assert torch.allclose(found, expected, atol=1e-5)


def test_a_timesformer_folder_starts_its_own_block(tmp_path: Path) -> None:
    shape: dict[str, Any] = SHAPE | {"image_size": 32, "num_frames": 8, "drop_path_rate": 0}
    model = TimesformerModel(TimesformerConfig(**shape))
    torch.nn.init.normal_(model.embeddings.time_embeddings)
    model.save_pretrained(tmp_path)
    towers, reports = started(encoders(video__weights=tmp_path, video__block="timesformer"))
    found = towers.video_encoder.timesformer.embeddings.time_embeddings
    assert torch.equal(found, model.embeddings.time_embeddings[:, :4])
    assert reports["video"].resized == {"embeddings.time_embeddings": "8 frames to 4"}
    with pytest.raises(InputError, match=r"a folder of timesformer.*encoders\.video\.block"):
        started(encoders(video__weights=tmp_path))


def test_a_distilbert_folder_starts_the_text_tower(tmp_path: Path) -> None:
    shape: dict[str, Any] = {
        "dim": WIDTH,
        "hidden_dim": 4 * WIDTH,
        "n_layers": LAYERS,
        "n_heads": 4,
    }
    model = DistilBertModel(DistilBertConfig(**shape, vocab_size=50))
    model.save_pretrained(tmp_path)
    towers, reports = started(encoders(text__weights=tmp_path))
    for name, value in model.state_dict().items():
        assert torch.equal(towers.text_encoder.bert.state_dict()[name], value)
    assert set(reports["text"].missing) == {"head.1.weight", "head.1.bias"}


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            {"hidden_size": 32, "intermediate_size": 128},
            r"does not fit .*is \(1, 1, 32\), not \(1, 1, 16\)",
        ),
        ({"num_hidden_layers": 1}, r"lacks weights .*layers\.1\."),
        ({"num_hidden_layers": 3}, r"no place .*layers\.2\."),
        ({"num_attention_heads": 2}, r"has 2 attention heads, not 4: set encoders\.audio\.heads=2"),
        ({"num_mel_bins": 64, "max_length": 10}, r"cannot|does not fit"),
    ],
)
def test_a_folder_of_another_shape_is_named(
    shape: dict[str, Any], message: str, tmp_path: Path
) -> None:
    if shape.get("max_length") == 10:
        (tmp_path / "config.json").write_text('{"model_type": "audio-spectrogram-transformer"}')
    else:
        ast_folder(tmp_path, **shape)
    with pytest.raises(InputError, match=rf"encoders\.audio\.weights={tmp_path}.*({message})"):
        started(encoders(audio__weights=tmp_path))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('{"model_type": "bert"}', r"a folder of bert; the audio encoder starts from audio-spec"),
        ("{}", r"a folder of no known model"),
        ("[]", r"config\.json cannot be read"),
        ("{", r"config\.json cannot be read"),
        (None, r"is no Hugging Face folder.*holds not one checkpoint file but none"),
    ],
)
def test_a_folder_of_another_kind_is_named(
    config: str | None, message: str, tmp_path: Path
) -> None:
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    with pytest.raises(InputError, match=message):
        started(encoders(audio__weights=tmp_path))
