"""What a school answers for a product of the toolkit, and which document a product became."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_answer",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_product_answer_school_id_school")
        ),
        sa.PrimaryKeyConstraint("school_id", "product_id", name=op.f("pk_product_answer")),
    )
    op.create_table(
        "product_document",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_product_document_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_product_document_school_id_school")
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "product_id", "language", name=op.f("pk_product_document")
        ),
    )
    op.create_index(
        op.f("ix_product_document_document_id"), "product_document", ["document_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_product_document_document_id"), table_name="product_document")
    op.drop_table("product_document")
    op.drop_table("product_answer")
