"""Add erasure requests, retention marks, holds and runs for personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

OPEN = sa.text("stopped_at IS NULL AND done_at IS NULL")
MARKED = sa.text("ended_at IS NULL")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _erasures() -> None:
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _moment("asked_at"),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        _moment("due_at"),
        _moment("stopped_at", nullable=True),
        sa.Column("stopped_by_id", sa.Uuid(), nullable=True),
        _moment("done_at", nullable=True),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by_id IS NULL)",
            name=op.f("ck_erasure_request_stopped_at_with_by"),
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR done_at IS NULL", name=op.f("ck_erasure_request_stopped_or_done")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["person.id"], name=op.f(f"fk_erasure_request_{name}_person")
            )
            for name in ("user_id", "asked_by_id", "stopped_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_index(op.f("ix_erasure_request_due_at"), "erasure_request", ["due_at"])
    op.create_index(
        "uq_erasure_request_open",
        "erasure_request",
        ["user_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _marks() -> None:
    op.create_table(
        "retention_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        _moment("marked_at"),
        _moment("due_at"),
        _moment("ended_at", nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (outcome IS NULL)",
            name=op.f("ck_retention_mark_ended_at_with_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_mark")),
    )
    for name in ("school_id", "user_id"):
        op.create_index(op.f(f"ix_retention_mark_{name}"), "retention_mark", [name])
    op.create_index(
        "uq_retention_mark_open",
        "retention_mark",
        ["rule", "subject_id"],
        unique=True,
        sqlite_where=MARKED,
        postgresql_where=MARKED,
    )


def _holds() -> None:
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        _moment("held_at"),
        sa.Column("held_by_id", sa.Uuid(), nullable=False),
        _moment("ended_at", nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)",
            name=op.f("ck_retention_hold_ended_at_with_by"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_retention_hold_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["national_group.id"],
            name=op.f("fk_retention_hold_group_id_national_group"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["person.id"], name=op.f(f"fk_retention_hold_{name}_person")
            )
            for name in ("held_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_hold")),
    )
    for name in ("school_id", "group_id"):
        op.create_index(op.f(f"ix_retention_hold_{name}"), "retention_hold", [name])


def _runs() -> None:
    op.create_table(
        "retention_run",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        _moment("at"),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(op.f("ix_retention_run_at"), "retention_run", ["at"])


def upgrade() -> None:
    _erasures()
    _marks()
    _holds()
    _runs()


def downgrade() -> None:
    for table in ("retention_run", "retention_hold", "retention_mark", "erasure_request"):
        op.drop_table(table)
