"""Schools are found and ordered by their names as people read them: numbers by value, without accents."""

import sqlalchemy as sa
from alembic import op

from cissapp.foundation.core.unicode import folded, natural_key

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ROWS = 1000


def upgrade() -> None:
    for name in ("name_key", "search_text"):
        op.add_column("school", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_school_name_key", "school", ["name_key"])
    _fill()


def _fill() -> None:
    school = sa.table(
        "school",
        *(sa.column(name) for name in ("id", "name", "locality", "name_key", "search_text")),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(school.c.id, school.c.name, school.c.locality)).all()
    change = (
        sa.update(school)
        .where(school.c.id == sa.bindparam("school"))
        .values(name_key=sa.bindparam("key"), search_text=sa.bindparam("words"))
    )
    for start in range(0, len(rows), ROWS):
        connection.execute(
            change,
            [
                {
                    "school": row.id,
                    "key": natural_key(row.name),
                    "words": folded(f"{row.name} {row.locality}"),
                }
                for row in rows[start : start + ROWS]
            ],
        )


def downgrade() -> None:
    op.drop_index("ix_school_name_key", "school")
    # In place: a table that is made anew would lose its triggers.
    op.drop_column("school", "search_text")
    op.drop_column("school", "name_key")
