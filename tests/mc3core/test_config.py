"""Settings are strict: what is unknown or cannot work is named, with what exists."""

import json
from dataclasses import asdict

import pytest

from mc3core.config import RunConfig, build_config
from mc3core.errors import InputError
from mc3core.limits import STEM_SHRINKS
from mc3core.sizes import SIZES


def test_a_configuration_survives_json() -> None:
    config = build_config("mc3", "calibrated", "paper", {"max_steps": "9"})
    assert RunConfig.from_dict(json.loads(json.dumps(asdict(config)))) == config


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("seed", "7", 7),
        ("max_steps", "none", None),
        ("objective.temperature", "0.1", 0.1),
        ("objective.gradient", "stopped", "stopped"),
        ("objective.learnable_temperature", "yes", True),
        ("encoders.video.weights", "/models/egovlp", "/models/egovlp"),
    ],
)
def test_a_dotted_key_sets_its_value(key: str, text: str, value: object) -> None:
    found: object = build_config("mc3", "scaled", "tiny", {key: text})
    for name in key.split("."):
        found = getattr(found, name)
    assert found == value


def test_a_stage_is_addressed_by_its_name() -> None:
    config = build_config("mc3", "scaled", "tiny", {"stages.refine.steps": "11"})
    assert [stage.steps for stage in config.stages] == [1500, 11]


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("temperature", "1", r"Unknown key 'temperature'.*Did you mean objective\.temperature"),
        ("objective.temprature", "1", r"Did you mean objective\.temperature"),
        ("nonsense", "1", r"Keys: encoders\.dimension"),
        ("method", "clap", r"Unknown key 'method'"),
        ("stages.align.name", "x", r"Unknown key"),
        ("seed", "one", r"seed=one: this must be a whole number"),
        ("seed", "-1", r"seed must be at least 0, not -1"),
        ("seed", str(2**70), r"seed must be at most"),
        ("objective.temperature", "warm", r"this must be a number"),
        ("objective.temperature", "nan", r"finite"),
        ("objective.temperature", "0", r"objective\.temperature must be above 0"),
        ("objective.inverse", "two", r"choose one of bottleneck, one, own"),
        ("augment.flip", "perhaps", r"true or false"),
        ("batch_size", "1", r"at least 2"),
        ("max_steps", "1", r"align and refine need a step each"),
        ("encoders.audio.heads", "7", r"multiple of heads=7"),
        ("stages.align.steps", "0", r"stages\.align\.steps or \.epochs"),
        ("augment.crop", "1.5", r"at most 1"),
        ("optim.warmup", "1", r"below 1"),
        ("optim.clip", "-1", r"optim\.clip must be at least 0"),
        ("runtime.threads", "-4", r"runtime\.threads must be at least 0"),
        ("encoders.dimension", "99999999999", r"encoders\.dimension must be at most"),
        ("encoders.audio.mel_bands", "0", r"mel_bands must be at least 1"),
        ("encoders.audio.frames", "1", r"patch=16 does not fit .* frames=1: at most 1"),
        ("encoders.audio.stride", "0", r"stride must be at least 1"),
        ("encoders.audio.layers", "-1", r"layers must be at least 1"),
        ("encoders.video.patch", "0", r"patch must be at least 1"),
        ("encoders.video.patch", "9", r"patch=9 does not fit .* at most 8"),
        ("encoders.video.side", "17", r"side=17 must be a multiple of 8"),
        ("encoders.video.heads", "0", r"heads must be at least 1"),
        ("encoders.text.width", "0", r"width must be at least 1"),
        ("encoders.text.tokens", "2", r"tokens must be at least 3"),
        ("augment.shift_bands", "-3", r"shift_bands must be at least 0"),
        ("objective.weight", "-5", r"objective\.weight must be at least 0"),
        ("runtime.cache_gb", "-1", r"cache_gb must be at least 0"),
    ],
)
def test_what_cannot_work_is_named(key: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        build_config("mc3", "scaled", "tiny", {key: text})


def test_unknown_presets_and_sizes_list_those_that_exist() -> None:
    with pytest.raises(
        InputError, match=r"no preset 'huge'.*scaled, paper, calibrated, matrix.*demo"
    ):
        build_config("mc3", "huge")
    with pytest.raises(InputError, match=r"no size 'huge'.*tiny, paper"):
        build_config("mc3", "paper", "huge")


def test_a_configuration_of_another_version_lists_what_differs() -> None:
    row = asdict(build_config("mc3", "scaled"))
    row["flux"] = row.pop("batch_size")
    with pytest.raises(InputError, match="missing batch_size; unknown flux"):
        RunConfig.from_dict(row)


@pytest.mark.parametrize(
    ("key", "value"),
    [("seed", "7"), ("batch_size", None), ("batch_size", 2.5), ("stages", 3), ("encoders", [])],
)
def test_a_configuration_that_was_damaged_names_the_value(key: str, value: object) -> None:
    row = {**asdict(build_config("mc3", "scaled")), key: value}
    with pytest.raises(InputError, match=r"config\.json"):
        RunConfig.from_dict(row)


def test_every_size_lies_within_its_limits() -> None:
    for size in SIZES:
        assert build_config("mc3", "paper", size).size == size


def test_the_stem_shrinks_as_the_limits_say() -> None:
    from mc3core.encoders.stem import ConvolutionStem

    assert ConvolutionStem.shrink == STEM_SHRINKS
