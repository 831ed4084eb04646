"""Sort people by the key that schools are sorted by: the databases put "Ірина" before "Андрій"."""

import sqlalchemy as sa
from alembic import op

from cissapp.foundation.core.unicode import natural_key

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

ROWS = 2000
OF_GROUP, BESIDE_SCHOOLS = "ix_person_group_id_name", "ix_person_beside_schools"
WITHOUT_SCHOOL = sa.text("school_id IS NULL")


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute("SET LOCAL statement_timeout = 0")
    kind = sa.Text(collation="C") if is_postgres else sa.Text()
    op.add_column("person", sa.Column("name_key", kind, nullable=False, server_default=""))
    _fill()
    op.drop_index(f"{OF_GROUP}_id", "person")
    op.create_index(f"{OF_GROUP}_key_id", "person", ["group_id", "name_key", "id"])
    _index_beside_schools("name_key")
    # SQLite has statistics of large tables only: by those of a small one it plans badly.
    if is_postgres or _has_statistics():
        op.execute("ANALYZE person")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    _index_beside_schools("name")
    op.drop_index(f"{OF_GROUP}_key_id", "person")
    op.create_index(f"{OF_GROUP}_id", "person", ["group_id", "name", "id"])
    op.drop_column("person", "name_key")


def _index_beside_schools(column: str) -> None:
    op.drop_index(BESIDE_SCHOOLS, "person")
    op.create_index(
        BESIDE_SCHOOLS,
        "person",
        ["role", column, "id"],
        sqlite_where=WITHOUT_SCHOOL,
        postgresql_where=WITHOUT_SCHOOL,
    )


def _fill() -> None:
    names = ("id", "name", "name_key")
    person = sa.table("person", sa.column("id", sa.Uuid()), *map(sa.column, names[1:]))
    connection = op.get_bind()
    query = sa.select(person.c.id, person.c.name).order_by(person.c.id).limit(ROWS)
    own = person.c.id == sa.bindparam("person")
    change = sa.update(person).where(own).values(name_key=sa.bindparam("key"))
    rows = connection.execute(query).all()
    while rows:
        keys = [{"person": row.id, "key": natural_key(row.name)} for row in rows]
        connection.execute(change, keys)
        rows = connection.execute(query.where(person.c.id > rows[-1].id)).all()


def _has_statistics() -> bool:
    connection = op.get_bind()
    if not sa.inspect(connection).has_table("sqlite_stat1"):
        return False
    return bool(connection.scalar(sa.text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'person'")))
