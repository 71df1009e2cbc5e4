"""Which numbers a configuration may hold: checked before anything is loaded or written. Torch-free.

Every number has a range, so that what a person types ends in a sentence and not in a library.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mc3core.errors import InputError

if TYPE_CHECKING:
    from mc3core.config import EncodersConfig, RunConfig

# By the name's end: least and most. What is not listed lies between 0 and MOST.
_RANGES: dict[str, tuple[float, float]] = {
    "batch_size": (2, 1_000_000),
    "seed": (0, 2**63 - 1),
    "dimension": (1, 65_536),
    "mel_bands": (1, 1_024),
    "frames": (1, 65_536),
    "side": (8, 4_096),
    "patch": (1, 4_096),
    "stride": (1, 4_096),
    "width": (1, 65_536),
    "layers": (1, 1_000),
    "heads": (1, 1_024),
    "vocabulary": (32, 1_000_000),
    "tokens": (3, 4_096),  # [CLS], a word, [SEP]
    "threads": (0, 1_024),
    "log_every": (1, 1e9),
    "checkpoint_every": (1, 1e9),
    "audio.mean": (-1e6, 1e6),
    "shift_bands": (0, 1_024),
    "shift_frames": (0, 65_536),
}
MOST = 1e9
STEM_SHRINKS = 8  # ConvolutionStem.shrink, which stands in a module that needs torch
_ABOVE_0 = ("temperature", "alpha_text", "alpha_video", "learning_rate", "audio.scale")
_MOVES = ("colour", "shift_bands", "shift_frames", "mask_bands", "mask_frames")
_STILL = {"crop": 1, "flip": "false"}
_BELOW_1 = ("warmup", "ramp", "colour", "dropout")


def check_limits(config: "RunConfig") -> None:
    """InputError that names the first number that cannot work, and what could."""
    for key, value in _numbers(config):
        _check_range(key, value)
    for stage in config.stages:
        if not (stage.steps or stage.epochs):
            raise InputError(f"stages.{stage.name}.steps or .epochs must be above 0, not 0.")
    if config.max_steps is not None and config.max_steps < len(config.stages):
        names = " and ".join(stage.name for stage in config.stages)
        raise InputError(
            f"max_steps={config.max_steps} is too short: {names} need a step each, so at least "
            f"{len(config.stages)}."
        )
    if not 0 < config.augment.crop <= 1:
        raise InputError(f"augment.crop must be above 0 and at most 1, not {config.augment.crop}.")
    _check_shapes(config)
    _check_frozen(config)


def _check_range(key: str, value: float) -> None:
    if _ends(key, _ABOVE_0) and not value > 0:
        raise InputError(f"{key} must be above 0, not {value}.")
    if _ends(key, _BELOW_1) and not 0 <= value < 1:
        raise InputError(f"{key} must be at least 0 and below 1, not {value}.")
    least, most = next((r for name, r in _RANGES.items() if _ends(key, (name,))), (0, MOST))
    if not least <= value <= most:
        why = ": a clip is contrasted with other clips" if key == "batch_size" else ""
        bound = f"at least {least:g}" if value < least else f"at most {most:g}"
        raise InputError(f"{key} must be {bound}, not {value}{why}.")


def _check_shapes(config: "RunConfig") -> None:
    """What the encoders ask of each other's numbers."""
    encoders = config.encoders
    towers = {"audio": encoders.audio, "video": encoders.video, "text": encoders.text}
    for name, tower in towers.items():
        if tower.width % tower.heads:
            raise InputError(
                f"encoders.{name}.width={tower.width} must be a multiple of heads={tower.heads}."
            )
    audio, video = encoders.audio, encoders.video
    smaller = min(audio.mel_bands, audio.frames)
    if audio.patch > smaller:
        raise InputError(
            f"encoders.audio.patch={audio.patch} does not fit into a spectrogram of "
            f"mel_bands={audio.mel_bands} and frames={audio.frames}: at most {smaller}."
        )
    side = video.side
    if video.stem == "convolution":
        side = video.side // STEM_SHRINKS
        if video.side % STEM_SHRINKS:
            raise InputError(
                f"encoders.video.side={video.side} must be a multiple of {STEM_SHRINKS}, by which "
                "encoders.video.stem=convolution shrinks pictures."
            )
    if video.patch > side:
        raise InputError(
            f"encoders.video.patch={video.patch} does not fit into pictures of side={video.side}"
            f" with stem={video.stem}: at most {side}."
        )


def _check_frozen(config: "RunConfig") -> None:
    """Features that are computed once are the same at every step."""
    change = config.augment
    moving = {
        "crop": change.crop < 1,
        "flip": change.flip,
        **{name: getattr(change, name) > 0 for name in _MOVES},
    }
    found = [name for name, moves in moving.items() if moves]
    if config.encoders.frozen and found:
        raise InputError(
            f"encoders.frozen computes features once, so nothing can be augmented: set "
            f"{', '.join(f'augment.{n}={_STILL.get(n, 0)}' for n in found)}."
        )


def check_weights(encoders: "EncodersConfig") -> None:
    """InputError where weights that the configuration names are not there, or where frozen encoders
    have none: looks at paths only, so it can be asked before any work begins."""
    for name in ("audio", "video", "text"):
        weights = getattr(encoders, name).weights
        if weights and not Path(weights).expanduser().exists():
            raise InputError(
                f"encoders.{name}.weights={weights} does not exist: name a local file or folder."
            )
        if encoders.frozen and not weights:
            raise InputError(
                f"encoders.frozen needs encoders.{name}.weights: an encoder that stays as it is "
                "drawn at random has nothing to tell its head. Name a local file or folder."
            )


def _numbers(config: Any, prefix: str = "") -> Iterator[tuple[str, float]]:
    for field in fields(config):
        value, key = getattr(config, field.name), f"{prefix}{field.name}"
        if is_dataclass(value):
            yield from _numbers(value, f"{key}.")
        elif isinstance(value, tuple):
            for part in value:
                yield from _numbers(part, f"{key}.{part.name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield key, value


def _ends(key: str, names: tuple[str, ...]) -> bool:
    return any(key == name or key.endswith(f".{name}") for name in names)
