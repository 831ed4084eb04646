"""Index names and addresses of people by threes of marks: a search of the trail read every person."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only PostgreSQL, and only where the extension may be installed: without it searches read every person."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    op.execute("SET LOCAL statement_timeout = 0")
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError:
        return
    # With a longer list of pending index entries, PostgreSQL would read all people instead.
    op.execute(
        "CREATE INDEX ix_person_words ON person"
        " USING gin (name gin_trgm_ops, email gin_trgm_ops) WITH (gin_pending_list_limit = 64)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS ix_person_words")
