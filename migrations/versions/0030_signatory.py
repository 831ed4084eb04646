"""A national group has a letterhead: who signs for it, its address for letters, and its logo."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_logo",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_group_logo")),
        sa.UniqueConstraint("file_key", name=op.f("uq_group_logo_file_key")),
    )
    op.create_table(
        "letterhead",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("signatory_name", sa.Text(), nullable=False),
        sa.Column("signatory_office", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("logo_sha256", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(signatory_name = '') = (signatory_office = '')",
            name=op.f("ck_letterhead_signatory_with_office"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["national_group.id"],
            name=op.f("fk_letterhead_group_id_national_group"),
        ),
        sa.ForeignKeyConstraint(
            ["logo_sha256"],
            ["group_logo.sha256"],
            name=op.f("fk_letterhead_logo_sha256_group_logo"),
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_letterhead")),
    )


def downgrade() -> None:
    op.drop_table("letterhead")
    op.drop_table("group_logo")
