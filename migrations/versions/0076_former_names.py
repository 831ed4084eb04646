"""Keep the earlier names, addresses and schools of people who changed them, so that an erasure finds these too."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_former_name_user_id_person")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_former_name_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_name")),
    )
    op.create_index("ix_former_name_user_id", "former_name", ["user_id"])


def downgrade() -> None:
    op.drop_table("former_name")
