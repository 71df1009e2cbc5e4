"""Withdrawing a video: its wearer may ask for it. First it is written down, in one transaction that
takes it out of every list; then its traces are removed from the files. A crash in between leaves
nothing that could be played, labelled or trained on, and withdrawing again finishes.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from app.services.at_stake import blocked, original_of, runs_involved
from app.services.forgetting import FilesForgotten, forget_files, remove_orphans
from app.services.ingest import clip_record, only_ingest, tell_withdrawals
from app.services.video_names import find_video
from app.settings import Settings
from app.workspace import Workspace
from db.clips import clips_by_ids
from db.engine import Database
from db.withdrawals import at_stake, fold_log, withdraw_rows, withdrawal_of, withdrawals
from mc3core.data.clips import MANIFEST_NAME, read_manifest
from mc3core.data.forget import clip_ids_of
from mc3core.data.ledger import read_dropped
from mc3core.data.shards import video_key
from mc3core.errors import InputError, RunError
from mc3core.progress import ProgressCallback, silent

WEIGHTS_STAY = (
    "The weights of these runs have learned from it and stay: delete the runs, or train new ones."
)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal has done. `again`: it was written down before; `original` says where the
    source file is, which is not deleted."""

    video: str
    withdrawn: str
    again: bool
    clips: int
    answers: int
    files: FilesForgotten
    orphans: int
    original: str
    weights: str | None

    def to_json(self) -> dict[str, Any]:
        found = asdict(self)
        return found | found.pop("files")


def withdraw(
    workspace: Workspace,
    settings: Settings,
    database: Database,
    said: str,
    reason: str = "",
    by_id: int | None = None,
    progress: ProgressCallback = silent,
) -> Withdrawn:
    """Write it down, then remove it. InputError: unknown video; RunError: somebody is using it."""
    with only_ingest(workspace):
        uid, again = record(workspace, database, said, reason, by_id)
        return _remove(workspace, settings, database, uid, again, progress)


def record(
    workspace: Workspace, database: Database, said: str, reason: str, by_id: int | None
) -> tuple[str, bool]:
    """Only write it down: from now on nobody is shown, asked or trained on it. Call it while no
    ingest runs. Returns the video, and whether it had been withdrawn before."""
    uid = find_video(workspace, database, said)
    with database.read() as session:
        stake, known = at_stake(session, uid), withdrawal_of(session, uid)
    clip_ids = set(stake.clip_ids) | clip_ids_of(workspace.cache, uid)
    if (sentence := blocked(workspace, database, uid, clip_ids)) is not None:
        raise RunError(sentence)
    listed = [
        clip_record(clip)
        for clip in read_manifest(workspace.cache / MANIFEST_NAME)
        if clip.video_uid == uid and clip.clip_id not in stake.clip_ids
    ]
    video = stake.video if stake.video.source else replace(stake.video, source="unknown")
    involved = [asdict(run) for run in runs_involved(workspace, uid, clip_ids)]
    detail = {"clips": len(clip_ids), "answers": stake.answers, "runs": involved}
    with database.write() as session:
        withdraw_rows(session, video, reason.strip(), by_id, listed, detail)
    fold_log(database)
    tell_withdrawals(workspace, database)
    return uid, known is not None


def finish(
    workspace: Workspace,
    settings: Settings,
    database: Database,
    key: str | None = None,
    progress: ProgressCallback = silent,
) -> list[Withdrawn]:
    """Remove what is left of withdrawn videos: of all, or of the one with this key (`key_of`)."""
    with database.read() as session:
        known = withdrawals(session)
    wanted = [uid for uid in known if key in (None, key_of(uid))]
    if key is not None and not wanted:
        raise InputError("No withdrawn video has this key. Name the video instead.")
    return [withdraw(workspace, settings, database, uid, progress=progress) for uid in wanted]


def key_of(video_uid: str) -> str:
    """Names a video in a command line, whatever its own name holds."""
    return video_key(video_uid)


def _remove(
    workspace: Workspace,
    settings: Settings,
    database: Database,
    uid: str,
    again: bool,
    progress: ProgressCallback,
) -> Withdrawn:
    with database.read() as session:
        stake, known = at_stake(session, uid), withdrawal_of(session, uid)
    assert known is not None
    original = original_of(workspace, settings, stake.video)
    clip_ids = set(stake.clip_ids) | clip_ids_of(workspace.cache, uid)
    words = {row.clip_id for row in read_dropped(workspace.cache) if row.video_uid == uid}
    files = forget_files(workspace, uid, clip_ids, words, progress)
    orphans = remove_orphans(workspace, _known_clips(workspace, database))
    learned = any(run.learned for run in runs_involved(workspace, uid, clip_ids))
    return Withdrawn(
        uid, known.said, again, len(clip_ids), stake.answers, files, orphans, original,
        WEIGHTS_STAY if learned else None,
    )  # fmt: skip


def _known_clips(workspace: Workspace, database: Database) -> set[str]:
    """Every clip that may have media. None is an orphan because a list was lost."""
    listed = {clip.clip_id for clip in read_manifest(workspace.cache / MANIFEST_NAME)}
    there = {path.stem for path in workspace.media.iterdir()} - listed
    with database.read() as session:
        return listed | clips_by_ids(session, sorted(there)).keys()
