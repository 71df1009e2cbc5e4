"""The tables of labels. Constraints, not code, decide that nothing is counted twice."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.columns import SafeText, Utc, Words


class Batch(Base):
    """Clips that are labelled together, by `slots_per_clip` people each.

    `chosen` says how its clips were picked: headline figures leave `selection` out. With
    `early_stop` the last places are asked for only where the first majority disagrees, but on a
    random `full_share` of the clips. `everyone`: not only those in `batch_person` may label it.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("slots_per_clip >= 1", name="slots_per_clip"),
        CheckConstraint("chosen IN ('random', 'stratum', 'selection')", name="chosen"),
        CheckConstraint("full_share >= 0 AND full_share <= 1", name="full_share"),
        CheckConstraint("state IN ('open', 'paused', 'closed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SafeText, unique=True)
    slots_per_clip: Mapped[int]
    order_seed: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Utc)
    chosen: Mapped[str] = mapped_column(String(10), server_default="random")
    early_stop: Mapped[bool] = mapped_column(server_default=text("false"))
    full_share: Mapped[float] = mapped_column(server_default=text("1"))
    everyone: Mapped[bool] = mapped_column(server_default=text("true"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deadline: Mapped[datetime | None] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(SafeText, server_default="")


class BatchPerson(Base):
    """Who may label a batch that is not for everyone."""

    __tablename__ = "batch_person"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Assignment(Base):
    """This clip was given to this person, once per stream.

    `main` is the labelling itself. `gold` and `repeat` are checks: they take no slot and enter no
    verdict. A gold clip that comes again, much later, appends to its assignment's answers.
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
        # What a person was given lately: a check may not cost more the longer they have worked.
        Index("ix_assignment_given", "person_id", "stream", "created_at"),
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

    K rows and one assignment a row: more than K answers cannot be counted, whatever code does. A
    clip is in one batch. `shut`: not offered, because the clip waits for adjudication or two
    already agree (see annotation.protocol).
    """

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("batch_id", "clip_id", "k"),
        Index("uq_slot_clip_k", "clip_id", "k", unique=True),
        ForeignKeyConstraint(["assignment_id", "clip_id"], ["assignment.id", "assignment.clip_id"]),
        CheckConstraint("k >= 1", name="k"),
        CheckConstraint("NOT filled OR assignment_id IS NOT NULL", name="filled"),
        CheckConstraint("NOT shut OR assignment_id IS NULL", name="shut"),
        # Partial, and in the words of the queries: SQLite would sort the NULLs of a full one.
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
            sqlite_where=text("assignment_id IS NULL AND shut = 0"),
            postgresql_where=text("assignment_id IS NULL AND NOT shut"),
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
    shut: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class Answer(Base):
    """One key press, kept for ever. A later word of the same person supersedes it by a new row.

    `reasons` are why-not codes. `void_id`: a lead took the answer back (`retracted`), or brought it
    back by undoing that; such rows are no work of the person's.
    """

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
    reasons: Mapped[tuple[str, ...]] = mapped_column(Words, server_default="", default=())
    guideline_version: Mapped[int | None]
    gain_db: Mapped[float | None]
    void_id: Mapped[int | None] = mapped_column(ForeignKey("void.id"))


class Void(Base):
    """Answers that a lead declared void, together; undone, they count again."""

    __tablename__ = "void"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(SafeText)
    criteria: Mapped[str] = mapped_column(SafeText)
    undone_at: Mapped[datetime | None] = mapped_column(Utc)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Adjudication(Base):
    """A lead's decision about a clip; a later one supersedes it, `retracted` takes it back."""

    __tablename__ = "adjudication"
    __table_args__ = (
        CheckConstraint("label IN ('yes', 'no', 'unusable', 'retracted')", name="label"),
        UniqueConstraint("supersedes"),
        Index(
            "uq_adjudication_root",
            "clip_id",
            unique=True,
            sqlite_where=text("supersedes IS NULL"),
            postgresql_where=text("supersedes IS NULL"),
        ),
        Index("ix_adjudication_clip", "clip_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.clip_id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    label: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(SafeText)
    created_at: Mapped[datetime] = mapped_column(Utc)
    supersedes: Mapped[int | None] = mapped_column(ForeignKey("adjudication.id"))
