"""What withdrawing a video would remove, who is in its way, and what it leaves alone."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.services import runs
from app.services.forgetting import media_of
from app.services.sources import list_sources
from app.services.video_names import find_video, shown
from app.settings import Settings
from app.workspace import Workspace
from db.engine import Database
from db.jobs import list_jobs
from db.records import VideoRecord
from db.withdrawals import at_stake, withdrawal_of
from mc3core.data.cache import read_info
from mc3core.data.clips import split_for
from mc3core.data.forget import clip_ids_of
from mc3core.embeddings import stored_clip_ids
from mc3core.training.forget import learned_from_withdrawn
from mc3core.training.provenance import train_clip_ids
from mc3core.training.run_dir import RunDir

# Jobs that hold clips in memory and write about them when they end.
READING = frozenset({"embed", "explore", "evaluate", "map", "demo"})


@dataclass(frozen=True, slots=True)
class RunInvolved:
    """A run that knows the video: trained on so many of its clips, embedded so many. `learned`: the
    same, from before it was withdrawn."""

    run: str
    trained: int
    embedded: int
    learned: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a withdrawal removes, and what stands in its way (`blocked`, a sentence)."""

    video: str
    withdrawn: str | None
    reason: str
    clips: int
    answers: int
    people: int
    dropped: int
    in_use: int
    media_files: int
    media_bytes: int
    runs: tuple[RunInvolved, ...]
    original: str
    blocked: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def preview(workspace: Workspace, settings: Settings, database: Database, said: str) -> Preview:
    """What withdrawing a video would remove. InputError for an unknown one, with what is near."""
    uid = find_video(workspace, database, said)
    with database.read() as session:
        stake, known = at_stake(session, uid), withdrawal_of(session, uid)
    clip_ids = set(stake.clip_ids) | clip_ids_of(workspace.cache, uid)
    media = [path.stat().st_size for path in media_of(workspace.media, clip_ids)]
    return Preview(
        video=uid,
        withdrawn=known.said if known else None,
        reason=known.reason if known else "",
        clips=len(clip_ids),
        answers=stake.answers,
        people=stake.people,
        dropped=stake.dropped,
        in_use=stake.in_use,
        media_files=len(media),
        media_bytes=sum(media),
        runs=tuple(runs_involved(workspace, uid, clip_ids)),
        original=original_of(workspace, settings, stake.video),
        blocked=blocked(workspace, database, uid, clip_ids),
    )


def runs_involved(workspace: Workspace, uid: str, clip_ids: set[str]) -> list[RunInvolved]:
    found: list[RunInvolved] = []
    for path in sorted(workspace.runs.glob("*/config.json")):
        run_dir = RunDir(path.parent)
        trained = len(clip_ids.intersection(train_clip_ids(run_dir)))
        stages = {file.parent for file in run_dir.path.glob("*/embeddings.safetensors")}
        embedded = sum(len(clip_ids.intersection(stored_clip_ids(stage))) for stage in stages)
        learned = learned_from_withdrawn(run_dir).get(uid, 0)
        if trained or embedded or learned:
            found.append(RunInvolved(run_dir.run, trained, embedded, learned))
    return found


def blocked(workspace: Workspace, database: Database, uid: str, clip_ids: set[str]) -> str | None:
    """Who reads the clips just now. To remove them under a run would break it, and to let it go on
    would train on them: the person decides, and the run can be resumed without them."""
    info = read_info(workspace.cache)
    validates = info is not None and split_for(uid, info.split_seed) == "val"
    for view in runs.list_runs(workspace):
        if not view.active:
            continue
        trained = train_clip_ids(RunDir(workspace.runs / view.status.run))
        reads_all = view.status.state == "starting" or not trained
        if reads_all or validates or clip_ids.intersection(trained):
            return (
                f"Run {view.status.run} is training on it. Stop that run first (page Train, or "
                "end its process), then withdraw the video, then resume the run without it."
            )
    with database.read() as session:
        for job in list_jobs(session, running=True, limit=1000):
            if job.kind in READING:
                return (
                    f"A job is reading the clips just now ({job.kind}). Wait until it is done, or "
                    "cancel it, then withdraw the video."
                )
    return None


def original_of(workspace: Workspace, settings: Settings, video: VideoRecord) -> str:
    """Where the file is that the clips were cut from; a withdrawal leaves it alone."""
    name = video.file_name or f"the file of {shown(video.video_uid)}"
    found = [source.path for source in list_sources(workspace, settings) if source.videos]
    for folder in (*found, workspace.root / "world" / "videos"):
        file = folder / Path(video.file_name or "").name
        if video.file_name and file.is_file():
            return f"The source file {file} is yours and is not deleted."
    return (
        f"The source file ({name}) is yours and is not deleted: it lies in the folder that was "
        "given to ingest, as does the narration file."
    )
