"""A reviewer may agree with the school in one act, once its evidence was on the screen; a decision against the rule says why."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "score",
        sa.Column("agreed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    with op.batch_alter_table("score") as batch:
        batch.alter_column("agreed", existing_type=sa.Boolean(), server_default=None)
    op.add_column("decision", sa.Column("departure", sa.Text(), nullable=True))
    op.create_table(
        "evidence_view",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_evidence_view_review_id_review")
        ),
        sa.PrimaryKeyConstraint("review_id", "place", name=op.f("pk_evidence_view")),
    )


def downgrade() -> None:
    op.drop_table("evidence_view")
    # In place: a copy of the table would lose the triggers that keep decisions as they are.
    op.drop_column("decision", "departure")
    with op.batch_alter_table("score") as batch:
        batch.drop_column("agreed")
