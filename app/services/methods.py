"""What can be trained, for `sounding methods` and the page Train."""

from typing import Any

from mc3core.config import build_config
from mc3core.methods.registry import METHODS
from mc3core.sizes import SIZES

# Presets that take a part away to show what it is worth; a page folds them.
ABLATIONS = frozenset({"no_consensus", "no_contrastive", "no_align"})

_TEMPERATURE = ("temperature", "learnable_temperature")
_WEIGHT = (*_TEMPERATURE, "weight", "weight_unit", "ramp")
_CONSENSUS = ("consensus", "anchor", "alpha_audio", "alpha_video", "alpha_text", "inverse",
              "gradient", "norm")  # fmt: skip
_AUDIO_VIDEO = ("audio_video", "teacher_temperature", "gate", "gate_slope")
_BANK = ("memory.bank", "memory.negatives", "memory.bank_momentum")
_POOL = ("memory.dictionary", "memory.pool_batches", "memory.dictionary_batches",
         "memory.encoder_momentum")  # fmt: skip
# The keys under `objective.` that a method reads in the stage of its own objective.
READS: dict[str, tuple[str, ...]] = {
    "mc3": (*_WEIGHT, "contrastive", *_CONSENSUS, *_AUDIO_VIDEO),
    "clap": _TEMPERATURE,
    "cm_acc": (*_TEMPERATURE, *_POOL),
    "cmc": (*_TEMPERATURE, *_BANK),
    "imagebind": _TEMPERATURE,
    "egonce": _TEMPERATURE,
    "symile": _WEIGHT,
    "gram": _WEIGHT,
    "triangle": _WEIGHT,
    "siglip": _TEMPERATURE,
    "robust_xid": (*_TEMPERATURE, "weight"),
}


def method_table() -> list[dict[str, Any]]:
    """One row a method: paper, modalities, stages, presets with a sentence each, sizes, and
    `parameters`, what can be set and its value in the default preset at size `tiny`."""
    return [
        {
            "id": info.id,
            "name": info.name,
            "paper": info.paper,
            "modalities": list(info.modalities),
            "stages": list(info.stages),
            "presets": {name: preset.says for name, preset in info.presets.items()},
            "ablations": [name for name in info.presets if name in ABLATIONS],
            "family": info.family,
            "weight": info.weight,
            "sizes": list(SIZES),
            "parameters": parameters(info.id),
        }
        for info in METHODS.values()
    ]


def parameters(method: str) -> dict[str, Any]:
    """Dotted keys of `--set` that this method reads, with the values of its default preset."""
    objective = build_config(method, next(iter(METHODS[method].presets))).objective
    found: dict[str, Any] = {}
    for key in READS.get(method, _TEMPERATURE):
        value: Any = objective
        for part in key.split("."):
            value = getattr(value, part)
        found[f"objective.{key}"] = value
    return found
