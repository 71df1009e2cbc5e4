"""Accounts, batches with rules, checks, adjudication, voiding, and the trail of all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# Plain statements: SQLite adds a checked column without copying the table, and a copied table would
# lose the triggers that keep answers append-only.
_COLUMNS = (
    "person ADD COLUMN role VARCHAR(16) NOT NULL DEFAULT 'annotator' "
    "CONSTRAINT ck_person_role CHECK (role IN ('annotator', 'lead', 'researcher', 'admin'))",
    "person ADD COLUMN state VARCHAR(8) NOT NULL DEFAULT 'active' "
    "CONSTRAINT ck_person_state CHECK (state IN ('active', 'removed'))",
    "person ADD COLUMN password_hash TEXT",
    "session ADD COLUMN expires_at {time}",
    "batch ADD COLUMN chosen VARCHAR(10) NOT NULL DEFAULT 'random' "
    "CONSTRAINT ck_batch_chosen CHECK (chosen IN ('random', 'stratum', 'selection'))",
    "batch ADD COLUMN early_stop BOOLEAN NOT NULL DEFAULT false",
    "batch ADD COLUMN full_share {real} NOT NULL DEFAULT 1 "
    "CONSTRAINT ck_batch_full_share CHECK (full_share >= 0 AND full_share <= 1)",
    "batch ADD COLUMN everyone BOOLEAN NOT NULL DEFAULT true",
    "batch ADD COLUMN owner_id INTEGER CONSTRAINT fk_batch_owner_id REFERENCES person (id)",
    "batch ADD COLUMN deadline {time}",
    "batch ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "slot ADD COLUMN shut BOOLEAN NOT NULL DEFAULT false "
    "CONSTRAINT ck_slot_shut CHECK (NOT shut OR assignment_id IS NULL)",
    "answer ADD COLUMN reasons TEXT NOT NULL DEFAULT ''",
    "answer ADD COLUMN guideline_version INTEGER",
    "answer ADD COLUMN gain_db {real}",
    "answer ADD COLUMN void_id INTEGER CONSTRAINT fk_answer_void_id REFERENCES void (id)",
)


def upgrade() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_audit_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exam_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
    )
    op.create_index(op.f("ix_exam_person_id"), "exam", ["person_id"], unique=False)
    op.create_table(
        "guideline",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_guideline_by_id")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_guideline")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('annotator', 'lead', 'researcher', 'admin')", name=op.f("ck_invitation_role")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_invitation_made_by")),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_invitation_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "void",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_void_by_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_void_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_void")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("video_uid", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_withdrawal_by_id")),
        sa.ForeignKeyConstraint(
            ["video_uid"], ["video.video_uid"], name=op.f("fk_withdrawal_video_uid")
        ),
        sa.PrimaryKeyConstraint("video_uid", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "adjudication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "label IN ('yes', 'no', 'unusable', 'retracted')", name=op.f("ck_adjudication_label")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_adjudication_by_id")),
        sa.ForeignKeyConstraint(
            ["clip_id"], ["clip.clip_id"], name=op.f("fk_adjudication_clip_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["adjudication.id"], name=op.f("fk_adjudication_supersedes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjudication")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_adjudication_supersedes")),
    )
    op.create_index("ix_adjudication_clip", "adjudication", ["clip_id"], unique=False)
    op.create_index(
        "uq_adjudication_root",
        "adjudication",
        ["clip_id"],
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    op.create_table(
        "batch_person",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_person_batch_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_batch_person_person_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "person_id", name=op.f("pk_batch_person")),
    )
    op.create_table(
        "example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.String(length=16), nullable=False),
        sa.Column("used_for", sa.String(length=8), nullable=False),
        sa.Column("label", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("label IN ('yes', 'no')", name=op.f("ck_example_label")),
        sa.CheckConstraint("used_for IN ('worked', 'exam')", name=op.f("ck_example_used_for")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_example_by_id")),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.clip_id"], name=op.f("fk_example_clip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_example")),
    )
    op.create_index(
        "uq_example_clip",
        "example",
        ["clip_id", "used_for"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "gold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("label IN ('yes', 'no')", name=op.f("ck_gold_label")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_gold_by_id")),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.clip_id"], name=op.f("fk_gold_clip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gold")),
    )
    op.create_index(
        "uq_gold_clip",
        "gold",
        ["clip_id"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gold_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'overturned', 'retired')", name=op.f("ck_dispute_outcome")
        ),
        sa.ForeignKeyConstraint(["gold_id"], ["gold.id"], name=op.f("fk_dispute_gold_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dispute_person_id")),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["person.id"], name=op.f("fk_dispute_resolved_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("gold_id", "person_id", name=op.f("uq_dispute_gold_id_person_id")),
    )
    op.create_index(op.f("ix_dispute_person_id"), "dispute", ["person_id"], unique=False)
    op.create_table(
        "exam_answer",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("example_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_answer_exam_id")),
        sa.ForeignKeyConstraint(
            ["example_id"], ["example.id"], name=op.f("fk_exam_answer_example_id")
        ),
        sa.PrimaryKeyConstraint("exam_id", "example_id", name=op.f("pk_exam_answer")),
    )
    dialect = op.get_bind().dialect
    time, real = (kind.compile(dialect) for kind in (sa.DateTime(timezone=True), sa.Double()))
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE {column.format(time=time, real=real)}")
    op.drop_index("ix_slot_clip", table_name="slot")
    op.drop_index("ix_slot_open", table_name="slot")
    op.create_index("uq_slot_clip_k", "slot", ["clip_id", "k"], unique=True)
    op.create_index(
        "ix_slot_open",
        "slot",
        ["batch_id", "rank", "clip_id", "k"],
        sqlite_where=sa.text("assignment_id IS NULL AND shut = 0"),
        postgresql_where=sa.text("assignment_id IS NULL AND NOT shut"),
    )
    for table in ("audit", "adjudication"):
        _keep(table)


def _keep(table: str) -> None:
    """Rows of a table are appended and never changed, whoever holds the connection."""
    said = f"rows of {table} are append-only"
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_is_kept()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_kept_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
