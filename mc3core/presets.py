"""From a method, a preset and a size to a configuration: the preset is the objective, the size
(`sizes.py`) everything else."""

from dataclasses import replace

from mc3core.config import RunConfig, StageConfig
from mc3core.errors import InputError
from mc3core.methods.registry import method_info
from mc3core.overrides import override
from mc3core.sizes import SIZES


def preset_config(method: str, preset: str, size: str | None) -> RunConfig:
    """The configuration of a preset before any override; InputError for a name nobody knows."""
    info = method_info(method)
    if preset not in info.presets:
        raise InputError(
            f"Method {method!r} has no preset {preset!r}; it has {', '.join(info.presets)}."
        )
    if size is not None and size not in SIZES:
        raise InputError(f"There is no size {size!r}; there is {', '.join(SIZES)}.")
    chosen, base = info.presets[preset], SIZES[size or "tiny"]
    stages = _stages(base.stages, chosen.stages or info.stages)
    config = replace(base, method=method, preset=preset, stages=stages)
    return override(config, chosen.settings)


def _stages(full: tuple[StageConfig, ...], names: tuple[str, ...]) -> tuple[StageConfig, ...]:
    """The stages a method has. A method with one takes as many steps in it as others in all, at the
    first one's rate, by its own objective and temperature."""
    if len(names) == len(full):
        return full
    first = full[0]
    whole = replace(
        first,
        name=names[0],
        terms="objective",
        steps=sum(stage.steps for stage in full),
        epochs=sum(stage.epochs for stage in full),
        temperature=None,
    )
    return (whole,)
