"""Let a drill's code be unique within its school, since a million for all do not last; let a task be handed back."""

from collections.abc import Callable
from itertools import count, pairwise

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

OF_ALL = "CONSTRAINT uq_drill_code UNIQUE (code)"
OF_SCHOOL = "CONSTRAINT uq_drill_school_id_code UNIQUE (school_id, code)"
DRILL = sa.table(
    "drill", sa.column("id", sa.Uuid()), sa.column("code"), sa.column("state"), sa.column("started_at")
)  # fmt: skip


HANDED_BACK = sa.text("handed_back_at IS NOT NULL")
WITH_REASON = "(handed_back_at IS NULL) = (handed_back_reason IS NULL)"


def upgrade() -> None:
    _let_hand_back()
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("uq_drill_code", "drill")
        op.create_unique_constraint("uq_drill_school_id_code", "drill", ["school_id", "code"])
    else:
        _rebuild(OF_ALL, OF_SCHOOL)


def _let_hand_back() -> None:
    op.add_column("seat", sa.Column("handed_back_at", sa.DateTime(timezone=True), nullable=True))
    reason, name = "ALTER TABLE seat ADD COLUMN handed_back_reason TEXT", "handed_back_reason_with_at"
    op.execute(f"{reason} CONSTRAINT ck_seat_{name} CHECK ({WITH_REASON})")
    op.create_index(
        "ix_seat_handed_back",
        "seat",
        ["taken_at", "id"],
        sqlite_where=HANDED_BACK,
        postgresql_where=HANDED_BACK,
    )


def downgrade() -> None:
    op.drop_index("ix_seat_handed_back", "seat")
    # Its constraint, which stands at this column, goes with it.
    op.drop_column("seat", "handed_back_reason")
    op.drop_column("seat", "handed_back_at")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("uq_drill_school_id_code", "drill")
        op.execute("ALTER TABLE drill DISABLE TRIGGER drill_declared")
        _tell_apart()
        op.execute("ALTER TABLE drill ENABLE TRIGGER drill_declared")
        op.create_unique_constraint("uq_drill_code", "drill", ["code"])
    else:
        _rebuild(OF_SCHOOL, OF_ALL, before_copy=_tell_apart)


def _tell_apart() -> None:
    """Number the drills that share a code: first those that have ended, whose message nobody waits for.

    Of several that are open, the oldest keeps the code. The message at the school of a newer one says the old
    code, while its page says the new one: that school has to be told.
    """
    connection = op.get_bind()
    # An earlier way back may have numbered some.
    numbered = sa.select(DRILL.c.code).where(DRILL.c.code.like("%-%-%"))
    taken = set(connection.scalars(numbered))
    again = sa.select(DRILL.c.code).group_by(DRILL.c.code).having(sa.func.count() > 1)
    is_open = DRILL.c.state.in_(("prepared", "running"))
    rows = connection.execute(
        sa.select(DRILL.c.id, DRILL.c.code)
        .where(DRILL.c.code.in_(again))
        .order_by(DRILL.c.code, is_open.desc(), DRILL.c.started_at, DRILL.c.id)
    ).all()
    for (_, before), (drill_id, code) in pairwise(rows):
        if code == before:
            free = next(one for n in count(2) if (one := f"{code}-{n}") not in taken)
            taken.add(free)
            connection.execute(sa.update(DRILL).where(DRILL.c.id == drill_id).values(code=free))


def _rebuild(before: str, after: str, before_copy: Callable[[], None] | None = None) -> None:
    """Replace a constraint of the table on SQLite, which makes the table anew; what hangs on it comes back."""
    connection = op.get_bind()
    [table] = connection.scalars(sa.text("SELECT sql FROM sqlite_master WHERE name = 'drill'"))
    hanging = connection.scalars(
        sa.text(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'drill' AND type <> 'table' AND sql IS NOT NULL"
        )
    ).all()
    if before not in table:
        raise RuntimeError("the table of drills is not as the migrations made it")
    made = table.replace(before, after).replace("TABLE drill", "TABLE drill_new", 1)
    made = made.replace('TABLE "drill"', "TABLE drill_new", 1)
    columns = ", ".join(connection.scalars(sa.text("SELECT name FROM pragma_table_info('drill')")))
    op.execute("DROP TRIGGER drill_fixed")
    if before_copy:
        before_copy()
    op.execute(sa.text(made.replace(":", "\\:")))
    op.execute(f"INSERT INTO drill_new ({columns}) SELECT {columns} FROM drill")  # noqa: S608 -- names of columns alone
    op.drop_table("drill")
    op.rename_table("drill_new", "drill")
    for one in hanging:
        op.execute(sa.text(one.replace(":", "\\:")))
