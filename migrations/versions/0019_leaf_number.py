"""An entry of the log is found by the number of its certificate, whatever the register says."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("log_leaf", sa.Column("number", sa.Text(), nullable=True))
    _unlocked()
    _fill()
    with op.batch_alter_table("log_leaf") as batch:
        batch.alter_column("number", existing_type=sa.Text(), nullable=False)
    _locked()
    op.create_index(op.f("ix_log_leaf_number"), "log_leaf", ["number"])


def _fill() -> None:
    leaves = sa.table("log_leaf", sa.column("leaf_index"), sa.column("event"), sa.column("number"))
    connection, last = op.get_bind(), -1
    query = sa.select(leaves.c.leaf_index, leaves.c.event).order_by(leaves.c.leaf_index)
    while rows := connection.execute(query.where(leaves.c.leaf_index > last).limit(AT_ONCE)).all():
        for index, event in rows:
            number = json.loads(event)["number"]
            change = sa.update(leaves).where(leaves.c.leaf_index == index)
            connection.execute(change.values(number=number))
        last = rows[-1][0]


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _unlocked() -> None:
    if _postgresql():
        op.execute("ALTER TABLE log_leaf DISABLE TRIGGER log_leaf_append_only")
        return
    for action in ("update", "delete"):
        op.execute(f"DROP TRIGGER log_leaf_no_{action}")


def _locked() -> None:
    if _postgresql():
        op.execute("ALTER TABLE log_leaf ENABLE TRIGGER log_leaf_append_only")
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER log_leaf_no_{action.lower()} BEFORE {action} ON log_leaf "
            "BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_log_leaf_number"), "log_leaf")
    _unlocked()
    with op.batch_alter_table("log_leaf") as batch:
        batch.drop_column("number")
    _locked()
