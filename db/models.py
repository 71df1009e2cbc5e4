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
    """Somebody who answers. `name_key` is the folded name, so that "Ana" and "ana " are one.

    A removed person's answers stay and their name with them; they cannot sign in again.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("kind IN ('human', 'simulated')", name="kind"),
        CheckConstraint("role IN ('annotator', 'lead', 'researcher', 'admin')", name="role"),
        CheckConstraint("state IN ('active', 'removed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SafeText)
    name_key: Mapped[str] = mapped_column(SafeText, unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Utc)
    role: Mapped[str] = mapped_column(String(16), server_default="annotator")
    state: Mapped[str] = mapped_column(String(8), server_default="active")
    password_hash: Mapped[str | None] = mapped_column(SafeText)


class Invitation(Base):
    """A link that makes one account, as a hash; `used_by` without `used_at`: for them alone."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("role IN ('annotator', 'lead', 'researcher', 'admin')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(SafeText, default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)


class Audit(Base):
    """Who did what and when: appended by whatever changes the rules or the labels, never changed.

    `by_id` is None where no account was needed; `detail` is a JSON object.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(SafeText)
    detail: Mapped[str] = mapped_column(SafeText)


class Setting(Base):
    """A choice of the lead that holds for everybody; `value` is JSON."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(SafeText)


class SignIn(Base):
    """A browser that somebody signed in from; only the hash of its cookie is kept."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)


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
