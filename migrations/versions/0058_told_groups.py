"""Notify a national group once a night of all documents due for deletion, and list them by page."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

LISTED = sa.text("ended_at IS NULL AND user_id IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.add_column(
        "retention_mark", sa.Column("group_told_at", sa.DateTime(timezone=True), nullable=True)
    )
    # Coordinators had already been notified of each school as it was marked.
    op.execute("UPDATE retention_mark SET group_told_at = marked_at WHERE user_id IS NULL")
    op.create_index(
        "ix_retention_mark_due",
        "retention_mark",
        ["due_at", "id"],
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    )


def downgrade() -> None:
    op.drop_index("ix_retention_mark_due", "retention_mark")
    op.drop_column("retention_mark", "group_told_at")
