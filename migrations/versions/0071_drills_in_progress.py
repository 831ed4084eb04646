"""Index the drills in progress in their order: a page of those of one group read and sorted those of all."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

IN_PROGRESS = sa.text("finished_at IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.create_index(
        "ix_drill_in_progress",
        "drill",
        ["started_at", "id"],
        sqlite_where=IN_PROGRESS,
        postgresql_where=IN_PROGRESS,
    )


def downgrade() -> None:
    op.drop_index("ix_drill_in_progress", "drill")
