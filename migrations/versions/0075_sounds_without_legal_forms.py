"""Hear a school without its legal form: “IP Liceul Gogol” and “Liceul Gogol” are the same school."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from cissapp.foundation.core.unicode import heard_key

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

ROWS = 2000


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    names = ("id", "name", "locality", "heard_key")
    school = sa.table("school", sa.column("id", sa.Uuid()), *map(sa.column, names[1:]))
    query = sa.select(school).order_by(school.c.id).limit(ROWS)
    rows = op.get_bind().execute(query).all()
    while rows:
        _hear_again(school, rows)
        rows = op.get_bind().execute(query.where(school.c.id > rows[-1].id)).all()


def downgrade() -> None:
    # The release before may miss a school that is entered twice, and hears it again when it is changed.
    pass


def _hear_again(school: Any, rows: Sequence[Any]) -> None:
    """Write the keys that have changed: those of schools with a legal form."""
    keys = [(row, heard_key(row.name, row.locality)) for row in rows]
    changed = [{"school": row.id, "key": key} for row, key in keys if key != row.heard_key]
    if changed:
        own = school.c.id == sa.bindparam("school")
        change = sa.update(school).where(own).values(heard_key=sa.bindparam("key"))
        op.get_bind().execute(change, changed)
