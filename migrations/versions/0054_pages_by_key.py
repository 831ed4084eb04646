"""Continue lists from a row instead of an offset: schools silent since the same time are sorted by name."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

SILENCE, OF_FAILED = "ix_followed_step_silence", "ix_mail_failed"
FAILED = sa.text("given_up_at IS NOT NULL")


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute("SET LOCAL statement_timeout = 0")
    key = sa.Text(collation="C") if postgres else sa.Text()
    op.add_column(
        "followed_step", sa.Column("name_key", key, nullable=False, server_default="")
    )
    op.execute(
        "UPDATE followed_step SET name_key ="
        " (SELECT name_key FROM school WHERE school.id = followed_step.school_id)"
    )
    op.drop_index(SILENCE, "followed_step")
    op.create_index(
        SILENCE, "followed_step", ["group_id", "never_stuck", "since_at", "name_key", "school_id"]
    )
    op.create_index(
        OF_FAILED, "mail", ["queued_at", "id"], sqlite_where=FAILED, postgresql_where=FAILED
    )


def downgrade() -> None:
    op.drop_index(OF_FAILED, "mail")
    op.drop_index(SILENCE, "followed_step")
    op.drop_column("followed_step", "name_key")
    op.create_index(SILENCE, "followed_step", ["group_id", "never_stuck", "since_at", "school_id"])
