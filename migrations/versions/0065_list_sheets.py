"""Store which sheet of a workbook is read, and which others hold something, so that the page of columns can say so.

Lists that were checked, or are being checked, by rules of before are checked again.
"""

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
    op.execute(
        "UPDATE school_list SET state = 'read', counts = '{}', unknown = '{}', to_look_at = '[]' "
        "WHERE state IN ('checking', 'checked')"
    )
    # From now on, a list that is being read and has a problem is one whose rows are being deleted.
    op.execute("UPDATE school_list SET problem = NULL WHERE state = 'reading'")


def downgrade() -> None:
    op.execute("UPDATE school_list SET state = 'failed' WHERE state = 'discarding'")
    op.drop_column("school_list", "sheets")
