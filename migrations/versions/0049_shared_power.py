"""A head hands over in two steps; acts that weigh much wait for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
ENDED = "(ended_at IS NULL) = (outcome IS NULL)"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("duty_since", MOMENT, nullable=True))
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("afterwards", sa.String(length=40), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.CheckConstraint(ENDED, name=op.f("ck_handover_ended_at_with_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        *_to("handover", "school", "school_id"),
        *_to("handover", "invitation", "invitation_id"),
        *_to("handover", "person", "head_id", "successor_id", "started_by_id", "ended_by_id"),
    )
    op.create_index(op.f("ix_handover_school_id"), "handover", ["school_id"])
    op.create_index(
        "uq_handover_open",
        "handover",
        ["school_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "act_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("alone_from", MOMENT, nullable=True),
        sa.Column("lost_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.CheckConstraint(ENDED, name=op.f("ck_act_proposal_ended_at_with_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_proposal")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_act_proposal_token_hash")),
        *_to("act_proposal", "person", "proposed_by_id", "lost_id", "ended_by_id"),
    )
    op.create_index(op.f("ix_act_proposal_proposed_at"), "act_proposal", ["proposed_at"])
    op.create_index(
        "uq_act_proposal_open",
        "act_proposal",
        ["act", "subject_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _to(table: str, referred: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{referred}.id"], name=op.f(f"fk_{table}_{column}_{referred}")
        )
        for column in columns
    ]


def downgrade() -> None:
    op.drop_table("act_proposal")
    op.drop_table("handover")
    op.drop_column("person", "duty_since")
