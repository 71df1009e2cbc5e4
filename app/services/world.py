"""`sounding world`: the procedural world as video files, or straight into a training cache."""

from pathlib import Path
from typing import Any

from mc3core.progress import ProgressCallback, silent


def write_videos(
    out: Path,
    clips: int,
    seed: int,
    side: int,
    fps: int,
    workers: int | None,
    progress: ProgressCallback = silent,
) -> dict[str, Any]:
    """Videos with sound, `narration.json`, `truth.csv` and `world.json` in `out`."""
    from mc3core.world.writer import write_world

    world = write_world(out, clips, seed, side=side, fps=fps, workers=workers, progress=progress)
    return {
        "out": str(out),
        "clips": len(world.segments),
        "videos": len(world.videos),
        "sounding": sum(segment.label for segment in world.segments),
        "seed": seed,
        "narrations": str(out / "narration.json"),
        "truth": str(out / "truth.csv"),
    }
