"""Store from when and which row the pace of a list is counted, so that its page can say how long it will take."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "school_list", sa.Column("paced_from", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "school_list", sa.Column("paced_rows", sa.Integer(), nullable=False, server_default="0")
    )
    with op.batch_alter_table("school_list") as batch:
        batch.alter_column("paced_rows", server_default=None)


def downgrade() -> None:
    op.drop_column("school_list", "paced_rows")
    op.drop_column("school_list", "paced_from")
