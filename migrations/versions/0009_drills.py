"""Drills, and more of the reporting mechanism."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APPEND_ONLY = ("drill_step", "drill_result")

# What is fixed once a drill has started.
FIXED = (
    "school_id", "channel_id", "channel_kind", "medium", "address", "opens", "closes", "code",
    "template", "language", "announced", "started_at", "started_by_id",
)  # fmt: skip

DECLARED = """EXISTS (
    SELECT 1 FROM reporting_channel
    WHERE reporting_channel.id = NEW.channel_id
      AND reporting_channel.school_id = NEW.school_id
      AND reporting_channel.contact = NEW.address
      AND reporting_channel.kind = NEW.channel_kind
)"""

CHANNEL_COLUMNS = (
    ("medium", sa.String(40), None),
    ("languages", sa.JSON(), "[]"),
    ("opens", sa.Text(), None),
    ("closes", sa.Text(), None),
    ("for_adults", sa.Boolean(), sa.false()),
    ("past_head", sa.Boolean(), sa.false()),
)
MECHANISM_COLUMNS = (
    ("pupil_languages", sa.JSON(), "[]"),
    ("out_of_hours", sa.Text(), None),
    ("holiday_cover", sa.Text(), None),
    ("parents_contact", sa.Text(), None),
    ("about_head_id", sa.Uuid(), None),
    ("about_person_id", sa.Uuid(), None),
)


def _column(name, kind, default):
    return sa.Column(name, kind, nullable=default is None, server_default=default)


def upgrade() -> None:
    _mechanism()
    _drill()
    _steps_and_results()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def _mechanism() -> None:
    for one in MECHANISM_COLUMNS:
        op.add_column("reporting_mechanism", _column(*one))
    op.add_column("reporting_person", _column("independent", sa.Boolean(), sa.false()))
    with op.batch_alter_table("reporting_channel") as batch:
        for one in CHANNEL_COLUMNS:
            batch.add_column(_column(*one))
        batch.create_check_constraint(
            op.f("ck_reporting_channel_opens_with_closes"), "(opens IS NULL) = (closes IS NULL)"
        )
    op.create_table(
        "told_office",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("learns", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 9", name=op.f("ck_told_office_place_1_to_9")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_told_office_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_office")),
    )
    op.create_index(op.f("ix_told_office_school_id"), "told_office", ["school_id"])


def _drill() -> None:
    op.create_table(
        "drill",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("channel_kind", sa.String(40), nullable=False),
        sa.Column("medium", sa.String(40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("opens", sa.Text(), nullable=True),
        sa.Column("closes", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_by_id", sa.Uuid(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel_kind <> 'outside'", name=op.f("ck_drill_never_outside")),
        sa.CheckConstraint(
            "(opens IS NULL) = (closes IS NULL)", name=op.f("ck_drill_opens_with_closes")
        ),
        sa.CheckConstraint(
            "(delivered_at IS NULL) = (state IN ('prepared', 'called_off'))",
            name=op.f("ck_drill_delivered_with_state"),
        ),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('prepared', 'running'))",
            name=op.f("ck_drill_finished_with_state"),
        ),
        sa.CheckConstraint(
            "(delivered_at IS NULL) = (delivered_by_id IS NULL)",
            name=op.f("ck_drill_delivered_at_with_by"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_drill_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
        sa.UniqueConstraint("code", name=op.f("uq_drill_code")),
    )
    op.create_index(op.f("ix_drill_school_id"), "drill", ["school_id"])
    op.create_index(op.f("ix_drill_state"), "drill", ["state"])
    running = sa.text("state IN ('prepared', 'running')")
    op.create_index(
        "uq_drill_open",
        "drill",
        ["school_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _steps_and_results() -> None:
    op.create_table(
        "drill_step",
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("choice", sa.String(40), nullable=True),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(choice IS NOT NULL) = (step = 'next_step')",
            name=op.f("ck_drill_step_choice_with_step"),
        ),
        sa.CheckConstraint(
            "(person_id IS NOT NULL) = (step IN ('received', 'passed'))",
            name=op.f("ck_drill_step_person_with_step"),
        ),
        sa.CheckConstraint(
            "(is_right IS NOT NULL) = (step IN ('passed', 'next_step'))",
            name=op.f("ck_drill_step_right_with_step"),
        ),
        sa.CheckConstraint(
            "happened_at <= noted_at", name=op.f("ck_drill_step_happened_before_noted")
        ),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["drill.id"], name=op.f("fk_drill_step_drill_id_drill")
        ),
        sa.PrimaryKeyConstraint("drill_id", "step", name=op.f("pk_drill_step")),
    )
    minutes = [
        sa.Column(f"to_{step}", sa.Integer(), nullable=True)
        for step in ("received", "acknowledged", "passed", "next_step", "closed")
    ]
    op.create_table(
        "drill_result",
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.String(40), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        *minutes,
        sa.Column("right_person", sa.Boolean(), nullable=True),
        sa.Column("right_step", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["drill.id"], name=op.f("fk_drill_result_drill_id_drill")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_drill_result_school_id_school")
        ),
        sa.PrimaryKeyConstraint("drill_id", name=op.f("pk_drill_result")),
    )
    op.create_index(op.f("ix_drill_result_school_id"), "drill_result", ["school_id"])


def _guard_postgres() -> None:
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in FIXED)
    op.execute(
        f"""
        CREATE FUNCTION drill_is_declared() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NOT {DECLARED} THEN
                    RAISE EXCEPTION 'a drill goes to a declared way of its school';
                END IF;
            ELSIF {changed} THEN
                RAISE EXCEPTION 'what a drill is about is fixed when it starts';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER drill_declared BEFORE INSERT OR UPDATE ON drill "
        "FOR EACH ROW EXECUTE FUNCTION drill_is_declared()"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )


def _guard_sqlite() -> None:
    changed = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in FIXED)
    op.execute(
        f"CREATE TRIGGER drill_declared BEFORE INSERT ON drill WHEN NOT {DECLARED} "
        "BEGIN SELECT RAISE(ABORT, 'a drill goes to a declared way of its school'); END"
    )
    op.execute(
        f"CREATE TRIGGER drill_fixed BEFORE UPDATE ON drill WHEN {changed} "
        "BEGIN SELECT RAISE(ABORT, 'what a drill is about is fixed when it starts'); END"
    )
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER drill_declared ON drill")
        op.execute("DROP FUNCTION drill_is_declared()")
    # The other triggers go with their tables.
    for table in ("drill_result", "drill_step", "drill", "told_office"):
        op.drop_table(table)
    with op.batch_alter_table("reporting_channel") as batch:
        batch.drop_constraint(op.f("ck_reporting_channel_opens_with_closes"), type_="check")
        for name, _kind, _default in reversed(CHANNEL_COLUMNS):
            batch.drop_column(name)
    with op.batch_alter_table("reporting_person") as batch:
        batch.drop_column("independent")
    with op.batch_alter_table("reporting_mechanism") as batch:
        for name, _kind, _default in reversed(MECHANISM_COLUMNS):
            batch.drop_column(name)
