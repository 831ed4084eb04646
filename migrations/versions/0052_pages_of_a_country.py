"""Let pages query only what they show: certificates continue from a number, large groups keep their figures."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0050"
branch_labels = None
depends_on = None

BESIDE_SCHOOLS = sa.text("school_id IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    _collate("C")
    op.create_table(
        "kept_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["national_group.id"],
            name=op.f("fk_kept_figures_group_id_national_group"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_figures")),
        sa.UniqueConstraint("kind", "group_id", name=op.f("uq_kept_figures_kind_group_id")),
    )


    op.create_index(
        "ix_person_beside_schools",
        "person",
        ["role", "name", "id"],
        sqlite_where=BESIDE_SCHOOLS,
        postgresql_where=BESIDE_SCHOOLS,
    )
    op.create_index(
        "ix_school_group_standing_until", "school", ["group_id", "standing", "valid_until_on"]
    )
    op.create_index("ix_person_group_id_name_id", "person", ["group_id", "name", "id"])
    op.create_index(
        "ix_invitation_beside_schools",
        "invitation",
        ["invited_at"],
        sqlite_where=BESIDE_SCHOOLS,
        postgresql_where=BESIDE_SCHOOLS,
    )


def _collate(collation: str) -> None:
    """Compare certificate numbers character by character on PostgreSQL, as SQLite does."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'ALTER TABLE certificate ALTER COLUMN number TYPE text COLLATE "{collation}"')


def downgrade() -> None:
    op.drop_index("ix_invitation_beside_schools", "invitation")
    op.drop_index("ix_person_group_id_name_id", "person")
    op.drop_index("ix_school_group_standing_until", "school")
    op.drop_index("ix_person_beside_schools", "person")
    op.drop_table("kept_figures")
    _collate("default")
