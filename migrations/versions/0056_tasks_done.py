"""Find what a person has done in a year without reading everything they ever did."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

OF_PERSON, DONE_BY = "ix_seat_person_id", "ix_seat_person_id_done_at"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.create_index(DONE_BY, "seat", ["person_id", "done_at"])
    op.drop_index(OF_PERSON, "seat")


def downgrade() -> None:
    op.create_index(OF_PERSON, "seat", ["person_id"])
    op.drop_index(DONE_BY, "seat")
