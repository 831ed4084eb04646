"""The poster round: places of a school, the posters made for them, on which days these were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "poster_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_poster_place_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poster_place")),
    )
    op.create_index(op.f("ix_poster_place_school_id"), "poster_place", ["school_id"])
    op.create_table(
        "placed_poster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("readers", sa.String(40), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("large", sa.Boolean(), nullable=False),
        sa.Column("printed_at", TIME, nullable=False),
        sa.Column("printed_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_placed_poster_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["poster_place.id"], name=op.f("fk_placed_poster_place_id_poster_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placed_poster")),
        sa.UniqueConstraint("code", name=op.f("uq_placed_poster_code")),
    )
    op.create_index(op.f("ix_placed_poster_school_id"), "placed_poster", ["school_id"])
    op.create_index(op.f("ix_placed_poster_place_id"), "placed_poster", ["place_id"])
    op.create_table(
        "poster_sighting",
        sa.Column("poster_id", sa.Uuid(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 20", name=op.f("ck_poster_sighting_count_1_to_20")),
        sa.ForeignKeyConstraint(
            ["poster_id"],
            ["placed_poster.id"],
            name=op.f("fk_poster_sighting_poster_id_placed_poster"),
        ),
        sa.PrimaryKeyConstraint("poster_id", "seen_on", name=op.f("pk_poster_sighting")),
    )


def downgrade() -> None:
    op.drop_table("poster_sighting")
    op.drop_table("placed_poster")
    op.drop_table("poster_place")
