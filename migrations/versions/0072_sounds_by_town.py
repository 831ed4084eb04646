"""Hear a town without its kind, and put it before the name: the schools of a town become neighbours in the index."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from cissapp.foundation.core.unicode import heard_key

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

ROWS = 2000
BY_SOUND = {
    "ix_school_heard_key": ["heard_key"],
    "ix_school_group_sound": ["group_id", "heard_key", "country_code", "only_for_id", "id"],
}


def upgrade() -> None:
    _rewrite(lambda school: heard_key(school.name, school.locality), "C")


def downgrade() -> None:
    # The release before looks for a town with its kind and without it.
    _rewrite(_name_first, "default")


def _name_first(school: Any) -> str:
    town, _between, name = school.heard_key.partition(", ")
    return f"{name}, {town}"


def _rewrite(key_of: Callable[[Any], str], collation: str) -> None:
    """Compute the keys again, without the indexes, which would slow down each row."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute("SET LOCAL statement_timeout = 0")
    for name in BY_SOUND:
        op.drop_index(name, "school")
    if is_postgres:
        op.execute(f'ALTER TABLE school ALTER COLUMN heard_key TYPE text COLLATE "{collation}"')
    _fill(key_of)
    for name, columns in BY_SOUND.items():
        op.create_index(name, "school", columns)
    # SQLite has statistics of large tables only: by those of a small one it plans badly.
    if is_postgres or _has_statistics():
        op.execute("ANALYZE school")


def _fill(key_of: Callable[[Any], str]) -> None:
    names = ("id", "name", "locality", "heard_key")
    school = sa.table("school", sa.column("id", sa.Uuid()), *map(sa.column, names[1:]))
    connection = op.get_bind()
    query = sa.select(school).order_by(school.c.id).limit(ROWS)
    own = school.c.id == sa.bindparam("school")
    change = sa.update(school).where(own).values(heard_key=sa.bindparam("key"))
    rows = connection.execute(query).all()
    while rows:
        keys = [{"school": row.id, "key": key_of(row)} for row in rows]
        connection.execute(change, keys)
        rows = connection.execute(query.where(school.c.id > rows[-1].id)).all()


def _has_statistics() -> bool:
    connection = op.get_bind()
    if not sa.inspect(connection).has_table("sqlite_stat1"):
        return False
    return bool(connection.scalar(sa.text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'school'")))
