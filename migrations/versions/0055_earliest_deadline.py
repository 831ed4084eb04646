"""The earliest open deadline of a school is found in an index of its own, not among those of all schools."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

OLD, NEW = "ix_deadline_school_id_met_at", "ix_deadline_school_id_met_at_due_on"


def upgrade() -> None:
    op.create_index(NEW, "deadline", ["school_id", "met_at", "due_on"])
    op.drop_index(OLD, "deadline")


def downgrade() -> None:
    op.create_index(OLD, "deadline", ["school_id", "met_at"])
    op.drop_index(NEW, "deadline")
