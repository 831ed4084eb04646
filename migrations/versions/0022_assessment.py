"""Documents are chosen once for a part; a school plans what lifts a level."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "part_evidence",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_part_evidence_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_part_evidence_school_id_school")
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "part", "document_id", name=op.f("pk_part_evidence")
        ),
    )
    op.create_table(
        "planned_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_planned_action_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_action")),
    )
    op.create_index(op.f("ix_planned_action_school_id"), "planned_action", ["school_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_planned_action_school_id"), "planned_action")
    op.drop_table("planned_action")
    op.drop_table("part_evidence")
