"""The embeddings of a run's stage, made where they are missing or older than the clips."""

import hashlib

from app.services.manifest import clips_by_id
from app.workspace import Workspace
from mc3core.embeddings import Embeddings, load_embeddings
from mc3core.progress import ProgressCallback
from mc3core.training.run_dir import RunDir


def embeddings_of(
    workspace: Workspace, run_dir: RunDir, stage: str, progress: ProgressCallback
) -> Embeddings:
    """Load the stage's embeddings; make them first where a clip of the workspace has none."""
    folder = run_dir.stage(stage)
    clips = clips_by_id(workspace)
    if (folder / "embeddings.safetensors").exists():
        known = load_embeddings(folder)
        if clips.keys() <= set(known.clip_ids):
            return known
    from mc3core.evaluation.embed import embed

    return embed(run_dir, stage, workspace.cache, progress)


def fingerprint(embeddings: Embeddings) -> str:
    """Names these very rows: other clips or other numbers give another fingerprint."""
    digest = hashlib.blake2b("\n".join(embeddings.clip_ids).encode(), digest_size=12)
    for name in sorted(embeddings.vectors):
        digest.update(name.encode())
        digest.update(embeddings.vectors[name].tobytes())
        digest.update(embeddings.present[name].tobytes())
    return digest.hexdigest()
