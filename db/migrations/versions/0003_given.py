"""What a person was given lately, by stream: a check reads no more than it needs."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index(
        "ix_assignment_given", "assignment", ["person_id", "stream", "created_at"], unique=False
    )
