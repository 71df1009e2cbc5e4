"""The tables of how people are taught and checked."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.columns import SafeText, Utc


class Gold(Base):
    """A clip whose answer is known, and why. One row of a clip is in force: scores are read from
    it, so that overturning it changes every score it touched."""

    __tablename__ = "gold"
    __table_args__ = (
        CheckConstraint("label IN ('yes', 'no')", name="label"),
        Index(
            "uq_gold_clip",
            "clip_id",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.clip_id"))
    label: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(SafeText)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    retired_at: Mapped[datetime | None] = mapped_column(Utc)


class Dispute(Base):
    """An annotator says that a gold clip is wrong; a lead decides what becomes of it."""

    __tablename__ = "dispute"
    __table_args__ = (
        UniqueConstraint("gold_id", "person_id"),
        CheckConstraint("outcome IN ('upheld', 'overturned', 'retired')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gold_id: Mapped[int] = mapped_column(ForeignKey("gold.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(SafeText)
    created_at: Mapped[datetime] = mapped_column(Utc)
    outcome: Mapped[str | None] = mapped_column(String(10))
    resolved_at: Mapped[datetime | None] = mapped_column(Utc)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Guideline(Base):
    """What annotators are told, by version; an answer names the version it was given under."""

    __tablename__ = "guideline"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(SafeText)
    created_at: Mapped[datetime] = mapped_column(Utc)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Example(Base):
    """A clip with its right answer and the reason: `worked` ones are shown, `exam` ones asked."""

    __tablename__ = "example"
    __table_args__ = (
        CheckConstraint("label IN ('yes', 'no')", name="label"),
        CheckConstraint("used_for IN ('worked', 'exam')", name="used_for"),
        Index(
            "uq_example_clip",
            "clip_id",
            "used_for",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.clip_id"))
    used_for: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(SafeText)
    position: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    retired_at: Mapped[datetime | None] = mapped_column(Utc)


class Exam(Base):
    """One person's attempt to qualify; `passed` is None while it goes on."""

    __tablename__ = "exam"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    passed: Mapped[bool | None]


class ExamAnswer(Base):
    """A question of an exam; `value` is None until it is answered."""

    __tablename__ = "exam_answer"

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    example_id: Mapped[int] = mapped_column(ForeignKey("example.id"), primary_key=True)
    position: Mapped[int]
    value: Mapped[str | None] = mapped_column(String(8))
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
