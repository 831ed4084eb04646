"""Yearly confirmations and the quorum."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _to(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    _confirmation()
    _quorum_gap()
    op.create_table(
        "reminder_sent",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        _to("certificate_id", "reminder_sent", "certificate"),
        sa.PrimaryKeyConstraint("certificate_id", "matter", "step", name=op.f("pk_reminder_sent")),
    )
    _append_only("year_confirmation")


def _confirmation() -> None:
    op.create_table(
        "year_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("phones_tested_on", sa.Date(), nullable=False),
        sa.Column("policy_review_on", sa.Date(), nullable=False),
        sa.Column("staff_total", sa.Integer(), nullable=False),
        sa.Column("staff_trained", sa.Integer(), nullable=False),
        sa.Column("classes_taught", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("year >= 1", name=op.f("ck_year_confirmation_year_from_1")),
        sa.CheckConstraint(
            "staff_trained BETWEEN 0 AND staff_total",
            name=op.f("ck_year_confirmation_trained_of_total"),
        ),
        sa.CheckConstraint(
            "classes_taught >= 0", name=op.f("ck_year_confirmation_classes_not_negative")
        ),
        _to("certificate_id", "year_confirmation", "certificate"),
        _to("school_id", "year_confirmation", "school"),
        _to("confirmed_by_id", "year_confirmation", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_confirmation")),
        sa.UniqueConstraint(
            "certificate_id", "year", name=op.f("uq_year_confirmation_certificate_id_year")
        ),
    )
    op.create_index(op.f("ix_year_confirmation_school_id"), "year_confirmation", ["school_id"])


def _quorum_gap() -> None:
    op.create_table(
        "quorum_gap",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("lost_at", MOMENT, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        _to("school_id", "quorum_gap", "school"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quorum_gap")),
    )
    op.create_index(op.f("ix_quorum_gap_school_id"), "quorum_gap", ["school_id"])
    op.create_index(
        "uq_quorum_gap_open",
        "quorum_gap",
        ["school_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _append_only(table: str) -> None:
    """What was confirmed is never changed or removed; the function is that of 0002."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("reminder_sent")
    op.drop_table("quorum_gap")
    op.drop_table("year_confirmation")
