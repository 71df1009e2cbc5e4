"""Videos whose wearer asked for them to go: what the tables keep of them, and what they do not.

Answers, decisions and times stay, as the trace of the work; what was said in the video goes. The
clips are flagged, their open places shut, whoever looks at one is let go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import distinct, exists, func, select, text, update
from sqlalchemy.orm import Session

from db import audit
from db.clip_state import WITHDRAWN
from db.clip_tables import Clip, Dropped, Video, Withdrawal
from db.clips import add_clips, add_videos
from db.columns import utc_now
from db.engine import Database
from db.label_tables import Answer, Assignment, Slot
from db.quality_tables import Example, Gold
from db.records import ClipRecord, VideoRecord

REMOVED_TEXT = "(withdrawn)"


@dataclass(frozen=True, slots=True)
class WithdrawalRecord:
    """A video that was withdrawn: when, by whom (None: from a terminal), and why."""

    video_uid: str
    at: datetime
    by_id: int | None
    reason: str

    @property
    def said(self) -> str:
        """The sentence that every page and command has for it."""
        return f"withdrawn on {self.at:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Stake:
    """What the tables hold of a video. `in_use` of its clips are gold or worked examples."""

    video: VideoRecord
    clip_ids: tuple[str, ...]
    answers: int
    people: int
    dropped: int
    in_use: int


def withdrawals(session: Session) -> dict[str, WithdrawalRecord]:
    """Every withdrawn video, oldest first."""
    rows = session.scalars(select(Withdrawal).order_by(Withdrawal.at, Withdrawal.video_uid))
    return {row.video_uid: _record(row) for row in rows}


def withdrawal_of(session: Session, video_uid: str) -> WithdrawalRecord | None:
    found = session.get(Withdrawal, video_uid)
    return None if found is None else _record(found)


def video_names(session: Session) -> list[str]:
    """Every video that the tables know, also one of which all was dropped."""
    known = select(Video.video_uid).union(select(Dropped.video_uid))
    return sorted(session.scalars(known))


def at_stake(session: Session, video_uid: str) -> Stake:
    """Count what a withdrawal touches; all zero for a video that nobody knows."""
    video = session.get(Video, video_uid)
    record = VideoRecord(video_uid, "")
    if video is not None:
        record = VideoRecord(video_uid, video.source, video.file_name, video.duration_s)
    of_video = Clip.video_uid == video_uid
    counts = session.execute(
        select(func.count(Answer.id), func.count(distinct(Assignment.person_id)))
        .join(Assignment, Assignment.id == Answer.assignment_id)
        .join(Clip, Clip.clip_id == Assignment.clip_id)
        .where(of_video)
    ).one()
    examples = exists().where(Example.clip_id == Clip.clip_id, Example.retired_at.is_(None))
    gold = exists().where(Gold.clip_id == Clip.clip_id, Gold.retired_at.is_(None))
    return Stake(
        record,
        tuple(session.scalars(select(Clip.clip_id).where(of_video).order_by(Clip.time_s))),
        answers=counts[0],
        people=counts[1],
        dropped=_count(session, select(func.count()).where(Dropped.video_uid == video_uid)),
        in_use=_count(session, select(func.count()).where(of_video, gold | examples)),
    )


def withdraw_rows(
    session: Session,
    video: VideoRecord,
    reason: str,
    by_id: int | None,
    unlisted: Sequence[ClipRecord] = (),
    detail: dict[str, Any] | None = None,
) -> WithdrawalRecord:
    """Record the withdrawal and take the video out of the tables, in the caller's transaction.

    `unlisted` clips are known to the training cache only; their rows make them findable. Called
    again it changes nothing but what came in since, and the first date and reason stay.
    """
    if session.get_bind().dialect.name == "sqlite":
        # Overwritten on the disk too: else a narration could be read from the file's free pages.
        session.execute(text("PRAGMA secure_delete = ON"))
    known = withdrawal_of(session, video.video_uid)
    if known is None:
        if session.get(Video, video.video_uid) is None:
            add_videos(session, [video])
        now = utc_now()
        session.add(Withdrawal(video_uid=video.video_uid, at=now, by_id=by_id, reason=reason))
        session.flush()
        audit.note(
            session, by_id, "withdraw", video.video_uid, {"reason": reason, **(detail or {})}
        )
        known = WithdrawalRecord(video.video_uid, now, by_id, reason)
    add_clips(session, [without_words(clip) for clip in unlisted])
    _take_out(session, video.video_uid)
    return known


def without_words(clip: ClipRecord) -> ClipRecord:
    """What stays of a clip: its place in time, and that it was withdrawn."""
    blank = replace(clip, narration=REMOVED_TEXT, verb=None, noun=None)
    return replace(blank, modalities=(), flags=(WITHDRAWN,))


def fold_log(database: Database) -> None:
    """Empty SQLite's log, which still holds the pages as they were. Where somebody reads on, it is
    emptied by who comes last."""
    if database.dialect == "sqlite":
        with database.read() as session:
            session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _take_out(session: Session, video_uid: str) -> None:
    ids = select(Clip.clip_id).where(Clip.video_uid == video_uid)
    now = utc_now()
    changes = (
        update(Slot)
        .where(Slot.clip_id.in_(ids), ~Slot.filled)
        .values(assignment_id=None, shut=True),
        update(Assignment)
        .where(Assignment.clip_id.in_(ids), Assignment.state == "leased")
        .values(state="expired"),
        update(Gold).where(Gold.clip_id.in_(ids), Gold.retired_at.is_(None)).values(retired_at=now),
        update(Example)
        .where(Example.clip_id.in_(ids), Example.retired_at.is_(None))
        .values(retired_at=now),
        update(Clip)
        .where(Clip.video_uid == video_uid)
        .values(narration=REMOVED_TEXT, verb=None, noun=None, modalities=(), flags=(WITHDRAWN,)),
        update(Dropped).where(Dropped.video_uid == video_uid).values(narration=""),
    )
    for change in changes:
        session.execute(change.execution_options(synchronize_session=False))


def _record(row: Withdrawal) -> WithdrawalRecord:
    return WithdrawalRecord(row.video_uid, row.at, row.by_id, row.reason)


def _count(session: Session, query: Any) -> int:
    return session.scalar(query) or 0
