"""Store which sheet of a workbook is read, and which others hold something, so that the page of columns can say so."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "school_list", sa.Column("sheets", sa.JSON(), nullable=False, server_default="[]")
    )
    with op.batch_alter_table("school_list") as batch:
        batch.alter_column("sheets", server_default=None)


def downgrade() -> None:
    op.drop_column("school_list", "sheets")
