"""The tables. Constraints, not code, decide that nothing is counted twice."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.columns import SafeText, Utc, Words


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Identity(Base):
    """One row: which database this is, so that a browser never sends answers to another one."""

    __tablename__ = "identity"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)


class Person(Base):
    """Somebody who answers. `name_key` is the folded name, so that "Ana" and "ana " are one."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("kind IN ('human', 'simulated')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SafeText)
    name_key: Mapped[str] = mapped_column(SafeText, unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Utc)


class SignIn(Base):
    """A browser that somebody signed in from; only the hash of its cookie is kept."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)


class Video(Base):
    """A source video; the file itself stays where it is."""

    __tablename__ = "video"

    video_uid: Mapped[str] = mapped_column(SafeText, primary_key=True)
    source: Mapped[str] = mapped_column(SafeText)
    file_name: Mapped[str | None] = mapped_column(SafeText)
    duration_s: Mapped[float | None]


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


class Batch(Base):
    """Clips that are labelled together, by `slots_per_clip` people each."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("slots_per_clip >= 1", name="slots_per_clip"),
        CheckConstraint("state IN ('open', 'paused', 'closed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SafeText, unique=True)
    slots_per_clip: Mapped[int]
    order_seed: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Utc)


class Assignment(Base):
    """This clip was given to this person, once per stream.

    `main` is the labelling itself; `gold` and `repeat` leave room for checks, and take no slot.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("clip_id", "person_id", "stream"),
        # Targets of composite foreign keys: a slot or an answer cannot point across clips.
        UniqueConstraint("id", "clip_id"),
        CheckConstraint("stream IN ('main', 'gold', 'repeat')", name="stream"),
        CheckConstraint("state IN ('leased', 'expired', 'answered')", name="state"),
        # Clip and batch stand in it so that a person's progress is counted in the index alone.
        Index("ix_assignment_person", "person_id", "stream", "state", "batch_id", "clip_id"),
        Index(
            "ix_assignment_lease",
            "lease_until",
            sqlite_where=text("state = 'leased'"),
            postgresql_where=text("state = 'leased'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.clip_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stream: Mapped[str] = mapped_column(String(8))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Utc)
    lease_until: Mapped[datetime] = mapped_column(Utc)


class Slot(Base):
    """One of the K places of a clip; empty, held by an assignment, or filled by its answer.

    K rows and one assignment a row: more than K answers cannot be counted, whatever code does.
    """

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("batch_id", "clip_id", "k"),
        ForeignKeyConstraint(["assignment_id", "clip_id"], ["assignment.id", "assignment.clip_id"]),
        CheckConstraint("k >= 1", name="k"),
        CheckConstraint("NOT filled OR assignment_id IS NOT NULL", name="filled"),
        Index("ix_slot_clip", "clip_id"),
        # Partial: SQLite would look for open slots among the NULLs of a full one, and sort them.
        Index(
            "uq_slot_assignment",
            "assignment_id",
            unique=True,
            sqlite_where=text("assignment_id IS NOT NULL"),
            postgresql_where=text("assignment_id IS NOT NULL"),
        ),
        Index(
            "ix_slot_open",
            "batch_id",
            "rank",
            "clip_id",
            "k",
            sqlite_where=text("assignment_id IS NULL"),
            postgresql_where=text("assignment_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.clip_id"))
    k: Mapped[int]
    rank: Mapped[int] = mapped_column(BigInteger)
    stratum: Mapped[str | None] = mapped_column(SafeText)
    assignment_id: Mapped[int | None]
    filled: Mapped[bool] = mapped_column(default=False)


class Answer(Base):
    """One key press, kept for ever. A later word of the same person supersedes it by a new row."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("client_uuid"),
        UniqueConstraint("supersedes"),
        UniqueConstraint("id", "assignment_id"),
        ForeignKeyConstraint(
            ["supersedes", "assignment_id"], ["answer.id", "answer.assignment_id"]
        ),
        CheckConstraint("value IN ('yes', 'no', 'unsure', 'broken', 'retracted')", name="value"),
        Index("ix_answer_assignment", "assignment_id"),
        Index(
            "uq_answer_root",
            "assignment_id",
            unique=True,
            sqlite_where=text("supersedes IS NULL"),
            postgresql_where=text("supersedes IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_uuid: Mapped[str] = mapped_column(String(36))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    supersedes: Mapped[int | None]
    value: Mapped[str] = mapped_column(String(12))
    plays: Mapped[int] = mapped_column(default=0)
    heard: Mapped[bool] = mapped_column(default=False)
    volume: Mapped[float | None]
    rate: Mapped[float | None]
    decision_ms: Mapped[int | None]
    shown_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)
    studio_version: Mapped[str] = mapped_column(String(32))


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
