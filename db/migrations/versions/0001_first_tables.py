"""The first tables: people, clips, labels, jobs."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slots_per_clip", sa.Integer(), nullable=False),
        sa.Column("order_seed", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'paused', 'closed')", name=op.f("ck_batch_state")),
        sa.CheckConstraint("slots_per_clip >= 1", name=op.f("ck_batch_slots_per_clip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("name", name=op.f("uq_batch_name")),
    )
    op.create_table(
        "dropped",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("video_uid", sa.Text(), nullable=False),
        sa.Column("annotation_uid", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("narration", sa.Text(), nullable=False),
        sa.Column("time_s", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_dropped")),
    )
    op.create_index(op.f("ix_dropped_video_uid"), "dropped", ["video_uid"])
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("argv", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'finished', 'failed', 'cancelled')",
            name=op.f("ck_job_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_created_at"), "job", ["created_at"])
    op.create_index(op.f("ix_job_state"), "job", ["state"])
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('human', 'simulated')", name=op.f("ck_person_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("name_key", name=op.f("uq_person_name_key")),
    )
    op.create_table(
        "video",
        sa.Column("video_uid", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("video_uid", name=op.f("pk_video")),
    )
    op.create_table(
        "clip",
        sa.Column("clip_id", sa.String(length=16), nullable=False),
        sa.Column("video_uid", sa.Text(), nullable=False),
        sa.Column("annotation_uid", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("narration", sa.Text(), nullable=False),
        sa.Column("time_s", sa.Double(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("split", sa.String(length=8), nullable=False),
        sa.Column("verb", sa.Text(), nullable=True),
        sa.Column("noun", sa.Text(), nullable=True),
        sa.Column("modalities", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["video_uid"], ["video.video_uid"], name=op.f("fk_clip_video_uid")),
        sa.PrimaryKeyConstraint("clip_id", name=op.f("pk_clip")),
    )
    op.create_index("ix_clip_flags", "clip", ["flags"])
    op.create_index("ix_clip_noun", "clip", ["noun"])
    op.create_index("ix_clip_source", "clip", ["source"])
    op.create_index("ix_clip_split", "clip", ["split"])
    op.create_index("ix_clip_verb", "clip", ["verb"])
    op.create_index("ix_clip_video_time", "clip", ["video_uid", "time_s", "clip_id"])
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_session_batch_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=8), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('leased', 'expired', 'answered')", name=op.f("ck_assignment_state")
        ),
        sa.CheckConstraint(
            "stream IN ('main', 'gold', 'repeat')", name=op.f("ck_assignment_stream")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_assignment_batch_id")),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.clip_id"], name=op.f("fk_assignment_clip_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "clip_id", "person_id", "stream", name=op.f("uq_assignment_clip_id_person_id_stream")
        ),
        sa.UniqueConstraint("id", "clip_id", name=op.f("uq_assignment_id_clip_id")),
    )
    op.create_index(
        "ix_assignment_lease",
        "assignment",
        ["lease_until"],
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_index(
        "ix_assignment_person",
        "assignment",
        ["person_id", "stream", "state", "batch_id", "clip_id"],
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_uuid", sa.String(length=36), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(length=12), nullable=False),
        sa.Column("plays", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("volume", sa.Double(), nullable=True),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("decision_ms", sa.Integer(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("studio_version", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "value IN ('yes', 'no', 'unsure', 'broken', 'retracted')", name=op.f("ck_answer_value")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_answer_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes", "assignment_id"],
            ["answer.id", "answer.assignment_id"],
            name=op.f("fk_answer_supersedes_assignment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_answer_client_uuid")),
        sa.UniqueConstraint("id", "assignment_id", name=op.f("uq_answer_id_assignment_id")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_answer_supersedes")),
    )
    op.create_index("ix_answer_assignment", "answer", ["assignment_id"])
    op.create_index(
        "uq_answer_root",
        "answer",
        ["assignment_id"],
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.String(length=16), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("filled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("NOT filled OR assignment_id IS NOT NULL", name=op.f("ck_slot_filled")),
        sa.CheckConstraint("k >= 1", name=op.f("ck_slot_k")),
        sa.ForeignKeyConstraint(
            ["assignment_id", "clip_id"],
            ["assignment.id", "assignment.clip_id"],
            name=op.f("fk_slot_assignment_id_clip_id"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_slot_batch_id")),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.clip_id"], name=op.f("fk_slot_clip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("batch_id", "clip_id", "k", name=op.f("uq_slot_batch_id_clip_id_k")),
    )
    op.create_index("ix_slot_clip", "slot", ["clip_id"])
    op.create_index(
        "uq_slot_assignment",
        "slot",
        ["assignment_id"],
        unique=True,
        sqlite_where=sa.text("assignment_id IS NOT NULL"),
        postgresql_where=sa.text("assignment_id IS NOT NULL"),
    )
    op.create_index(
        "ix_slot_open",
        "slot",
        ["batch_id", "rank", "clip_id", "k"],
        sqlite_where=sa.text("assignment_id IS NULL"),
        postgresql_where=sa.text("assignment_id IS NULL"),
    )
    identity = op.create_table(
        "identity",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_identity")),
    )
    op.bulk_insert(identity, [{"uid": uuid.uuid4().hex}])
    _keep_answers()


def _keep_answers() -> None:
    """Answers are append-only, whoever holds the connection."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION answer_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'answers are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER answer_kept BEFORE UPDATE OR DELETE ON answer "
            "FOR EACH ROW EXECUTE FUNCTION answer_is_kept()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER answer_kept_{change.lower()} BEFORE {change} ON answer "
            "BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END"
        )
