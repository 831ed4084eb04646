"""Lists of schools are kept while they are read, checked, imported and undone; schools are merged."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=True),
        sa.Column("charset", sa.Text(), nullable=True),
        sa.Column("other_charsets", sa.JSON(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("first_rows", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("unknown", sa.JSON(), nullable=False),
        sa.Column("changes_schools", sa.Boolean(), nullable=False),
        sa.Column("keeps_duplicates", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("to_look_at", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["national_group.id"], name=op.f("fk_school_list_group_id_national_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_list")),
    )
    op.create_index(op.f("ix_school_list_group_id"), "school_list", ["group_id"])
    op.create_table(
        "school_list_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=True),
        sa.Column("done_for", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["school_list.id"], name=op.f("fk_school_list_part_list_id_school_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_list_part")),
        sa.UniqueConstraint("list_id", "place", name=op.f("uq_school_list_part_list_id_place")),
    )
    op.create_table(
        "remembered_columns",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("head_sha256", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["national_group.id"],
            name=op.f("fk_remembered_columns_group_id_national_group"),
        ),
        sa.PrimaryKeyConstraint("group_id", "head_sha256", name=op.f("pk_remembered_columns")),
    )
    # Filled by 0072, which computes the keys of all schools.
    op.add_column("school", sa.Column("heard_key", sa.Text(), nullable=False, server_default=""))
    op.add_column("school", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_index("ix_school_heard_key", "school", ["heard_key"])
    op.create_index("ix_school_merged_into_id", "school", ["merged_into_id"])


def downgrade() -> None:
    op.drop_index("ix_school_merged_into_id", "school")
    op.drop_index("ix_school_heard_key", "school")
    # In place: a table that is made anew would lose its triggers.
    op.drop_column("school", "merged_into_id")
    op.drop_column("school", "heard_key")
    op.drop_table("remembered_columns")
    op.drop_table("school_list_part")
    op.drop_index(op.f("ix_school_list_group_id"), "school_list")
    op.drop_table("school_list")
