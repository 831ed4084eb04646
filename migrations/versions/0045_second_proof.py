"""A session knows when, and by what, its person last proved who they are; and on which device."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

PAIR = "(confirmed_at IS NULL) = (confirmed_with IS NULL)"


def upgrade() -> None:
    op.add_column("person", sa.Column("factors_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("user_session") as table:
        table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("confirmed_with", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("device", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE user_session SET confirmed_at = opened_at, confirmed_with = 'password'")
    with op.batch_alter_table("user_session") as table:
        table.alter_column("device", server_default=None)
        table.create_check_constraint(op.f("ck_user_session_confirmed_at_with_proof"), PAIR)


def downgrade() -> None:
    with op.batch_alter_table("user_session") as table:
        table.drop_constraint(op.f("ck_user_session_confirmed_at_with_proof"), type_="check")
        table.drop_column("device")
        table.drop_column("confirmed_with")
        table.drop_column("confirmed_at")
    op.drop_column("person", "factors_since")
