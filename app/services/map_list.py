"""Which runs, stages and spaces can be explored, and which have a map already."""

from collections.abc import Mapping
from typing import Any

from app.services.manifest import count_clips
from app.services.map_files import SPACES, newest_map
from app.workspace import Workspace
from mc3core.errors import InputError
from mc3core.methods.registry import METHODS
from mc3core.training.run_dir import RunDir


def map_list(workspace: Workspace) -> dict[str, Any]:
    """Runs that have a checkpoint, the newest first; per stage which spaces are mapped."""
    runs: list[dict[str, Any]] = []
    for path in workspace.runs.glob("*/config.json"):
        run_dir = RunDir(path.parent)
        try:
            config, trained = run_dir.config(), run_dir.stages()
        except InputError:
            continue  # damaged; the page Train shows it
        stages = [
            {
                "stage": stage,
                "embedded": (run_dir.stage(stage) / "embeddings.safetensors").exists(),
                "maps": [name for name in SPACES if newest_map(run_dir, stage, name)],
            }
            for stage in trained
        ]
        if stages:
            runs.append(
                {
                    "run": run_dir.run,
                    "method": config.get("method"),
                    "preset": config.get("preset"),
                    "made_at_s": path.stat().st_mtime,
                    "stages": stages,
                    "spaces": spaces_of(config),
                }
            )
    runs.sort(key=lambda run: (-run["made_at_s"], run["run"]))
    return {"runs": runs, "spaces": list(SPACES), "clips": count_clips(workspace)}


def spaces_of(config: Mapping[str, Any]) -> list[str]:
    """The spaces a run can have: the joint one, and those of the modalities its method reads."""
    info = METHODS.get(str(config.get("method")))
    return [name for name in SPACES if name == "joint" or info is None or name in info.modalities]
