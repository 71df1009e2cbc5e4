"""Settings are strict: what is unknown or cannot work is named, with what exists."""

import json
from dataclasses import asdict

import pytest

from mc3core.config import RunConfig, build_config
from mc3core.errors import InputError


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
        ("seed", "-1", r"seed must be 0 or more"),
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
    ],
)
def test_what_cannot_work_is_named(key: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        build_config("mc3", "scaled", "tiny", {key: text})


def test_unknown_presets_and_sizes_list_those_that_exist() -> None:
    with pytest.raises(InputError, match=r"no preset 'huge'.*scaled, paper, calibrated, demo"):
        build_config("mc3", "huge")
    with pytest.raises(InputError, match=r"no size 'huge'.*tiny, paper"):
        build_config("mc3", "paper", "huge")


def test_a_configuration_of_another_version_lists_what_differs() -> None:
    row = asdict(build_config("mc3", "scaled"))
    row["flux"] = row.pop("seed")
    with pytest.raises(InputError, match="missing seed; unknown flux"):
        RunConfig.from_dict(row)
