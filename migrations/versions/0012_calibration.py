"""Benchmark dossiers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _person(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["person.id"], name=op.f(f"fk_{table}_{column}_person")
    )


def upgrade() -> None:
    op.add_column("school", sa.Column("only_for_id", sa.Uuid(), nullable=True))
    op.add_column("person", sa.Column("calibrated_at", MOMENT, nullable=True))
    _copy()
    _release()
    # Who has assessed already goes on with the cases in hand; the next two files come a year later.
    op.execute(
        "UPDATE person SET calibrated_at = CURRENT_TIMESTAMP"
        " WHERE id IN (SELECT assessor_id FROM review)"
    )


def _copy() -> None:
    op.create_table(
        "calibration_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("benchmark_id", sa.Text(), nullable=False),
        sa.Column("dealt_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("mean_difference", sa.Double(), nullable=True),
        sa.Column("lean", sa.Double(), nullable=True),
        sa.Column("critical_wrong", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (mean_difference IS NULL)",
            name=op.f("ck_calibration_copy_difference_with_done_at"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_calibration_copy_application_id_application"),
        ),
        _person("person_id", "calibration_copy"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_copy")),
        sa.UniqueConstraint("application_id", name=op.f("uq_calibration_copy_application_id")),
    )
    op.create_index(op.f("ix_calibration_copy_person_id"), "calibration_copy", ["person_id"])


def _release() -> None:
    op.create_table(
        "calibration_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("released_by_id", sa.Uuid(), nullable=False),
        _person("person_id", "calibration_release"),
        _person("released_by_id", "calibration_release"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_release")),
    )
    op.create_index(op.f("ix_calibration_release_person_id"), "calibration_release", ["person_id"])


def downgrade() -> None:
    op.drop_table("calibration_release")
    op.drop_table("calibration_copy")
    op.drop_column("person", "calibrated_at")
    op.drop_column("school", "only_for_id")
