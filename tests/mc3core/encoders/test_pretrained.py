"""Towers start from the layouts their authors' files have, whole or not at all."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from mc3core.config import EncodersConfig, RunConfig, build_config
from mc3core.encoders.towers import Towers
from mc3core.encoders.weights.found import WeightReport
from mc3core.errors import InputError
from tests.mc3core.encoders.checkpoints import LAYERS, WIDTH, ast, distilbert, egovlp, image_model

# As the paper's size, but small: pictures of 32 give 2 x 2 patches, spectrograms 12 x 14.
SMALL = {
    f"encoders.{tower}.{name}": str(value)
    for tower in ("audio", "video", "text")
    for name, value in (("width", WIDTH), ("layers", LAYERS), ("heads", 4))
} | {
    "encoders.dimension": "8",
    "encoders.video.side": "32",
    "encoders.video.frames": "4",
    "encoders.text.vocabulary": "50",
    "encoders.text.tokens": "12",
    "augment.crop": "1",
    "augment.flip": "false",
}


def encoders(**settings: object) -> EncodersConfig:
    dotted = {f"encoders.{k.replace('__', '.')}": str(v) for k, v in settings.items()}
    config: RunConfig = build_config("mc3", "paper", "paper", SMALL | dotted)
    return config.encoders


def started(config: EncodersConfig) -> tuple[Towers, dict[str, WeightReport]]:
    torch.manual_seed(0)
    towers = Towers(config).eval()
    return towers, {report.tower: report for report in towers.load_pretrained()}


def test_one_egovlp_file_fills_two_towers_and_their_heads(tmp_path: Path) -> None:
    file, tensors = tmp_path / "egovlp.pth", egovlp(4, 4, vocabulary=50, dimension=8)
    torch.save({"state_dict": tensors, "epoch": 3, "optimizer": {"state": {}}}, file)
    towers, reports = started(encoders(video__weights=file, text__weights=file))
    own = towers.state_dict()
    for prefix, ours in (
        ("video_model.", "video_encoder.transformer."),
        ("text_model.", "text_encoder.bert."),
    ):
        for name, value in tensors.items():
            if name.startswith(f"module.{prefix}"):
                assert torch.equal(own[ours + name.removeprefix(f"module.{prefix}")], value)
    assert torch.equal(own["video_head.weight"], tensors["module.vid_proj.0.weight"])
    assert torch.equal(own["text_head.1.bias"], tensors["module.txt_proj.1.bias"])
    for report in reports.values():
        assert not report.missing and not report.resized
    loaded = sum(len(report.loaded) for report in reports.values())
    assert loaded == len(tensors)
    assert reports["video"].ignored["epoch"] == "beside the weights"
    assert "optimizer" in reports["video"].ignored


@pytest.mark.parametrize(
    ("known", "more", "mixed"),
    [
        (16, "zeros", [[1, 0], [0, 1], [0, 0], [0, 0]]),
        (2, "zeros", [[1, 0], [0, 1], [0, 0], [0, 0]]),
        (2, "interpolate", [[1, 0], [2 / 3, 1 / 3], [1 / 3, 2 / 3], [0, 1]]),
    ],
)
def test_times_are_cut_filled_up_or_interpolated(
    known: int, more: str, mixed: list[list[float]], tmp_path: Path
) -> None:
    file, tensors = tmp_path / "egovlp.pth", egovlp(4, known, vocabulary=50, dimension=8)
    torch.save({"state_dict": tensors}, file)
    towers, reports = started(encoders(video__weights=file, video__more_frames=more))
    found = towers.state_dict()["video_encoder.transformer.temporal_embed"][0]
    table = tensors["module.video_model.temporal_embed"][0]
    expected = table[:4] if known > 4 else torch.tensor(mixed, dtype=torch.float32) @ table
    assert torch.allclose(found, expected, atol=1e-6)
    assert "to 4" in reports["video"].resized["temporal_embed"]


def test_an_ast_file_is_cut_in_time_and_its_classifier_is_listed(tmp_path: Path) -> None:
    file, tensors = tmp_path / "ast.pth", ast(12, 101)
    torch.save(tensors, file)
    towers, reports = started(encoders(audio__weights=file))
    own, source = towers.state_dict(), tensors["module.v.pos_embed"]
    found = own["audio_encoder.ast.embeddings.position_embeddings"]
    cut = source[:, 2:].reshape(1, 12, 101, WIDTH)[:, :, 50 - 7 : 50 + 7].reshape(1, 168, WIDTH)
    assert torch.equal(found, torch.cat([source[:, :2], cut], dim=1))
    query, _, value = tensors["module.v.blocks.1.attn.qkv.weight"].chunk(3)
    assert torch.equal(own["audio_encoder.ast.layers.1.attention.q_proj.weight"], query)
    assert torch.equal(own["audio_encoder.ast.layers.1.attention.v_proj.weight"], value)
    assert reports["audio"].ignored["mlp_head.1.weight"] == "a classifier"
    assert set(reports["audio"].missing) == {
        f"head.{n}.{k}" for n in "01" for k in ("weight", "bias")
    }
    assert "no head" in str(reports["audio"])


@pytest.mark.parametrize("side", [24, 14, 8])
def test_deit_is_summed_over_colours_and_its_map_fitted(side: int, tmp_path: Path) -> None:
    file, tensors = tmp_path / "deit.pth", image_model(side * side, tokens=2)
    torch.save({"model": tensors}, file)
    towers, _ = started(encoders(audio__weights=file))
    own = towers.state_dict()
    kernel = tensors["patch_embed.proj.weight"].sum(1, keepdim=True)
    assert torch.equal(
        own["audio_encoder.ast.embeddings.patch_embeddings.projection.weight"], kernel
    )
    grid = tensors["pos_embed"][:, 2:].transpose(1, 2).reshape(1, WIDTH, side, side)
    # As the authors' constructor has it, time first, then frequency.
    if side >= 14:
        grid = grid[..., side // 2 - 7 : side // 2 + 7]
    else:
        grid = F.interpolate(grid, (side, 14), mode="bilinear")
    if side >= 12:
        grid = grid[:, :, side // 2 - 6 : side // 2 + 6]
    else:
        grid = F.interpolate(grid, (12, 14), mode="bilinear")
    expected = torch.cat([tensors["pos_embed"][:, :2], grid.flatten(2).transpose(1, 2)], dim=1)
    found = own["audio_encoder.ast.embeddings.position_embeddings"]
    assert torch.allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("tokens", [1, 2])
def test_an_image_model_starts_the_video_tower_without_time(tokens: int, tmp_path: Path) -> None:
    file, tensors = tmp_path / "vit.pth", image_model(4, tokens=tokens)
    torch.save(tensors, file)
    towers, reports = started(encoders(video__weights=file))
    own = towers.state_dict()
    place = own["video_encoder.transformer.pos_embed"]
    assert torch.equal(place[:, 0], tensors["pos_embed"][:, 0])
    assert torch.equal(place[:, 1:], tensors["pos_embed"][:, tokens:])
    assert not own["video_encoder.transformer.temporal_embed"].any()
    report = reports["video"]
    without_head = {name for name in report.missing if not name.startswith("head.")}
    assert all(("norm3" in n) or ("timeattn" in n) or ("temporal" in n) for n in without_head)
    assert len(report.loaded) + len(report.missing) == len(towers.video_encoder.state_dict()) + len(
        towers.video_head.state_dict()
    )
    assert {"head.weight", "head.bias"} <= set(report.ignored)


def test_a_text_model_starts_from_a_file_of_safetensors(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    tensors = {f"distilbert.{name}": value for name, value in distilbert(50).items()}
    save_file(tensors | {"vocab_transform.bias": torch.ones(3)}, tmp_path / "text.safetensors")
    towers, reports = started(encoders(text__weights=tmp_path / "text.safetensors"))
    words = towers.text_encoder.bert.embeddings.word_embeddings.weight
    assert torch.equal(words, tensors["distilbert.embeddings.word_embeddings.weight"])
    assert reports["text"].ignored == {"vocab_transform.bias": "no part of the tower"}


def test_a_run_of_this_program_starts_another(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    tiny = {k: v for k, v in SMALL.items() if k.endswith(("width", "dimension"))}
    source = Towers(build_config("mc3", "scaled", "tiny", tiny).encoders)
    file = tmp_path / "model.safetensors"
    tensors = {f"towers.{n}": v.contiguous() for n, v in source.state_dict().items()}
    save_file(tensors, file)
    named = {f"encoders.{tower}.weights": str(file) for tower in ("audio", "video", "text")}
    towers, reports = started(build_config("mc3", "scaled", "tiny", tiny | named).encoders)
    source.eval()
    picture = torch.rand(2, 6, 3, 64, 64)
    assert torch.equal(source.video(picture), towers.video(picture))
    tokens = torch.tensor([[2, 9, 8, 3]])
    assert torch.allclose(
        source.text(tokens, torch.ones_like(tokens)), towers.text(tokens, torch.ones_like(tokens))
    )
    assert not any(report.missing for report in reports.values())


@pytest.mark.parametrize(
    ("tower", "settings", "message"),
    [
        (
            "video",
            {"video__width": 32, "video__heads": 4},
            r"cls_token is \(1, 1, 16\), not \(1, 1, 32\)",
        ),
        ("video", {"dimension": 6}, r"head\.weight is \(8, 16\), not \(6, 16\)"),
        ("video", {"video__layers": 3}, r"lacks weights .*blocks\.2\.norm1"),
        ("video", {"video__layers": 1}, r"has no place .*blocks\.1\."),
        (
            "video",
            {"video__block": "timesformer"},
            r"holds no video encoder .*block=frozen_in_time",
        ),
        ("video", {"video__side": 48}, r"pos_embed is \(1, 5, 16\), not \(1, 10, 16\)"),
        (
            "text",
            {"text__vocabulary": 60},
            r"word_embeddings\.weight is \(50, 16\), not \(60, 16\)",
        ),
        ("audio", {}, r"holds no audio encoder of a known layout.*video_model"),
    ],
)
def test_another_size_or_kind_is_named_with_its_shapes(
    tower: str, settings: dict[str, object], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "egovlp.pth"
    torch.save({"state_dict": egovlp(4, 4, vocabulary=50, dimension=8)}, file)
    with pytest.raises(InputError, match=rf"encoders\.{tower}\.weights={file}.*{message}"):
        started(encoders(**settings, **{f"{tower}__weights": file}))


def test_a_vit_without_a_second_token_cannot_start_the_audio_tower(tmp_path: Path) -> None:
    torch.save(image_model(24 * 24), tmp_path / "vit.pth")
    with pytest.raises(InputError, match=r"position_embeddings is|distillation_token"):
        started(encoders(audio__weights=tmp_path / "vit.pth"))


def test_weights_that_are_nowhere_are_named_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"encoders\.text\.weights=.*nothing does not exist"):
        started(encoders(text__weights=tmp_path / "nothing"))
    with pytest.raises(InputError, match=r"encoders\.frozen needs encoders\.audio\.weights"):
        started(encoders(frozen=True))
