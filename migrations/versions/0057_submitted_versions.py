"""Index submitted versions: SQLite read all submissions to check whether a document was ever submitted."""

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
