"""Find open items through indexes of their own, without searching everything that ever existed."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

UNMET, HELD = sa.text("met_at IS NULL"), sa.text("done_at IS NULL AND left_at IS NULL")
OF_SCHOOL, BY_DAY = "ix_deadline_school_id_met_at", "ix_deadline_met_at_due_on"
OF_SCHOOL_BY_DAY, OPEN_BY_DAY = "ix_deadline_school_id_met_at_due_on", "ix_deadline_open_due_on"
OPEN_SEAT, IN_STATE = "ix_seat_open", "ix_application_group_id_state_changed_at"
STATE, STATE_ALONE = ["group_id", "state", "changed_at"], ["id", "only_for_id"]
INVENTED, ONLY_FOR = sa.text("only_for_id IS NOT NULL"), "ix_school_only_for_id"
# With a longer list of pending index entries, PostgreSQL would read all schools instead.
PENDING_KB = 64
OF_WORDS = f"""DO $$ BEGIN IF to_regclass('ix_school_words') IS NOT NULL THEN
  ALTER INDEX ix_school_words SET (gin_pending_list_limit = {PENDING_KB});
  PERFORM gin_clean_pending_list('ix_school_words');
END IF; END $$"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
        op.execute(OF_WORDS)
    op.create_index(OF_SCHOOL_BY_DAY, "deadline", ["school_id", "met_at", "due_on"])
    op.drop_index(OF_SCHOOL, "deadline")
    op.create_index(
        OPEN_BY_DAY, "deadline", ["due_on"], sqlite_where=UNMET, postgresql_where=UNMET
    )
    op.drop_index(BY_DAY, "deadline")
    op.create_index(OPEN_SEAT, "seat", ["person_id"], sqlite_where=HELD, postgresql_where=HELD)
    op.drop_index(ONLY_FOR, "school")
    op.create_index(
        ONLY_FOR, "school", ["only_for_id"], sqlite_where=INVENTED, postgresql_where=INVENTED
    )
    op.drop_index(IN_STATE, "application")
    op.create_index(IN_STATE, "application", [*STATE, *STATE_ALONE])


def downgrade() -> None:
    op.drop_index(IN_STATE, "application")
    op.create_index(IN_STATE, "application", STATE)
    op.drop_index(ONLY_FOR, "school")
    op.create_index(ONLY_FOR, "school", ["only_for_id"])
    op.drop_index(OPEN_SEAT, "seat")
    op.create_index(BY_DAY, "deadline", ["met_at", "due_on"])
    op.drop_index(OPEN_BY_DAY, "deadline")
    op.create_index(OF_SCHOOL, "deadline", ["school_id", "met_at"])
    op.drop_index(OF_SCHOOL_BY_DAY, "deadline")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX IF EXISTS ix_school_words RESET (gin_pending_list_limit)")
