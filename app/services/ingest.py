"""From narrations and videos to clips in the cache, and rows in the label database."""

from collections.abc import Sequence
from pathlib import Path

from app.context import open_database
from app.workspace import Workspace
from db import clips as rows
from db.engine import Database
from db.labelling import add_to_batch, batch_by_name, create_batch
from db.records import ClipRecord, DroppedRecord
from mc3core.data.clips import Clip
from mc3core.data.ingest import Dropped, IngestOptions, IngestReport, ingest
from mc3core.data.narration import Narration
from mc3core.errors import InputError
from mc3core.progress import ProgressCallback, silent

ALL_CLIPS = "all clips"
SLOTS = 3


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


def ingest_into(
    workspace: Workspace,
    narrations: list[Narration],
    videos: Path | Sequence[Path],
    options: IngestOptions,
    progress: ProgressCallback = silent,
    batch: str | None = ALL_CLIPS,
) -> IngestReport:
    """Ingest into a workspace. Rows follow each finished video, so that its clips can be seen and
    labelled at once; `batch` names the labelling batch that takes them (None: no batch)."""
    database = open_database(workspace)
    try:

        def keep(new: Sequence[Clip], dropped: Sequence[Dropped]) -> None:
            add_rows(database, new, dropped, batch)

        report = ingest(
            narrations, videos, workspace.cache, workspace.media, options, progress, keep
        )
        with database.write() as session:
            rows.set_dropped(session, [dropped_record(row) for row in report.dropped])
    finally:
        database.close()
    return report


def add_rows(
    database: Database, new: Sequence[Clip], dropped: Sequence[Dropped], batch: str | None
) -> None:
    """Put the clips of one video into the database, in one short transaction."""
    with database.write() as session:
        rows.add_clips(session, [clip_record(clip) for clip in new])
        rows.add_dropped(session, [dropped_record(row) for row in dropped])
        if batch is not None and new:
            found = batch_by_name(session, batch) or create_batch(session, batch, slots_per_clip=SLOTS)
            add_to_batch(session, found.id, [clip.clip_id for clip in new])


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
