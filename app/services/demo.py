"""The demo workspace: a made world, cut and partly labelled, with a trained run to look at.

Every step looks at what is there, so a demo that was killed half-way goes on at the next start. The
studio serves from the first second; clips appear video by video, the visitor's own first.
"""

import json
import shutil
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import app
from app.context import AppContext, open_database
from app.services.demo_checks import add_known
from app.services.demo_plan import (
    CLIPS,
    SEED,
    SOURCE,
    SPLIT_SEED,
    plan,
    visitors_clips,
)
from app.services.ingest import SLOTS, ingest_into, read_narrations
from app.services.simulated import ANNOTATORS, LAW, answers, truths
from app.workspace import Workspace
from db.engine import Database
from db.labelling import BatchRule, batch_by_name, create_batch, record_answers
from db.people import ensure_person
from mc3core.data.clips import MANIFEST_NAME, Clip
from mc3core.data.ingest import IngestOptions
from mc3core.data.narration import Narration
from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.training.run_dir import RunDir, write_json

YOURS = "yours to label"
SIMULATED = "simulated"
HOME = Path(app.__file__).resolve().parent
# In a checkout it lies under assets/, in an installed wheel beside this package's code.
SHIPPED_RUNS = (HOME.parent / "assets" / "demo_run", HOME / "demo_run")
RUN = "mc3-shipped"


def about(workspace: Workspace) -> str | None:
    """What a visitor should know of the demo, or None where this workspace is none."""
    if not _marker(workspace).exists():
        return None
    return (
        f"Everything here is made: {CLIPS} clips of a procedural world whose truth is known, half "
        f"of them for training. {LAW} {len(visitors_clips())} clips are left for you, in the batch "
        f"“{YOURS}”: each takes {SLOTS} answers, yours is the first."
    )


def claim(workspace: Workspace) -> None:
    """Mark a new workspace as the demo's; InputError for one that holds other clips."""
    if _marker(workspace).exists():
        return
    if (workspace.cache / MANIFEST_NAME).exists():
        raise InputError(
            f"{workspace.root} holds other clips and is no demo: open it with "
            f"`sounding serve --workspace {workspace.root}`, or give the demo a new folder."
        )
    write_json(_marker(workspace), {"seed": SEED, "clips": CLIPS, "complete": False})


def start_building(context: AppContext) -> None:
    """Build what is missing, in the background."""
    if not is_complete(context.workspace):
        _open_batches(context.database)
        context.jobs.start("demo", [("demo-build",)])


def is_complete(workspace: Workspace) -> bool:
    """Whether nothing is left to build; a damaged marker says nothing, so all is looked at."""
    try:
        return bool(json.loads(_marker(workspace).read_text(encoding="utf-8"))["complete"])
    except (ValueError, KeyError, TypeError):
        return False


def build(workspace: Workspace, progress: ProgressCallback = silent) -> None:
    """World, clips, simulated answers, shipped run, embeddings, map and scores."""
    claim(workspace)
    with closing(open_database(workspace)) as database:
        _open_batches(database)
    _make_clips(workspace, progress)
    run = _bring_run(workspace)
    if run is not None:
        _look_at(workspace, run, progress)
    write_json(_marker(workspace), {"seed": SEED, "clips": CLIPS, "complete": True})


def _make_clips(workspace: Workspace, progress: ProgressCallback) -> None:
    """Each video is cut as soon as it is rendered, while the next ones still are."""
    from mc3core.world.writer import iter_videos

    out = workspace.root / "world"
    total = len(plan().videos)
    progress(Progress("rendering videos", 0, total, "the first clips come in some seconds"))
    options = IngestOptions(split_seed=SPLIT_SEED, source=SOURCE, workers=1)
    by_video: dict[str, list[Narration]] = {}
    for done, (uid, path) in enumerate(iter_videos(out, CLIPS, SEED), 1):
        by_video = by_video or _by_video(read_narrations("ego4d", out / "narration.json"))
        report = ingest_into(workspace, by_video[uid], [path], options, batch_of=batch_of)
        _answer(workspace, [clip for clip in report.clips if clip.video_uid == uid])
        _check(workspace, [clip for clip in report.clips if clip.video_uid == uid])
        progress(Progress("rendering videos", done, total, f"{len(report.clips)} clips so far"))


def batch_of(clip: Clip) -> str | None:
    """Clips that train are not asked about: the labels are for validation and test."""
    if clip.split == "train":
        return None
    return YOURS if clip.annotation_uid in visitors_clips() else SIMULATED


def _answer(workspace: Workspace, clips: list[Clip]) -> None:
    """The simulated annotators answer a video's clips; what is answered stays as it is."""
    known = truths(plan())
    asked = [(c.clip_id, known[c.annotation_uid]) for c in clips if batch_of(c) == SIMULATED]
    if not asked:
        return
    with closing(open_database(workspace)) as database, database.write() as session:
        batch = batch_by_name(session, SIMULATED)
        assert batch is not None
        record_answers(session, batch.id, answers(asked), kind="simulated")


def _check(workspace: Workspace, clips: list[Clip]) -> None:
    """Worked examples, exam and gold among a video's clips."""
    with closing(open_database(workspace)) as database, database.write() as session:
        add_known(session, [(clip.clip_id, clip.annotation_uid) for clip in clips])


def _bring_run(workspace: Workspace) -> str | None:
    """Copy the run that ships with the source; None where there is none."""
    shipped = next((path for path in SHIPPED_RUNS if (path / "config.json").exists()), None)
    if shipped is None:
        return None
    target = workspace.runs / RUN
    if not target.exists():
        partial = workspace.runs / f".{RUN}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(shipped, partial)
        status = RunDir(partial).path / "status.json"
        row = json.loads(status.read_text(encoding="utf-8"))
        write_json(status, {**row, "run": RUN, "pid": 0})
        partial.rename(target)
    return RUN


def _look_at(workspace: Workspace, run: str, progress: ProgressCallback) -> None:
    from app.services.evaluation import evaluate
    from app.services.exploration import explore

    explore(workspace, run, space="joint", progress=progress)
    for task in ("discovery", "retrieval"):
        evaluate(workspace, run, task=task, progress=progress)
    for space in ("audio", "video", "text"):
        explore(workspace, run, space=space, progress=progress)


def _open_batches(database: Database) -> None:
    """The visitor's batch is the first, so that a person who just begins gets those clips."""
    with database.write() as session:
        for name in (YOURS, SIMULATED):
            if batch_by_name(session, name) is None:
                create_batch(session, name, rule=BatchRule(slots_per_clip=SLOTS))
        for annotator in ANNOTATORS:
            ensure_person(session, annotator.name, "simulated")


def _by_video(rows: list[Narration]) -> dict[str, list[Narration]]:
    found: defaultdict[str, list[Narration]] = defaultdict(list)
    for row in rows:
        found[row.video_uid].append(row)
    return found


def _marker(workspace: Workspace) -> Path:
    return workspace.root / "demo.json"
