"""`sounding world`: the procedural world as video files, or straight into a training cache."""

from pathlib import Path
from typing import Any

from app.context import open_database
from app.services.ingest import add_rows
from app.workspace import Workspace
from mc3core.progress import ProgressCallback, silent
from mc3core.world.timeline import timeline


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
    from mc3core.world.write import write_world

    write_world(out, clips, seed, side=side, fps=fps, workers=workers, progress=progress)
    videos = len(timeline(seed, clips).videos)
    return {"out": str(out), "clips": clips, "videos": videos, "seed": seed}
