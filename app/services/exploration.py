"""`sounding explore`: clusters and a map of one space of a run, stored with the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.clusters import cut, grow_tree
from annotation.projection import project
from app.context import open_database
from app.services.clusters import Group, describe_clusters, group_clusters
from app.services.embedding import embeddings_of, fingerprint
from app.services.manifest import clips_by_id
from app.services.map_files import SPACES, MapFiles, load_map, map_folder, save_map
from app.services.marks import unseen_sources
from app.services.verdicts import Verdicts, read_verdicts
from app.workspace import Workspace
from mc3core.data.clips import Clip
from mc3core.embeddings import Embeddings
from mc3core.errors import InputError, RunError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.training.run_dir import RunDir, open_run, write_json

DEFAULT_CLUSTERS = 20


@dataclass(frozen=True, slots=True)
class Space:
    """One space of one stage: N clips, their rows (N, D), which are real, their tree and map."""

    run: str
    stage: str
    name: str
    clips: tuple[Clip, ...]
    vectors: NDArray[np.float32]
    present: NDArray[np.bool_]
    files: MapFiles
    trained_on: tuple[str, ...]
    fingerprint: str


def explore(
    workspace: Workspace,
    run: str,
    stage: str | None = None,
    space: str = "joint",
    clusters: int = DEFAULT_CLUSTERS,
    seed: int = 0,
    progress: ProgressCallback = silent,
) -> dict[str, Any]:
    """Cluster one space of a run and lay it out as a map; what is up to date is not made again.

    Makes the embeddings first where they are missing. Returns run, stage, space, n (clips on the
    map), masked (clips without this modality), unseen_sources and the clusters, largest first.
    Raises InputError (unknown run, stage, space; no clips; clusters under 1), RunError (too many).
    """
    if space not in SPACES:
        raise InputError(f"--space {space!r} is unknown; there is {', '.join(SPACES)}.")
    if clusters < 1:
        raise InputError(f"--clusters {clusters}: give a number of clusters from 1 up.")
    run_dir, stage = open_run(workspace.runs, run, stage)
    embeddings = embeddings_of(workspace, run_dir, stage, progress)
    known = fingerprint(embeddings)
    folder = map_folder(run_dir, stage, space, seed)
    files = load_map(folder, known)
    if files is None:
        files = _make_map(embeddings, space, seed, progress)
        save_map(folder, files, known)
    made = assemble(workspace, run_dir, stage, space, embeddings, files, known)
    database = open_database(workspace)
    try:
        groups = group_clusters(made.clips, made.vectors, cut(files.tree, clusters))
        result = summary(made, groups, read_verdicts(database))
    finally:
        database.close()
    write_json(folder / "clusters.json", result)
    return result


def assemble(
    workspace: Workspace,
    run_dir: RunDir,
    stage: str,
    space: str,
    embeddings: Embeddings,
    files: MapFiles,
    known: str,
) -> Space:
    """Put the clips beside the rows of their embeddings."""
    clips = clips_by_id(workspace)
    vectors, present = embeddings.space(space)
    return Space(
        run=run_dir.run,
        stage=stage,
        name=space,
        clips=tuple(clips[clip_id] for clip_id in embeddings.clip_ids),
        vectors=vectors,
        present=present,
        files=files,
        trained_on=tuple(run_dir.config().get("sources", ())),
        fingerprint=known,
    )


def summary(space: Space, groups: Sequence[Group], verdicts: Verdicts) -> dict[str, Any]:
    """The clusters of a space as one JSON object."""
    return {
        "run": space.run,
        "stage": space.stage,
        "space": space.name,
        "seed": space.files.seed,
        "n": int(space.present.sum()),
        "masked": int((~space.present).sum()),
        "masked_clips": [
            clip.clip_id for clip, real in zip(space.clips, space.present, strict=True) if not real
        ],
        "unseen_sources": list(
            unseen_sources(space.trained_on, space.clips, verdicts.judged.keys())
        ),
        "one_rater": verdicts.one_rater,
        "clusters": describe_clusters(space.clips, groups, verdicts.judged),
    }


def _make_map(
    embeddings: Embeddings, space: str, seed: int, progress: ProgressCallback
) -> MapFiles:
    vectors, present = embeddings.space(space)
    count = int(present.sum())
    if count == 0:
        raise RunError(
            f"Not one clip has {space} embeddings in this run, so there is nothing to lay out: "
            f"its method never reads {space}, or no clip has it. Take another --space."
        )
    progress(Progress("explore", 0, 2, f"clusters of {count:,} clips"))
    try:
        tree = grow_tree(vectors, present)
    except ValueError as error:
        raise RunError(str(error)) from None
    progress(Progress("explore", 1, 2, f"map of {count:,} clips, half a minute or so"))
    points = project(vectors, present, seed)
    progress(Progress("explore", 2, 2, "stored with the run"))
    return MapFiles(tree, points, seed)
