"""Photographs of a paper document wait to become one; where the text of a page comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document_version", sa.Column("page_sources", sa.JSON(), nullable=True))
    op.create_table(
        "photograph",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("small_file_key", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_photograph_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_photograph_user_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photograph")),
        sa.UniqueConstraint("file_key", name=op.f("uq_photograph_file_key")),
        sa.UniqueConstraint("small_file_key", name=op.f("uq_photograph_small_file_key")),
    )
    op.create_index(op.f("ix_photograph_expires_at"), "photograph", ["expires_at"])
    op.create_index(op.f("ix_photograph_school_id"), "photograph", ["school_id"])
    op.create_index("ix_photograph_user_document", "photograph", ["user_id", "document_id"])


def downgrade() -> None:
    op.drop_table("photograph")
    with op.batch_alter_table("document_version") as batch:
        batch.drop_column("page_sources")
