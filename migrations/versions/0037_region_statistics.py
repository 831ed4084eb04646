"""What a state counts in its regions comes in as a list, with its day and source."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "region_statistic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("schools", sa.Integer(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "schools IS NOT NULL OR pupils IS NOT NULL",
            name=op.f("ck_region_statistic_counts_something"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"],
            ["country.code"],
            name=op.f("fk_region_statistic_country_code_country"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_statistic")),
    )
    op.create_index(
        "ix_region_statistic_country_on", "region_statistic", ["country_code", "counted_on"]
    )


def downgrade() -> None:
    op.drop_index("ix_region_statistic_country_on", table_name="region_statistic")
    op.drop_table("region_statistic")
