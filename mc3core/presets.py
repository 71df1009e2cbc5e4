"""Named configurations: a preset is the objective, a size (`sizes.py`) everything else."""

from dataclasses import replace

from mc3core.config import RunConfig, StageConfig
from mc3core.errors import InputError
from mc3core.methods.registry import method_info
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
    base = SIZES[size or "tiny"]
    config = replace(base, method=method, preset=preset)
    objective = replace(base.objective, weight_unit="inverse_temperature")
    match preset:
        case "paper":
            return config
        case "scaled":
            return replace(config, objective=objective)
        case "calibrated":
            own = replace(objective, gradient="stopped", inverse="own")
            return replace(config, objective=own)
        case _:
            return replace(config, objective=objective, stages=_short(base.stages))


def _short(stages: tuple[StageConfig, ...]) -> tuple[StageConfig, ...]:
    """A minute or two on two cores: enough to see curves fall and a map form."""
    return tuple(
        replace(stage, steps=steps, epochs=0.0)
        for stage, steps in zip(stages, (180, 60), strict=True)
    )
