"""Figures of each month, append-only with corrections beside them; and measures of the last day."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

FROZEN = ("frozen_edition", "frozen_count", "frozen_measure")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "frozen_edition",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_frozen_edition_version_counted")),
        sa.CheckConstraint(
            "(version = 1) = (reason = '')", name=op.f("ck_frozen_edition_correction_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_frozen_edition_country_code_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_edition")),
        sa.UniqueConstraint(
            "country_code", "month", "version", name=op.f("uq_frozen_edition_country_code_month_version")
        ),
    )
    op.create_table(
        "frozen_count",
        sa.Column("edition_id", NUMBER, nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("figure", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["frozen_edition.id"],
            name=op.f("fk_frozen_count_edition_id_frozen_edition"),
        ),
        sa.PrimaryKeyConstraint(
            "edition_id", "region_code", "figure", name=op.f("pk_frozen_count")
        ),
    )
    op.create_table(
        "frozen_measure",
        sa.Column("edition_id", NUMBER, nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["frozen_edition.id"],
            name=op.f("fk_frozen_measure_edition_id_frozen_edition"),
        ),
        sa.PrimaryKeyConstraint(
            "edition_id", "region_code", "measure", "detail", name=op.f("pk_frozen_measure")
        ),
    )
    op.create_table(
        "latest_measure",
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_code"], ["country.code"], name=op.f("fk_latest_measure_country_code_country")
        ),
        sa.PrimaryKeyConstraint(
            "country_code",
            "region_code",
            "measure",
            "detail",
            name=op.f("pk_latest_measure"),
        ),
    )
    for table in FROZEN:
        _forbid_changes(table)


def downgrade() -> None:
    op.drop_table("latest_measure")
    for table in reversed(FROZEN):
        op.drop_table(table)


def _forbid_changes(table: str) -> None:
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
