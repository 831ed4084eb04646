"""Store the progress of a list in the list: finding or clearing it in each part read all rows of the part."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

# Reading a file begins again: it is known which rows were kept, but not where in the file they were.
BEGIN_AGAIN = (
    "DELETE FROM school_list_part WHERE list_id IN (SELECT id FROM school_list WHERE state = 'reading')",
    "UPDATE school_list SET rows_done = 0 WHERE state = 'reading'",
)
FORWARDS = """UPDATE school_list SET next_place = coalesce(
  (SELECT min(place) FROM school_list_part WHERE list_id = school_list.id
    AND (done_for IS NULL OR done_for <> school_list.state)),
  (SELECT max(place) + 1 FROM school_list_part WHERE list_id = school_list.id),
  0) WHERE state IN ('checking', 'importing')"""
BACKWARDS = """UPDATE school_list SET next_place = coalesce(
  (SELECT max(place) FROM school_list_part WHERE list_id = school_list.id
    AND (done_for IS NULL OR done_for <> school_list.state)),
  -1) WHERE state = 'undoing'"""
MARK = """UPDATE school_list_part SET done_for = (SELECT state FROM school_list WHERE id = list_id)
  WHERE EXISTS (SELECT 1 FROM school_list WHERE id = list_id AND (
    (state IN ('checking', 'importing') AND place < next_place) OR (state = 'undoing' AND place > next_place)))"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.add_column(
        "school_list", sa.Column("next_place", sa.Integer(), nullable=False, server_default="0")
    )
    for statement in (*BEGIN_AGAIN, FORWARDS, BACKWARDS):
        op.execute(statement)
    with op.batch_alter_table("school_list") as batch:
        batch.alter_column("next_place", server_default=None)
    op.drop_column("school_list_part", "done_for")


def downgrade() -> None:
    op.add_column("school_list_part", sa.Column("done_for", sa.String(length=40), nullable=True))
    for statement in (*BEGIN_AGAIN, MARK):
        op.execute(statement)
    op.drop_column("school_list", "next_place")
