"""Index the appeals that a person hears: a page looked at each appeal of the programme."""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.create_index("ix_appeal_member_person_id", "appeal_member", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_appeal_member_person_id", "appeal_member")
