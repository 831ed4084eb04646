"""Mails are claimed before they are sent, so that no transaction is open meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None

WAITING = sa.text("sent_at IS NULL AND given_up_at IS NULL")


def upgrade() -> None:
    op.add_column("mail", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_mail_sent_at_next_try_at", table_name="mail")
    op.create_index(
        "ix_mail_waiting",
        "mail",
        ["next_try_at", "queued_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_mail_waiting", table_name="mail")
    op.create_index("ix_mail_sent_at_next_try_at", "mail", ["sent_at", "next_try_at"])
    op.drop_column("mail", "claimed_until")
