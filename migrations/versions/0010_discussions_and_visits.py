"""Comments, visits and their signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=40)
FROZEN = ("visit_signature", "visit_record")

# A comment changes in one way only: its text is taken out, and everything else stays.
COMMENT_STAYS = (
    "NEW.text IS NULL AND OLD.text IS NOT NULL AND OLD.removed_at IS NULL AND "
    + " AND ".join(
        f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
        for name in (
            "id",
            "thread_id",
            "side",
            "author_id",
            "round",
            "version_id",
            "version_number",
            "written_at",
        )
    )
)


def _person(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))


def _thread() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("audience", WORD, nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by_id", sa.Uuid(), nullable=True),
        sa.Column("told_school_at", MOMENT, nullable=True),
        sa.Column("told_group_at", MOMENT, nullable=True),
        sa.Column("school_waits", sa.Boolean(), nullable=False),
        sa.Column("group_waits", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "criterion_id IS NOT NULL OR document_id IS NOT NULL", name=op.f("ck_thread_subject")
        ),
        sa.CheckConstraint(
            "(document_id IS NULL) = (page IS NULL)", name=op.f("ck_thread_page_with_document")
        ),
        sa.CheckConstraint("page >= 1", name=op.f("ck_thread_page_from_1")),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by_id IS NULL)",
            name=op.f("ck_thread_resolved_at_with_by"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_thread_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_thread_document_id_document")
        ),
        _person("opened_by_id", "thread"),
        _person("resolved_by_id", "thread"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_application_id"), "thread", ["application_id"])


def _comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("side", WORD, nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("version_number", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(text IS NULL) = (removed_at IS NOT NULL)", name=op.f("ck_comment_text_until_removed")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)",
            name=op.f("ck_comment_removed_at_with_by"),
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_comment_thread_id_thread")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["document_version.id"],
            name=op.f("fk_comment_version_id_document_version"),
        ),
        _person("author_id", "comment"),
        _person("removed_by_id", "comment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_thread_id"), "comment", ["thread_id"])


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (starts_at IS NULL)", name=op.f("ck_visit_starts_at_with_agreed")
        ),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (agreed_by_id IS NULL)", name=op.f("ck_visit_agreed_at_with_by")
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)",
            name=op.f("ck_visit_cancelled_at_with_by"),
        ),
        sa.CheckConstraint(
            "(kind = 'desk_only') = (reason IS NOT NULL)", name=op.f("ck_visit_reason_with_desk")
        ),
        sa.CheckConstraint(
            "kind <> 'desk_only' OR starts_at IS NULL", name=op.f("ck_visit_no_date_for_desk")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_visit_application_id_application")
        ),
        _person("planned_by_id", "visit"),
        _person("agreed_by_id", "visit"),
        _person("cancelled_by_id", "visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_application_id"), "visit", ["application_id"])
    standing = sa.text("cancelled_at IS NULL")
    op.create_index(
        "uq_visit_standing",
        "visit",
        ["application_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _visit_parts() -> None:
    op.create_table(
        "visit_date",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("by_school", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_date_visit_id_visit")
        ),
        _person("proposed_by_id", "visit_date"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_date")),
        sa.UniqueConstraint("visit_id", "starts_at", name=op.f("uq_visit_date_visit_id_starts_at")),
    )
    op.create_table(
        "visit_item",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("mark", WORD, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_item_visit_id_visit")
        ),
        _person("saved_by_id", "visit_item"),
        sa.PrimaryKeyConstraint("visit_id", "criterion_id", name=op.f("pk_visit_item")),
    )


def _visit_record() -> None:
    op.create_table(
        "visit_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assesses", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_signature_visit_id_visit")
        ),
        _person("person_id", "visit_signature"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_signature")),
        sa.UniqueConstraint(
            "visit_id", "person_id", "sha256", name=op.f("uq_visit_signature_visit_id_person_id_sha256")
        ),
    )
    op.create_table(
        "visit_record",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_visit_record_two_people")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_record_visit_id_visit")
        ),
        _person("first_id", "visit_record"),
        _person("second_id", "visit_record"),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visit_record")),
    )


SIGNED = "EXISTS (SELECT 1 FROM visit_record WHERE visit_record.visit_id = {row}.visit_id)"


def _guard_postgresql() -> None:
    """Refuse changes of comments, signatures, records, and of the items of a signed visit."""
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
    for table in (*FROZEN, "comment"):
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
    op.execute(
        "CREATE TRIGGER comment_not_removed BEFORE DELETE ON comment "
        "FOR EACH ROW EXECUTE FUNCTION append_only()"
    )
    op.execute(
        "CREATE TRIGGER comment_stays BEFORE UPDATE ON comment "
        f"FOR EACH ROW WHEN (NOT ({COMMENT_STAYS})) EXECUTE FUNCTION append_only()"
    )
    op.execute(
        "CREATE FUNCTION visit_item_stays() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n"
        f"    IF TG_OP <> 'INSERT' AND {SIGNED.format(row='OLD')} THEN\n"
        "        RAISE EXCEPTION 'visit_item is append-only';\n"
        "    END IF;\n"
        f"    IF TG_OP <> 'DELETE' AND {SIGNED.format(row='NEW')} THEN\n"
        "        RAISE EXCEPTION 'visit_item is append-only';\n"
        "    END IF;\n"
        "    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n"
        "    RETURN NEW;\n"
        "END $$"
    )
    op.execute(
        "CREATE TRIGGER visit_item_stays BEFORE INSERT OR UPDATE OR DELETE ON visit_item "
        "FOR EACH ROW EXECUTE FUNCTION visit_item_stays()"
    )


def _guard_sqlite() -> None:
    for table in FROZEN:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER comment_no_delete BEFORE DELETE ON comment "
        "BEGIN SELECT RAISE(ABORT, 'comment is append-only'); END"
    )
    stays = COMMENT_STAYS.replace("IS NOT DISTINCT FROM", "IS")  # older SQLite knows IS only
    op.execute(
        f"CREATE TRIGGER comment_stays BEFORE UPDATE ON comment WHEN NOT ({stays}) "
        "BEGIN SELECT RAISE(ABORT, 'comment is append-only'); END"
    )
    for action, rows in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER visit_item_no_{action.lower()} BEFORE {action} ON visit_item "
            f"WHEN {SIGNED.format(row=rows)} "
            "BEGIN SELECT RAISE(ABORT, 'visit_item is append-only'); END"
        )


def upgrade() -> None:
    _thread()
    _comment()
    _visit()
    _visit_parts()
    _visit_record()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    # A table takes its triggers with it.
    for table in (
        "visit_record",
        "visit_signature",
        "visit_item",
        "visit_date",
        "visit",
        "comment",
        "thread",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION visit_item_stays()")
