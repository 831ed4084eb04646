"""Seats and mentorings; what hints were answered; absences; guests of a case."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HELD_ALONE = "left_at IS NULL AND seat NOT IN ('mentor', 'panel')"


def _create_seat() -> None:
    seat = op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_by_id", sa.Uuid(), nullable=True),
        sa.Column("left_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(left_at IS NULL) = (left_by_id IS NULL)", name=op.f("ck_seat_left_at_with_by")
        ),
        sa.CheckConstraint(
            "(left_at IS NULL) = (left_reason IS NULL)", name=op.f("ck_seat_left_reason_with_at")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_seat_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_seat_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["person.id"], name=op.f("fk_seat_taken_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["left_by_id"], ["person.id"], name=op.f("fk_seat_left_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint(
            "application_id", "person_id", name=op.f("uq_seat_application_id_person_id")
        ),
    )
    op.create_index(op.f("ix_seat_person_id"), "seat", ["person_id"])
    op.create_index(
        "uq_seat_held",
        "seat",
        ["application_id", "round", "seat"],
        unique=True,
        sqlite_where=sa.text(HELD_ALONE),
        postgresql_where=sa.text(HELD_ALONE),
    )
    _seat_those_who_worked(seat)


def _seat_those_who_worked(seat: sa.Table) -> None:
    """Give a seat to everybody who assessed or decided before there were seats."""
    review = sa.table(
        "review",
        sa.column("application_id", sa.Uuid()),
        sa.column("assessor_id", sa.Uuid()),
        sa.column("round", sa.Integer()),
        sa.column("started_at", sa.DateTime(timezone=True)),
    )
    decision = sa.table(
        "decision",
        sa.column("application_id", sa.Uuid()),
        sa.column("decider_id", sa.Uuid()),
        sa.column("round", sa.Integer()),
        sa.column("decided_at", sa.DateTime(timezone=True)),
    )
    rows = {}
    for name, person, moment, table in (
        ("assessor", review.c.assessor_id, review.c.started_at, review),
        ("decider", decision.c.decider_id, decision.c.decided_at, decision),
    ):
        columns = (table.c.application_id, person, table.c.round, moment)
        for application_id, person_id, number, at in op.get_bind().execute(
            sa.select(*columns).order_by(table.c.round)
        ):
            kept = rows.setdefault(
                (application_id, person_id),
                {
                    "id": uuid4(),
                    "application_id": application_id,
                    "person_id": person_id,
                    "seat": name,
                    "taken_at": at,
                    "taken_by_id": person_id,
                },
            )
            kept["round"] = number
    if rows:
        op.bulk_insert(seat, list(rows.values()))


SCOPE_BEFORE = (
    "(role = 'school_manager') = (school_id IS NOT NULL)"
    " AND (role = 'school_manager') = (duty IS NOT NULL)"
    " AND (role IN ('reviewer', 'coordinator')) = (group_id IS NOT NULL)"
    " AND (role IN ('ministry', 'region_officer', 'school_manager')) = (country_code IS NOT NULL)"
    " AND (role = 'region_officer') = (region_code IS NOT NULL)"
)
SCOPE = (
    f"{SCOPE_BEFORE}"
    " AND (role = 'guest') = (guest_application_id IS NOT NULL)"
    " AND (role = 'guest') = (ends_at IS NOT NULL)"
)


def upgrade() -> None:
    _create_seat()
    _create_facts()
    _create_people()
    _create_abandoned()
    op.add_column("declaration", sa.Column("answers", sa.JSON(), nullable=True))
    for table in ("person", "invitation"):
        op.add_column(table, sa.Column("guest_application_id", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        _replace_check(table, SCOPE_BEFORE, SCOPE)
    _keep_waivers()


def _id_and_person(*others: sa.Column) -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *others,
    ]


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in columns.items()
    ]


def _create_facts() -> None:
    op.create_table(
        "waiver",
        *_id_and_person(
            sa.Column("application_id", sa.Uuid(), nullable=False),
            sa.Column("hint", sa.String(length=40), nullable=False),
            sa.Column("reason", sa.Text(), nullable=False),
            sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        ),
        *_refers(
            "waiver", application_id="application", person_id="person", recorded_by_id="person"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint(
            "application_id",
            "person_id",
            "hint",
            name=op.f("uq_waiver_application_id_person_id_hint"),
        ),
    )
    op.create_index(op.f("ix_waiver_person_id"), "waiver", ["person_id"])
    op.create_table(
        "mentoring",
        *_id_and_person(
            sa.Column("school_id", sa.Uuid(), nullable=False),
            sa.Column("from_on", sa.Date(), nullable=False),
            sa.Column("to_on", sa.Date(), nullable=True),
            sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_mentoring_to_on_after_from_on")),
        *_refers("mentoring", school_id="school", person_id="person", entered_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring")),
    )
    for column in ("person_id", "school_id"):
        op.create_index(op.f(f"ix_mentoring_{column}"), "mentoring", [column])


def _create_people() -> None:
    op.create_table(
        "background",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        *_refers("background", person_id="person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_background")),
    )
    op.create_table(
        "absence",
        *_id_and_person(
            sa.Column("from_on", sa.Date(), nullable=False),
            sa.Column("to_on", sa.Date(), nullable=False),
            sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_absence_to_on_after_from_on")),
        *_refers("absence", person_id="person", entered_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"])
    op.create_table(
        "guest_pass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_guest_pass_ended_at_with_by")
        ),
        *_refers(
            "guest_pass",
            application_id="application",
            invitation_id="invitation",
            invited_by_id="person",
            ended_by_id="person",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_pass")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_guest_pass_invitation_id")),
    )
    op.create_index(op.f("ix_guest_pass_application_id"), "guest_pass", ["application_id"])


def _create_abandoned() -> None:
    op.create_table(
        "abandoned_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        *_refers("abandoned_review", review_id="review", assessor_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abandoned_review")),
    )
    op.create_index(op.f("ix_abandoned_review_review_id"), "abandoned_review", ["review_id"])


def _replace_check(table: str, before: str, after: str) -> None:
    """Give a table another check of role and scope.

    SQLite cannot alter a check, and a copy of the table would break what refers to it. A check is
    not part of what is stored, so its text is changed in the schema, as SQLite's manual says
    (https://sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
    """
    name = f"ck_{table}_role_with_scope"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, after)
        return
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (f"CHECK ({before})", f"CHECK ({after})", table, f"CHECK ({before})"),
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"{table} has no such check")
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")


def _keep_waivers() -> None:
    """Let nobody change an exception, or take it out of the log."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER waiver_append_only BEFORE UPDATE OR DELETE ON waiver "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute(
            "CREATE TRIGGER waiver_not_emptied BEFORE TRUNCATE ON waiver "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER waiver_no_{action.lower()} BEFORE {action} ON waiver "
            "BEGIN SELECT RAISE(ABORT, 'waiver is append-only'); END"
        )


def downgrade() -> None:
    for table in ("invitation", "person"):
        _replace_check(table, SCOPE, SCOPE_BEFORE)
        op.drop_column(table, "ends_at")
        op.drop_column(table, "guest_application_id")
    op.drop_column("declaration", "answers")
    # The triggers, indexes and constraints of a table go with it.
    for table in ("abandoned_review", "guest_pass", "absence", "background", "mentoring", "waiver", "seat"):
        op.drop_table(table)
