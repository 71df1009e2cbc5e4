"""Clips, videos and dropped narrations: bulk in, pages out."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, delete, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.clip_tables import Clip, Dropped, Video, Withdrawal
from db.records import (
    ClipFilter,
    ClipRecord,
    DroppedRecord,
    Facets,
    Page,
    VideoRecord,
    VideoSummary,
)
from db.upsert import upsert

IDS_AT_ONCE = 500


def add_videos(session: Session, rows: Iterable[VideoRecord]) -> None:
    """Add or replace videos by uid."""
    upsert(session, Video, [_columns(row) for row in rows])


def add_clips(session: Session, rows: Iterable[ClipRecord]) -> None:
    """Add or replace clips by id; a video that was not named before is added with them.

    What was withdrawn stays as it is: nothing brings its words back.
    """
    gone = _withdrawn_among(session, rows := list(rows))
    clips = [_columns(row) for row in rows if row.video_uid not in gone or row.withdrawn]
    known = {clip["video_uid"]: clip["source"] for clip in clips}
    videos = [{"video_uid": uid, "source": source} for uid, source in known.items()]
    upsert(session, Video, videos, replace=False)
    upsert(session, Clip, clips)


def add_dropped(session: Session, rows: Iterable[DroppedRecord]) -> None:
    """Add or replace dropped narrations by what they say; give all rows of a video at once.

    Two equal rows in one call are two narrations and are both kept.
    """
    upsert(session, Dropped, _keyed(rows))


def set_dropped(session: Session, rows: Iterable[DroppedRecord]) -> None:
    """Make these rows the whole list of what was dropped, as an ingest report ends."""
    session.execute(delete(Dropped))
    upsert(session, Dropped, _keyed(rows))


def clip_by_id(session: Session, clip_id: str) -> ClipRecord | None:
    clip = session.get(Clip, clip_id)
    return None if clip is None else clip_record(clip)


def clips_by_ids(session: Session, clip_ids: Sequence[str]) -> dict[str, ClipRecord]:
    """The clips of these ids that exist, whatever their number."""
    found: dict[str, ClipRecord] = {}
    for start in range(0, len(clip_ids), IDS_AT_ONCE):
        some = clip_ids[start : start + IDS_AT_ONCE]
        for clip in session.scalars(select(Clip).where(Clip.clip_id.in_(some))):
            found[clip.clip_id] = clip_record(clip)
    return found


def all_clips(session: Session, where: ClipFilter | None = None) -> list[ClipRecord]:
    """Every clip that passes the filter, by video and time."""
    conditions = _conditions(session, where or ClipFilter())
    rows = session.execute(select(*_COLUMNS).where(*conditions).order_by(*_ORDER))
    return [ClipRecord(*row) for row in rows]


def page_of_clips(
    session: Session, where: ClipFilter, offset: int = 0, limit: int = 50
) -> Page[ClipRecord]:
    """One page by video and time, and how many clips pass the filter in all."""
    conditions = _conditions(session, where)
    total = session.scalar(select(func.count()).select_from(Clip).where(*conditions)) or 0
    query = select(*_COLUMNS).where(*conditions).order_by(*_ORDER).offset(offset).limit(limit)
    return Page(tuple(ClipRecord(*row) for row in session.execute(query)), total, offset)


def filtered(session: Session, where: ClipFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on `Clip`, for queries of one's own."""
    return _conditions(session, where)


def facets(session: Session) -> Facets:
    """Count clips by split, verb, noun, flag and source; withdrawn ones by their flag only."""
    flags: Counter[str] = Counter()
    for words, count in session.execute(select(Clip.flags, func.count()).group_by(Clip.flags)):
        flags.update(dict.fromkeys(words, count))
    return Facets(
        splits=_counts(session, Clip.split),
        verbs=_counts(session, Clip.verb),
        nouns=_counts(session, Clip.noun),
        flags=dict(flags.most_common()),
        sources=_counts(session, Clip.source),
    )


def count_clips(session: Session) -> int:
    """How many there are, without those of withdrawn videos."""
    query = select(func.count()).select_from(Clip).where(*_still_there(session))
    return session.scalar(query) or 0


def page_of_videos(session: Session, offset: int = 0, limit: int = 50) -> Page[VideoSummary]:
    """Videos by uid, each with its numbers of clips and of dropped narrations."""
    total = session.scalar(select(func.count()).select_from(Video)) or 0
    page = select(Video).order_by(Video.video_uid).offset(offset).limit(limit)
    videos = session.scalars(page).all()
    uids = [video.video_uid for video in videos]
    in_page = Clip.video_uid.in_(uids)
    clip_counts = select(Clip.video_uid, func.count(), func.min(Clip.split)).where(in_page)
    clips = {
        uid: (count, split)
        for uid, count, split in session.execute(clip_counts.group_by(Clip.video_uid))
    }
    drops = select(Dropped.video_uid, func.count()).where(Dropped.video_uid.in_(uids))
    dropped = dict(session.execute(drops.group_by(Dropped.video_uid)).all())
    gone = select(Withdrawal.video_uid, Withdrawal.at).where(Withdrawal.video_uid.in_(uids))
    withdrawn = {uid: at for uid, at in session.execute(gone)}  # noqa: C416 - a Result is no mapping
    rows = tuple(
        VideoSummary(
            VideoRecord(video.video_uid, video.source, video.file_name, video.duration_s),
            split=clips.get(video.video_uid, (0, None))[1],
            clips=clips.get(video.video_uid, (0, None))[0],
            dropped=dropped.get(video.video_uid, 0),
            withdrawn_at=withdrawn.get(video.video_uid),
        )
        for video in videos
    )
    return Page(rows, total, offset)


def page_of_dropped(
    session: Session, offset: int = 0, limit: int = 50, reason: str | None = None
) -> Page[DroppedRecord]:
    """Dropped narrations by video and time; `reason` shows one reason only."""
    conditions = [] if reason is None else [Dropped.reason == reason]
    total = session.scalar(select(func.count()).select_from(Dropped).where(*conditions)) or 0
    order = (Dropped.video_uid, Dropped.time_s, Dropped.key)
    page = select(Dropped).where(*conditions).order_by(*order).offset(offset).limit(limit)
    rows = tuple(
        DroppedRecord(d.video_uid, d.annotation_uid, d.reason, d.narration, d.time_s)
        for d in session.scalars(page)
    )
    return Page(rows, total, offset)


def dropped_reasons(session: Session) -> dict[str, int]:
    """How many narrations each reason cost, most first."""
    return _counts(session, Dropped.reason)


def clip_record(clip: Clip) -> ClipRecord:
    return ClipRecord(*(getattr(clip, column.key) for column in _COLUMNS))


_COLUMNS = tuple(getattr(Clip, name) for name in ClipRecord.__slots__)


_ORDER = (Clip.video_uid, Clip.time_s, Clip.clip_id)


def _columns(row: ClipRecord | VideoRecord | DroppedRecord) -> dict[str, object]:
    return {name: getattr(row, name) for name in type(row).__slots__}


def _keyed(rows: Iterable[DroppedRecord]) -> list[dict[str, object]]:
    seen: Counter[str] = Counter()
    keyed: list[dict[str, object]] = []
    for row in rows:
        said = "\0".join((row.video_uid, row.annotation_uid, repr(row.time_s), row.narration))
        copy = seen[said]
        seen[said] += 1
        text = f"{said}\0{copy}".encode("utf-8", "surrogatepass")
        keyed.append({"key": hashlib.blake2b(text, digest_size=16).hexdigest()} | _columns(row))
    return keyed


def _still_there(session: Session) -> list[ColumnElement[bool]]:
    """Leaves withdrawn clips out; no condition, and no slower query, where there is none."""
    if session.scalar(select(Withdrawal.video_uid).limit(1)) is None:
        return []
    return [Clip.video_uid.not_in(select(Withdrawal.video_uid))]


def _withdrawn_among(session: Session, clips: Sequence[ClipRecord]) -> set[str]:
    uids = list({clip.video_uid for clip in clips})
    found: set[str] = set()
    for start in range(0, len(uids), IDS_AT_ONCE):
        some = Withdrawal.video_uid.in_(uids[start : start + IDS_AT_ONCE])
        found.update(session.scalars(select(Withdrawal.video_uid).where(some)))
    return found


def _conditions(session: Session, where: ClipFilter) -> list[ColumnElement[bool]]:
    # Asked for by flag or video, withdrawn clips are listed: as what they are.
    conditions = [] if where.flag or where.video_uid else _still_there(session)
    for column, value in (
        (Clip.video_uid, where.video_uid),
        (Clip.split, where.split),
        (Clip.verb, where.verb),
        (Clip.noun, where.noun),
        (Clip.source, where.source),
    ):
        if value is not None:
            conditions.append(column == value)
    if where.flag is not None:
        flags = type_coerce(Clip.flags, String)
        conditions.append(flags.contains(f",{where.flag},", autoescape=True))
    if where.without is not None:
        conditions.append({"verb": Clip.verb, "noun": Clip.noun}[where.without].is_(None))
    if where.text:
        conditions.append(func.lower(Clip.narration).contains(where.text.lower(), autoescape=True))
    return conditions


def _counts(session: Session, column: InstrumentedAttribute[Any]) -> dict[str, int]:
    count = func.count()
    rows = session.execute(
        select(column, count)
        .where(column.is_not(None), *(_still_there(session) if column.class_ is Clip else ()))
        .group_by(column)
        .order_by(count.desc(), column)
    )
    return {value: number for value, number in rows}  # noqa: C416 - a Result is no mapping
