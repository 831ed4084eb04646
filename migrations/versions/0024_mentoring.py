"""Mentoring: talk, shares and meetings; and no mentor with another role in the school's cases, by trigger."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MENTOR_BARRED = "a mentor of the school takes no other role in its cases"
ROLE_BARRED = "who reviews, decides or hears a case of the school does not mentor it"
UNDER_WAY = "('submitted', 'in_review', 'changes_requested')"

# Whoever mentors the school of a case, or did in the 24 months before taking the role.
MENTORS = """
EXISTS (
    SELECT 1 FROM mentoring m JOIN application a ON a.school_id = m.school_id
    WHERE a.id = NEW.application_id AND m.person_id = NEW.person_id
    AND (m.to_on IS NULL OR m.to_on >= {since})
)
"""
# Whoever holds a role in a case of the school that is under way, or heard an appeal in the last 24 months.
HOLDS_A_ROLE = """
EXISTS (
    SELECT 1 FROM seat s JOIN application a ON a.id = s.application_id
    WHERE a.school_id = NEW.school_id AND s.person_id = NEW.person_id
    AND s.seat <> 'mentor' AND s.left_at IS NULL
    AND (a.state IN {under_way} OR (s.seat = 'panel' AND s.taken_at >= {since}))
)
"""

# The two are looked at one after the other for a person and a school, so that of two at once one is refused.
POSTGRES = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(
        'mentor or role:' || ({school})::text || NEW.person_id::text
    ));
    IF {condition} THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        _hold_on_postgres()
    else:
        _hold_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER seat_of_no_mentor ON seat")
        op.execute("DROP TRIGGER mentoring_without_role ON mentoring")
        op.execute("DROP FUNCTION seat_of_no_mentor()")
        op.execute("DROP FUNCTION mentoring_without_role()")
    else:
        for name in ("seat_of_no_mentor", "mentoring_without_role"):
            op.execute(f"DROP TRIGGER {name}_insert")
            op.execute(f"DROP TRIGGER {name}_update")
    for table in ("mentor_meeting_date", "mentor_meeting", "mentor_share", "mentor_message"):
        op.drop_table(table)
    op.drop_table("mentor_talk")


def _hold_on_postgres() -> None:
    since = "(NEW.taken_at AT TIME ZONE 'UTC')::date - INTERVAL '24 months'"
    op.execute(
        POSTGRES.format(
            name="seat_of_no_mentor",
            school="SELECT school_id FROM application WHERE id = NEW.application_id",
            condition=f"NEW.seat <> 'mentor' AND {MENTORS.format(since=since)}",
            message=MENTOR_BARRED,
        )
    )
    op.execute(
        "CREATE TRIGGER seat_of_no_mentor BEFORE INSERT OR UPDATE OF application_id, person_id, seat, round "
        "ON seat FOR EACH ROW EXECUTE FUNCTION seat_of_no_mentor()"
    )
    day = "(NEW.entered_at AT TIME ZONE 'UTC')::date - INTERVAL '24 months'"
    holds = HOLDS_A_ROLE.format(under_way=UNDER_WAY, since="NEW.entered_at - INTERVAL '24 months'")
    op.execute(
        POSTGRES.format(
            name="mentoring_without_role",
            school="NEW.school_id",
            condition=f"(NEW.to_on IS NULL OR NEW.to_on >= {day}) AND {holds}",
            message=ROLE_BARRED,
        )
    )
    op.execute(
        "CREATE TRIGGER mentoring_without_role BEFORE INSERT OR UPDATE OF school_id, person_id "
        "ON mentoring FOR EACH ROW EXECUTE FUNCTION mentoring_without_role()"
    )


def _hold_on_sqlite() -> None:
    mentors = MENTORS.format(since="date(NEW.taken_at, '-24 months')")
    holds = HOLDS_A_ROLE.format(
        under_way=UNDER_WAY, since="datetime(NEW.entered_at, '-24 months')"
    )
    recent = "(NEW.to_on IS NULL OR NEW.to_on >= date(NEW.entered_at, '-24 months'))"
    for action, when in (
        ("insert", "INSERT"),
        ("update", "UPDATE OF application_id, person_id, seat, round"),
    ):
        op.execute(
            f"CREATE TRIGGER seat_of_no_mentor_{action} BEFORE {when} ON seat "
            f"WHEN NEW.seat <> 'mentor' AND {mentors} "
            f"BEGIN SELECT RAISE(ABORT, '{MENTOR_BARRED}'); END"
        )
    for action, when in (("insert", "INSERT"), ("update", "UPDATE OF school_id, person_id")):
        op.execute(
            f"CREATE TRIGGER mentoring_without_role_{action} BEFORE {when} ON mentoring "
            f"WHEN {recent} AND {holds} "
            f"BEGIN SELECT RAISE(ABORT, '{ROLE_BARRED}'); END"
        )


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_tables() -> None:
    op.create_table(
        "mentor_talk",
        sa.Column("mentoring_id", sa.Uuid(), nullable=False),
        sa.Column("waits_for", sa.String(length=40), nullable=True),
        _moment("waits_since", nullable=True),
        _moment("told_mentor_at", nullable=True),
        _moment("told_school_at", nullable=True),
        sa.Column("mentor_waits", sa.Boolean(), nullable=False),
        sa.Column("school_waits", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(waits_for IS NULL) = (waits_since IS NULL)",
            name=op.f("ck_mentor_talk_waits_since_with_for"),
        ),
        sa.ForeignKeyConstraint(
            ["mentoring_id"], ["mentoring.id"], name=op.f("fk_mentor_talk_mentoring_id_mentoring")
        ),
        sa.PrimaryKeyConstraint("mentoring_id", name=op.f("pk_mentor_talk")),
    )
    op.create_table(
        "mentor_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentoring_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        _moment("written_at"),
        _moment("removed_at", nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(text IS NULL) = (removed_at IS NOT NULL)",
            name=op.f("ck_mentor_message_text_until_removed"),
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)",
            name=op.f("ck_mentor_message_removed_at_with_by"),
        ),
        sa.ForeignKeyConstraint(
            ["mentoring_id"],
            ["mentoring.id"],
            name=op.f("fk_mentor_message_mentoring_id_mentoring"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_mentor_message_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["person.id"], name=op.f("fk_mentor_message_removed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_message")),
    )
    op.create_index(op.f("ix_mentor_message_mentoring_id"), "mentor_message", ["mentoring_id"])
    op.create_table(
        "mentor_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentoring_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        _moment("shared_at"),
        sa.Column("shared_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(part IS NULL) <> (document_id IS NULL)", name=op.f("ck_mentor_share_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["mentoring_id"], ["mentoring.id"], name=op.f("fk_mentor_share_mentoring_id_mentoring")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_mentor_share_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["shared_by_id"], ["person.id"], name=op.f("fk_mentor_share_shared_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_share")),
        sa.UniqueConstraint(
            "mentoring_id", "document_id", name=op.f("uq_mentor_share_mentoring_id_document_id")
        ),
        sa.UniqueConstraint(
            "mentoring_id", "part", name=op.f("uq_mentor_share_mentoring_id_part")
        ),
    )
    _create_meetings()


def _create_meetings() -> None:
    op.create_table(
        "mentor_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentoring_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        _moment("proposed_at"),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        _moment("starts_at", nullable=True),
        _moment("agreed_at", nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        _moment("cancelled_at", nullable=True),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (starts_at IS NULL)",
            name=op.f("ck_mentor_meeting_starts_at_with_agreed"),
        ),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (agreed_by_id IS NULL)",
            name=op.f("ck_mentor_meeting_agreed_at_with_by"),
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)",
            name=op.f("ck_mentor_meeting_cancelled_at_with_by"),
        ),
        sa.ForeignKeyConstraint(
            ["mentoring_id"],
            ["mentoring.id"],
            name=op.f("fk_mentor_meeting_mentoring_id_mentoring"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_mentor_meeting_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_mentor_meeting_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"],
            ["person.id"],
            name=op.f("fk_mentor_meeting_cancelled_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_meeting")),
    )
    op.create_index(op.f("ix_mentor_meeting_mentoring_id"), "mentor_meeting", ["mentoring_id"])
    op.create_table(
        "mentor_meeting_date",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        _moment("starts_at"),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["mentor_meeting.id"],
            name=op.f("fk_mentor_meeting_date_meeting_id_mentor_meeting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_meeting_date")),
        sa.UniqueConstraint(
            "meeting_id", "starts_at", name=op.f("uq_mentor_meeting_date_meeting_id_starts_at")
        ),
    )
