"""Index the recipients whom a message still waits for, by their school what is kept for years, and mails to one person.

A password link waited behind the tens of thousands of invitations of a list; these have a higher rank, and leave last.
Each batch of twenty read and sorted all who were left of a message to a hundred thousand people; a merge of schools
and each step of the undo of a list read all recipients of all messages.
"""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

WAITING = sa.text("queued_at IS NULL")
UNSENT = "sent_at IS NULL AND given_up_at IS NULL"
# Invitations that wait at the upgrade in the hundreds are those of a list.
LISTS = f"kind = 'invitation' AND school_id IS NOT NULL AND {UNSENT}"
MANY = 200
BY_SCHOOL = ("ended_page_code", "former_name", "message_recipient")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.add_column("mail", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    many = f"(SELECT count(*) FROM mail WHERE {LISTS}) > {MANY}"
    op.execute(f"UPDATE mail SET rank = 2 WHERE {LISTS} AND {many}")
    op.create_index(
        "ix_mail_waiting_by_rank",
        "mail",
        ["rank", "next_try_at", "queued_at"],
        sqlite_where=sa.text(UNSENT),
        postgresql_where=sa.text(UNSENT),
    )
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
    op.drop_index("ix_mail_waiting_by_rank", "mail")
    op.drop_column("mail", "rank")
