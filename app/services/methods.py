"""What can be trained, for `sounding methods` and the page Train."""

from typing import Any

from mc3core.methods.registry import METHODS
from mc3core.sizes import SIZES


def method_table() -> list[dict[str, Any]]:
    """One row a method: paper, modalities, stages, presets with a sentence each, sizes."""
    return [
        {
            "id": info.id,
            "name": info.name,
            "paper": info.paper,
            "modalities": list(info.modalities),
            "stages": list(info.stages),
            "presets": {name: preset.says for name, preset in info.presets.items()},
            "family": info.family,
            "weight": info.weight,
            "sizes": list(SIZES),
        }
        for info in METHODS.values()
    ]
