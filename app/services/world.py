"""`sounding world`: the procedural world as video files, or straight into a training cache."""

from contextlib import closing
from pathlib import Path
from typing import Any

from app.context import open_database
from app.services.ingest import (
    AT_ONCE,
    add_rows,
    nobody_is_asked,
    only_ingest,
    tell_withdrawals,
)
from app.workspace import Workspace
from mc3core.data.clips import Split
from mc3core.progress import ProgressCallback, silent
from mc3core.world.law import DEFAULT, Law


def write_videos(
    out: Path,
    clips: int,
    seed: int,
    side: int,
    fps: int,
    workers: int | None,
    law: Law,
    stems: bool,
    progress: ProgressCallback = silent,
) -> dict[str, Any]:
    """Videos with sound, `narration.json`, `truth.csv` and `world.json` in `out`; `stems` in a
    folder of that name, when asked for."""
    from mc3core.world.writer import write_world

    world = write_world(
        out, clips, seed, side=side, fps=fps, workers=workers, progress=progress,
        law=law, stems=stems,
    )  # fmt: skip
    made = {
        "out": str(out),
        "clips": len(world.segments),
        "videos": len(world.videos),
        "sounding": sum(segment.label for segment in world.segments),
        "seed": seed,
        "variant": law.name,
        "narrations": str(out / "narration.json"),
        "truth": str(out / "truth.csv"),
    }
    return made | {"stems": str(out / "stems")} if stems else made


def fill_cache(
    workspace: Workspace,
    clips: int,
    seed: int,
    side: int,
    split: Split | None,
    workers: int | None,
    law: Law,
    progress: ProgressCallback = silent,
) -> dict[str, Any]:
    """Render straight into a workspace's training cache: quick, and nothing to play or to label.

    Without `split` videos are split by the usual seeded hash. The truth goes to
    `world/truth-<seed>.csv` in the workspace, a variant's to `world/truth-<variant>-<seed>.csv`.
    """
    from mc3core.world.timeline import timeline
    from mc3core.world.training_cache import write_cache
    from mc3core.world.truth import write_truth

    middle = "" if law == DEFAULT else f"{law.name}-"
    truth = workspace.root / "world" / f"truth-{middle}{seed}.csv"
    with only_ingest(workspace), closing(open_database(workspace)) as database:
        tell_withdrawals(workspace, database)
        made = write_cache(
            workspace.cache, clips, seed, side=side, split=split, workers=workers,
            progress=progress, law=law,
        )  # fmt: skip
        for start in range(0, len(made), AT_ONCE):
            add_rows(database, made[start : start + AT_ONCE], [], nobody_is_asked)
    write_truth(truth, timeline(seed, clips, law), progress)
    return {
        "out": str(workspace.cache),
        "clips": len(made),
        "videos": len({clip.video_uid for clip in made}),
        "seed": seed,
        "variant": law.name,
        "truth": str(truth),
    }
