"""Lists ask plain columns and indexes: the group of an application, where each school stands, names by key."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

SCHOOL_INDEXES = {
    "ix_school_name_key_id": ["name_key", "id"],
    "ix_school_group_id_name_key_id": ["group_id", "name_key", "id"],
    "ix_school_country_name": ["country_code", "name_key", "id"],
    "ix_school_region_name": ["country_code", "region_code", "name_key", "id"],
}
STEP_INDEXES = {
    "ix_followed_step_silence": ["group_id", "never_stuck", "since_at", "school_id"],
    "ix_followed_step_step": ["group_id", "step", "since_at", "due_on", "school_id"],
    "ix_followed_step_due_on": ["group_id", "due_on", "school_id"],
}
# What the application looks up for each school from now on, once for all of them.
STEPS = """
INSERT INTO followed_step
    (school_id, group_id, application_id, step, never_stuck, last_act_at, since_at, due_on)
SELECT school_id, group_id, application_id, step, step IN ('ended', 'nothing'), last_act_at,
    CASE
        WHEN step IN ('not_invited', 'invited', 'training', 'preparing', 'expiring', 'suspended', 'ended')
            OR changed_at IS NULL
            THEN coalesce(last_act_at, invited_at, registered_at)
        WHEN step = 'answer' AND last_act_at > changed_at THEN last_act_at
        ELSE changed_at
    END,
    due_on
FROM (
    SELECT school.id AS school_id, school.group_id, application.id AS application_id,
        application.changed_at, school.registered_at,
        CASE
            WHEN application.state = 'submitted'
                AND (application.round = 1 OR EXISTS (
                    SELECT 1 FROM sift WHERE sift.application_id = application.id
                    AND sift.round = application.round - 1 AND NOT sift.passed))
                AND NOT EXISTS (
                    SELECT 1 FROM sift WHERE sift.application_id = application.id
                    AND sift.round = application.round)
                THEN 'completeness_check'
            WHEN application.state = 'in_review' AND (
                SELECT count(*) FROM review WHERE review.application_id = application.id
                AND review.round = application.round AND review.state = 'handed_in'
                ) >= application.reviews_wanted
                THEN 'decision'
            WHEN application.state IN ('submitted', 'in_review') AND EXISTS (
                SELECT 1 FROM seat WHERE seat.application_id = application.id
                AND seat.round = application.round AND seat.seat = 'assessor'
                AND seat.left_at IS NULL)
                THEN 'review'
            WHEN application.state IN ('submitted', 'in_review') THEN 'reviewers'
            WHEN application.state = 'changes_requested' THEN 'answer'
            WHEN school.standing = 'expiring' THEN 'expiring'
            WHEN school.standing = 'suspended' THEN 'suspended'
            WHEN school.standing = 'valid' THEN 'nothing'
            WHEN school.progress = 'trained' THEN 'preparing'
            WHEN school.progress = 'decided' THEN 'ended'
            WHEN EXISTS (
                SELECT 1 FROM person
                WHERE person.school_id = school.id AND person.deactivated_at IS NULL)
                THEN 'training'
            WHEN EXISTS (
                SELECT 1 FROM invitation WHERE invitation.school_id = school.id
                AND invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL)
                THEN 'invited'
            ELSE 'not_invited'
        END AS step,
        (SELECT max(audit_entry.at) FROM audit_entry
            WHERE audit_entry.school_id = school.id AND audit_entry.actor_role = 'school_manager'
            AND audit_entry.event <> 'answer.saved') AS last_act_at,
        (SELECT max(invitation.invited_at) FROM invitation
            WHERE invitation.school_id = school.id AND invitation.accepted_at IS NULL
            AND invitation.revoked_at IS NULL) AS invited_at,
        (SELECT min(deadline.due_on) FROM deadline
            WHERE deadline.school_id = school.id AND deadline.met_at IS NULL AND deadline.kind IN
            ('sift', 'review', 'second_review', 'decision', 'changes', 'minor_gaps', 'cure')) AS due_on
    FROM school LEFT JOIN application ON application.school_id = school.id
        AND application.state NOT IN ('decided', 'withdrawn')
    WHERE school.only_for_id IS NULL
) AS found
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    # In place: a table that is made anew would lose its triggers.
    for name in ("group_id", "only_for_id"):
        op.add_column("application", sa.Column(name, sa.Uuid(), nullable=True))
        op.execute(
            f"UPDATE application SET {name} ="  # noqa: S608 -- two names of our own
            f" (SELECT school.{name} FROM school WHERE school.id = application.school_id)"
        )
    op.create_index(
        "ix_application_group_id_state_changed_at",
        "application",
        ["group_id", "state", "changed_at"],
    )
    _collate("C")
    op.drop_index("ix_school_name_key", "school")
    for name, columns in SCHOOL_INDEXES.items():
        op.create_index(name, "school", columns)
    _make_steps()
    _index_words()


def _index_words() -> None:
    """Index the words of schools by threes of marks, where that is allowed: without it searches read every name."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError:
        return
    op.execute(
        "CREATE INDEX ix_school_words ON school"
        " USING gin (search_text gin_trgm_ops, code gin_trgm_ops)"
    )


def _collate(collation: str) -> None:
    """Order names mark by mark on PostgreSQL, as SQLite does."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'ALTER TABLE school ALTER COLUMN name_key TYPE text COLLATE "{collation}"')


def _make_steps() -> None:
    op.create_table(
        "followed_step",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("never_stuck", sa.Boolean(), nullable=False),
        sa.Column("last_act_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_followed_step_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["national_group.id"],
            name=op.f("fk_followed_step_group_id_national_group"),
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_followed_step")),
    )
    op.execute(STEPS)
    for name, columns in STEP_INDEXES.items():
        op.create_index(name, "followed_step", columns)


def downgrade() -> None:
    op.execute("DROP INDEX IF EXISTS ix_school_words")
    op.drop_table("followed_step")
    for name in SCHOOL_INDEXES:
        op.drop_index(name, "school")
    _collate("default")
    op.create_index("ix_school_name_key", "school", ["name_key"])
    op.drop_index("ix_application_group_id_state_changed_at", "application")
    op.drop_column("application", "only_for_id")
    op.drop_column("application", "group_id")
