"""Pupils are asked whether they know whom to tell: rounds and counters, no row of an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "awareness_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("compared_with_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= shown AND shown <= answers", name=op.f("ck_awareness_round_shown_of_answers")
        ),
        sa.CheckConstraint("expected > 0", name=op.f("ck_awareness_round_expected_positive")),
        sa.ForeignKeyConstraint(
            ["compared_with_id"],
            ["awareness_round.id"],
            name=op.f("fk_awareness_round_compared_with_id_awareness_round"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_awareness_round_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awareness_round")),
        sa.UniqueConstraint("code", name=op.f("uq_awareness_round_code")),
    )
    op.create_index(op.f("ix_awareness_round_school_id"), "awareness_round", ["school_id"])
    op.create_table(
        "awareness_counter",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= shown AND shown <= answers", name=op.f("ck_awareness_counter_shown_of_answers")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["awareness_round.id"],
            name=op.f("fk_awareness_counter_round_id_awareness_round"),
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "question", "option", name=op.f("pk_awareness_counter")
        ),
    )
    op.create_table(
        "awareness_ticket",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["awareness_round.id"],
            name=op.f("fk_awareness_ticket_round_id_awareness_round"),
        ),
        sa.PrimaryKeyConstraint("round_id", "fingerprint", name=op.f("pk_awareness_ticket")),
    )


def downgrade() -> None:
    op.drop_table("awareness_ticket")
    op.drop_table("awareness_counter")
    op.drop_index(op.f("ix_awareness_round_school_id"), table_name="awareness_round")
    op.drop_table("awareness_round")
