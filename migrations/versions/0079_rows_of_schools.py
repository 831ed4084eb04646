"""Index the recipients whom a message still waits for, and by their school what is kept for years.

Each batch of twenty read and sorted all who were left of a message to a hundred thousand people; a merge of schools
and each step of the undo of a list read all recipients of all messages.
"""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0076"
branch_labels = None
depends_on = None

WAITING = sa.text("queued_at IS NULL")
BY_SCHOOL = ("ended_page_code", "former_name", "message_recipient")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.create_index(
        "ix_message_recipient_waiting",
        "message_recipient",
        ["message_id", "school_id", "user_id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    for table in BY_SCHOOL:
        op.create_index(f"ix_{table}_school_id", table, ["school_id"])


def downgrade() -> None:
    for table in BY_SCHOOL:
        op.drop_index(f"ix_{table}_school_id", table)
    op.drop_index("ix_message_recipient_waiting", "message_recipient")
