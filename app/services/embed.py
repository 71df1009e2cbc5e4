"""`sounding embed`: unit embeddings of every clip, stored with the run."""

from typing import Any

from app.services.manifest import clips_by_id
from app.workspace import Workspace
from mc3core.progress import ProgressCallback, silent
from mc3core.training.run_dir import open_run


def embed_run(
    workspace: Workspace, run: str, stage: str | None, progress: ProgressCallback = silent
) -> dict[str, Any]:
    """Embed every clip anew by one stage of a run (the last one that has a checkpoint).

    Returns run, stage, clips, dimension, and how many clips have each modality; the others are
    masked rows. Raises InputError: unknown run or stage, no checkpoint, no clips.
    """
    run_dir, stage = open_run(workspace.runs, run, stage)
    clips_by_id(workspace)
    from mc3core.evaluation.embed import embed

    made = embed(run_dir, stage, workspace.cache, progress)
    return {
        "run": run_dir.run,
        "stage": stage,
        "clips": len(made.clip_ids),
        "dimension": int(next(iter(made.vectors.values())).shape[1]),
        "present": {name: int(rows.sum()) for name, rows in made.present.items()},
        "path": str(run_dir.stage(stage) / "embeddings.safetensors"),
    }
