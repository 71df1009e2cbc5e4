"""The tables of what is there to label: videos and clips, and the jobs that make them."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.columns import SafeText, Utc, Words


class Identity(Base):
    """One row: which database this is, so that a browser never sends answers to another one."""

    __tablename__ = "identity"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)


class Video(Base):
    """A source video; the file itself stays where it is."""

    __tablename__ = "video"

    video_uid: Mapped[str] = mapped_column(SafeText, primary_key=True)
    source: Mapped[str] = mapped_column(SafeText)
    file_name: Mapped[str | None] = mapped_column(SafeText)
    duration_s: Mapped[float | None]


class Withdrawal(Base):
    """A video whose wearer asked for it to go: its media are gone, its labels' trace stays."""

    __tablename__ = "withdrawal"

    video_uid: Mapped[str] = mapped_column(ForeignKey("video.video_uid"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(SafeText)


class Clip(Base):
    """One narrated moment; mirrors the manifest's row."""

    __tablename__ = "clip"
    __table_args__ = (
        Index("ix_clip_video_time", "video_uid", "time_s", "clip_id"),
        Index("ix_clip_verb", "verb"),
        Index("ix_clip_split", "split"),
        Index("ix_clip_noun", "noun"),
        Index("ix_clip_source", "source"),
        Index("ix_clip_flags", "flags"),
    )

    clip_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    video_uid: Mapped[str] = mapped_column(ForeignKey("video.video_uid"))
    annotation_uid: Mapped[str] = mapped_column(SafeText)
    source: Mapped[str] = mapped_column(SafeText)
    narration: Mapped[str] = mapped_column(SafeText)
    time_s: Mapped[float]
    start_s: Mapped[float]
    end_s: Mapped[float]
    split: Mapped[str] = mapped_column(String(8))
    verb: Mapped[str | None] = mapped_column(SafeText)
    noun: Mapped[str | None] = mapped_column(SafeText)
    modalities: Mapped[tuple[str, ...]] = mapped_column(Words)
    flags: Mapped[tuple[str, ...]] = mapped_column(Words)


class Dropped(Base):
    """A narration that became no clip, and why."""

    __tablename__ = "dropped"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    video_uid: Mapped[str] = mapped_column(SafeText, index=True)
    annotation_uid: Mapped[str] = mapped_column(SafeText)
    reason: Mapped[str] = mapped_column(SafeText)
    narration: Mapped[str] = mapped_column(SafeText)
    time_s: Mapped[float | None]


class Job(Base):
    """A process the studio started."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'running', 'finished', 'failed', 'cancelled')", name="state"
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    argv: Mapped[str] = mapped_column(SafeText)
    state: Mapped[str] = mapped_column(String(16), index=True)
    pid: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Utc, index=True)
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    detail: Mapped[str] = mapped_column(SafeText, default="")
    message: Mapped[str] = mapped_column(SafeText, default="")
