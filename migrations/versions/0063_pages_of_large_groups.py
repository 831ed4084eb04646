"""Index what lists of large groups are sorted by and what sounds alike: each page read and sorted all rows."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

NUMBER_STEPS = """UPDATE followed_step SET due_sort_on = coalesce(due_on, due_sort_on), step_number = CASE step
  WHEN 'not_invited' THEN 0 WHEN 'invited' THEN 1 WHEN 'training' THEN 2 WHEN 'preparing' THEN 3
  WHEN 'completeness_check' THEN 4 WHEN 'reviewers' THEN 5 WHEN 'review' THEN 6 WHEN 'answer' THEN 7
  WHEN 'decision' THEN 8 WHEN 'expiring' THEN 9 WHEN 'suspended' THEN 10 WHEN 'ended' THEN 11 ELSE 12 END"""
BY_STEP = ["group_id", "step_number", "since_at", "name_key", "school_id", "due_on"]
BY_DUE_DATE = ["group_id", "due_sort_on", "name_key", "school_id"]
BY_SOUND = ["group_id", "heard_key", "country_code", "only_for_id", "id"]
IN_FORCE = ["country_code", "region_code", "standing", "valid_until_on"]
PLACE = ["certificate_id", "status_list_id", "status_index"]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    for column in (
        sa.Column("step_number", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_sort_on", sa.Date(), nullable=False, server_default="9999-12-31"),
    ):
        op.add_column("followed_step", column)
    op.drop_index("ix_followed_step_step", "followed_step")
    op.drop_index("ix_followed_step_due_on", "followed_step")
    op.execute(NUMBER_STEPS)
    op.create_index("ix_followed_step_step", "followed_step", BY_STEP)
    op.create_index("ix_followed_step_due", "followed_step", BY_DUE_DATE)
    op.drop_index("ix_school_group_id", "school")
    op.create_index("ix_school_group_sound", "school", BY_SOUND)
    op.drop_index("ix_school_country_region", "school")
    op.create_index("ix_school_region_standing_until", "school", IN_FORCE)
    op.create_index("ix_credential_place", "credential", PLACE)
    for table in ("followed_step", "school", "credential"):
        _analyse(table)


def _analyse(table: str) -> None:
    """Refresh the statistics of a table: without those of a new index SQLite prefers it to the one it needs.

    On SQLite only if it has some, which large tables do: by those of a small one SQLite plans badly.
    """
    if op.get_bind().dialect.name == "sqlite":
        known = sa.inspect(op.get_bind()).has_table("sqlite_stat1")
        of = sa.text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = :name").bindparams(name=table)
        if not known or not op.get_bind().scalar(of):
            return
    op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    op.drop_index("ix_credential_place", "credential")
    op.drop_index("ix_school_region_standing_until", "school")
    op.create_index("ix_school_country_region", "school", ["country_code", "region_code"])
    op.drop_index("ix_school_group_sound", "school")
    op.create_index("ix_school_group_id", "school", ["group_id"])
    op.drop_index("ix_followed_step_due", "followed_step")
    op.drop_index("ix_followed_step_step", "followed_step")
    op.drop_column("followed_step", "due_sort_on")
    op.drop_column("followed_step", "step_number")
    op.create_index("ix_followed_step_due_on", "followed_step", ["group_id", "due_on", "school_id"])
    op.create_index(
        "ix_followed_step_step",
        "followed_step",
        ["group_id", "step", "since_at", "due_on", "school_id"],
    )
