"""The embeddings of a run's stage, made where they are missing or older than the clips."""

import hashlib

from app.services.manifest import clips_by_id
from app.workspace import Workspace
from mc3core.embeddings import Embeddings, load_embeddings
from mc3core.errors import InputError
from mc3core.progress import ProgressCallback
from mc3core.training.run_dir import RunDir


def embeddings_of(
    workspace: Workspace, run_dir: RunDir, stage: str, progress: ProgressCallback
) -> Embeddings:
    """Load the stage's embeddings. They are made anew where they are not of the workspace's very
    clips, older than the checkpoint, or damaged."""
    known = up_to_date(workspace, run_dir, stage)
    if known is not None:
        return known
    from mc3core.evaluation.embed import embed

    return embed(run_dir, stage, workspace.cache, progress)


def up_to_date(workspace: Workspace, run_dir: RunDir, stage: str) -> Embeddings | None:
    """The stage's embeddings where they can be used as they are."""
    file = run_dir.stage(stage) / "embeddings.safetensors"
    weights = run_dir.checkpoint(stage) / "model.safetensors"
    try:
        if weights.stat().st_mtime > file.stat().st_mtime:
            return None  # the run went on after it was embedded
        known = load_embeddings(file.parent)
    except (OSError, InputError):
        return None
    return known if set(clips_by_id(workspace)) == set(known.clip_ids) else None


def fingerprint(embeddings: Embeddings) -> str:
    """Names these very rows: other clips or other numbers give another fingerprint."""
    digest = hashlib.blake2b("\n".join(embeddings.clip_ids).encode(), digest_size=12)
    for name in sorted(embeddings.vectors):
        digest.update(name.encode())
        digest.update(embeddings.vectors[name].tobytes())
        digest.update(embeddings.present[name].tobytes())
    return digest.hexdigest()
