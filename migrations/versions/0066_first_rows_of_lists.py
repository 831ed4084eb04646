"""Index what lists show first: own hearings, holds, drills, lost quorums, requests to join; a page read and sorted all."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

LASTS, WAITS = sa.text("ended_at IS NULL"), sa.text("answered_at IS NULL")
OPEN = (
    ("ix_retention_hold_open", "retention_hold", ["until_on", "id"], LASTS),
    ("ix_quorum_gap_longest", "quorum_gap", ["lost_at", "id"], LASTS),
    ("ix_join_request_waiting", "join_request", ["group_id", "confirmed_at", "id"], WAITS),
)
ALL = (
    ("ix_appeal_member_person_id", "appeal_member", ["person_id"]),
    ("ix_drill_started_at", "drill", ["started_at", "id"]),
    ("ix_join_request_group_answered", "join_request", ["group_id", "answered_at"]),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    # An index that begins with the group takes its place.
    op.drop_index("ix_join_request_group_id", "join_request")
    for name, table, columns, where in OPEN:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    for name, table, columns in ALL:
        op.create_index(name, table, columns)
    for table in ("retention_hold", "quorum_gap", "join_request", "appeal_member", "drill"):
        _analyse(table)


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
    for name, table, _columns in reversed(ALL):
        op.drop_index(name, table)
    for name, table, _columns, _where in reversed(OPEN):
        op.drop_index(name, table)
    op.create_index("ix_join_request_group_id", "join_request", ["group_id"])
