"""Index open cases by person, waiting complaints and appeals, and only merged schools: a page read all of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

OPEN_SEAT = sa.text("done_at IS NULL AND left_at IS NULL")
MERGED = sa.text("merged_into_id IS NOT NULL")
WAITING = (
    ("ix_complaint_waiting", "complaint", "received_at", sa.text("answered_at IS NULL")),
    ("ix_appeal_waiting", "appeal", "filed_at", sa.text("decided_at IS NULL")),
)
OPEN_CASE = sa.text("state IN ('submitted', 'in_review') AND only_for_id IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    _index_open_seats("person_id", "application_id", "round", "seat")
    op.create_index(
        "ix_application_open_case",
        "application",
        ["id", "round"],
        sqlite_where=OPEN_CASE,
        postgresql_where=OPEN_CASE,
    )
    for name, table, column, where in WAITING:
        there = {"sqlite_where": where, "postgresql_where": where}
        op.create_index(name, table, [column, "id"], **there)
    _index_merged(sqlite_where=MERGED, postgresql_where=MERGED)
    for table in ("seat", "application"):
        _analyse(table)


def _index_open_seats(*columns: str) -> None:
    op.drop_index("ix_seat_open", "seat")
    op.create_index(
        "ix_seat_open", "seat", columns, sqlite_where=OPEN_SEAT, postgresql_where=OPEN_SEAT
    )


def _index_merged(**where: Any) -> None:
    op.drop_index("ix_school_merged_into_id", "school")
    op.create_index("ix_school_merged_into_id", "school", ["merged_into_id"], **where)


def _analyse(table: str) -> None:
    """Refresh the statistics of a table: without those of a new index SQLite prefers another one.

    On SQLite only if it has some, which large tables do: by those of a small one SQLite plans badly.
    """
    if op.get_bind().dialect.name == "sqlite":
        known = sa.inspect(op.get_bind()).has_table("sqlite_stat1")
        of = sa.text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = :name").bindparams(name=table)
        if not known or not op.get_bind().scalar(of):
            return
    op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    for name, table, _column, _where in WAITING:
        op.drop_index(name, table)
    _index_merged()
    op.drop_index("ix_application_open_case", "application")
    _index_open_seats("person_id")
