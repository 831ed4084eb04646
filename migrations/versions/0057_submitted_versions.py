"""Whether a document was ever submitted is found by an index: SQLite looked through all submissions for each."""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

OF_VERSION = "ix_submitted_version_version_id"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.create_index(OF_VERSION, "submitted_version", ["version_id"])


def downgrade() -> None:
    op.drop_index(OF_VERSION, "submitted_version")
