"""Index what pages look for by an empty value or by date: without these indexes they read whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

# Mostly empty columns: SQLite took their indexes for a way to the rows in which they are empty.
PARTIAL = (("mail", "given_up_at"), ("retention_mark", "user_id"))


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    for table, column in PARTIAL:
        given = sa.text(f"{column} IS NOT NULL")
        name = f"ix_{table}_{column}"
        op.drop_index(name, table)
        op.create_index(name, table, [column], sqlite_where=given, postgresql_where=given)
    op.create_index("ix_register_entry_at", "register_entry", ["at"])
    changes = sa.text("event IN ('suspended', 'reinstated', 'withdrawn', 'replaced')")
    op.create_index(
        "ix_register_entry_changes",
        "register_entry",
        ["certificate_id", "id"],
        sqlite_where=changes,
        postgresql_where=changes,
    )
    op.create_index("ix_followed_step_name", "followed_step", ["group_id", "name_key", "school_id"])
    op.drop_index("ix_audit_entry_at", "audit_entry")
    op.create_index("ix_audit_entry_at_id", "audit_entry", ["at", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_at_id", "audit_entry")
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.drop_index("ix_followed_step_name", "followed_step")
    op.drop_index("ix_register_entry_changes", "register_entry")
    op.drop_index("ix_register_entry_at", "register_entry")
    for table, column in PARTIAL:
        name = f"ix_{table}_{column}"
        op.drop_index(name, table)
        op.create_index(name, table, [column])
