"""From narrations and videos to clips in the cache, and rows in the label database."""

import fcntl
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from app.context import open_database
from app.workspace import Workspace
from db import clips as rows
from db.engine import Database
from db.labelling import BatchRule, add_to_batch, batch_by_name, create_batch
from db.records import ClipRecord, DroppedRecord, VideoRecord
from db.withdrawals import withdrawals
from mc3core.data.cache import read_info
from mc3core.data.clips import Clip
from mc3core.data.ingest import Dropped, IngestOptions, IngestReport, ingest, source_of
from mc3core.data.narration import Narration
from mc3core.data.video_files import list_videos
from mc3core.data.withheld import withhold
from mc3core.errors import InputError, RunError
from mc3core.progress import ProgressCallback, silent

ALL_CLIPS = "all clips"
SLOTS = 3
AT_ONCE = 500

BatchOf = Callable[[Clip], str | None]
"""Which labelling batch takes a clip; None: nobody is asked about it."""


def everything(_: Clip) -> str:
    """Every clip is asked about, in one batch."""
    return ALL_CLIPS


def nobody_is_asked(_: Clip) -> None:
    """The clips are for training alone."""


def read_narrations(layout: str, path: Path) -> list[Narration]:
    """Read a narration file; InputError names the file and what is wrong with it."""
    match layout:
        case "ego4d":
            from mc3core.data.ego4d import read_ego4d

            return read_ego4d(path)
        case "csv":
            from mc3core.data.tables import read_csv

            return read_csv(path)
        case _:
            raise InputError(
                f"--format {layout} is not read by this version; it reads ego4d and csv. A CSV "
                "needs the columns video_uid,timestamp_sec,narration_text."
            )


def options_for(
    workspace: Workspace,
    narrations: Path,
    before_s: float | None = None,
    after_s: float | None = None,
    source: str | None = None,
    workers: int | None = None,
) -> IngestOptions:
    """Options of an ingest: what is not given is as in the workspace's cache, where it has one."""
    info = read_info(workspace.cache)
    kept = IngestOptions()
    if info is not None:
        kept = replace(
            kept,
            before_s=info.before_s,
            after_s=info.after_s,
            frames=info.frames,
            short_side=info.short_side,
            sample_rate_hz=info.sample_rate_hz,
            split_seed=info.split_seed,
        )
    return replace(
        kept,
        before_s=kept.before_s if before_s is None else before_s,
        after_s=kept.after_s if after_s is None else after_s,
        source=source or source_of(narrations),
        workers=workers,
    )


def check_request(options: IngestOptions, videos: Path) -> None:
    """InputError for options or a folder that cannot be used, before a workspace is made."""
    options.checked()
    list_videos(videos)


def ingest_into(
    workspace: Workspace,
    narrations: Sequence[Narration],
    videos: Path | Sequence[Path],
    options: IngestOptions,
    progress: ProgressCallback = silent,
    batch_of: BatchOf = everything,
) -> IngestReport:
    """Ingest into a workspace. Rows follow each finished video in a short transaction, so that its
    clips can be seen and labelled at once. What a killed ingest left out is added."""
    with only_ingest(workspace), closing(open_database(workspace)) as database:
        tell_withdrawals(workspace, database)

        def keep(new: Sequence[Clip], dropped: Sequence[Dropped]) -> None:
            add_rows(database, new, dropped, batch_of)

        report = ingest(
            narrations, videos, workspace.cache, workspace.media, options, progress, keep
        )
        _catch_up(database, report, batch_of)
    return report


def add_rows(
    database: Database, new: Sequence[Clip], dropped: Sequence[Dropped], batch_of: BatchOf
) -> None:
    """Put clips and dropped narrations into the database, in one transaction."""
    by_batch: defaultdict[str, list[str]] = defaultdict(list)
    for clip in new:
        if (batch := batch_of(clip)) is not None:
            by_batch[batch].append(clip.clip_id)
    with database.write() as session:
        rows.add_clips(session, [clip_record(clip) for clip in new])
        rows.add_dropped(session, [dropped_record(row) for row in dropped])
        for batch, clip_ids in by_batch.items():
            found = batch_by_name(session, batch)
            found = found or create_batch(session, batch, rule=BatchRule(slots_per_clip=SLOTS))
            add_to_batch(session, found.id, clip_ids)


@contextmanager
def only_ingest(workspace: Workspace) -> Generator[None]:
    """One process at a time adds clips: the manifest has one writer."""
    workspace.cache.mkdir(parents=True, exist_ok=True)
    with (workspace.cache / ".ingest.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunError(
                f"Another ingest is adding clips to {workspace.root}. Wait until it is done, then "
                "run this one again."
            ) from None
        yield


def tell_withdrawals(workspace: Workspace, database: Database) -> None:
    """What was withdrawn stays out, also of a cache that was made anew."""
    with database.read() as session:
        withhold(workspace.cache, {uid: w.said for uid, w in withdrawals(session).items()})


def _catch_up(database: Database, report: IngestReport, batch_of: BatchOf) -> None:
    """Make the database say what the cache says, whatever was killed before."""
    with database.read() as session:
        known = rows.clips_by_ids(session, [clip.clip_id for clip in report.clips]).keys()
    missing = [clip for clip in report.clips if clip.clip_id not in known]
    for start in range(0, len(missing), AT_ONCE):
        add_rows(database, missing[start : start + AT_ONCE], [], batch_of)
    sources = {clip.video_uid: clip.source for clip in report.clips}
    with database.write() as session:
        rows.set_dropped(session, [dropped_record(row) for row in report.dropped])
        rows.add_videos(
            session,
            [
                VideoRecord(info.video_uid, sources[info.video_uid], info.file, info.duration_s)
                for info in report.videos
                if info.video_uid in sources
            ],
        )


def clip_record(clip: Clip) -> ClipRecord:
    """The manifest's row as the database keeps it."""
    return ClipRecord(
        clip_id=clip.clip_id,
        video_uid=clip.video_uid,
        annotation_uid=clip.annotation_uid,
        source=clip.source,
        narration=clip.narration,
        time_s=clip.time_s,
        start_s=clip.start_s,
        end_s=clip.end_s,
        split=clip.split,
        verb=clip.verb,
        noun=clip.noun,
        modalities=clip.modalities,
        flags=clip.flags,
    )


def dropped_record(row: Dropped) -> DroppedRecord:
    return DroppedRecord(
        video_uid=row.video_uid,
        annotation_uid=row.annotation_uid,
        reason=row.reason,
        narration=row.narration,
        time_s=row.time_s,
    )
