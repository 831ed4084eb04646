"""Deadlines with their changes; the fate of mails."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_deadline_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_deadline_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(
        "uq_deadline_open",
        "deadline",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("met_at IS NULL"),
        postgresql_where=sa.text("met_at IS NULL"),
    )
    op.create_index("ix_deadline_school_id_met_at", "deadline", ["school_id", "met_at"])
    op.create_index("ix_deadline_met_at_due_on", "deadline", ["met_at", "due_on"])
    op.create_index(op.f("ix_deadline_subject_id"), "deadline", ["subject_id"])
    op.create_index(op.f("ix_deadline_person_id"), "deadline", ["person_id"])
    op.create_table(
        "deadline_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_on <> to_on", name=op.f("ck_deadline_change_moved")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_change_deadline_id_deadline")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_deadline_change_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_change")),
    )
    op.create_index(op.f("ix_deadline_change_deadline_id"), "deadline_change", ["deadline_id"])
    op.create_table(
        "deadline_reminder",
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_reminder_deadline_id_deadline")
        ),
        sa.PrimaryKeyConstraint(
            "deadline_id", "moment", "due_on", name=op.f("pk_deadline_reminder")
        ),
    )
    op.create_table(
        "bounced_address",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_bounced_address")),
    )
    # No foreign keys: the log outlives what it tells of, and SQLite adds such columns in place.
    op.add_column("mail", sa.Column("school_id", sa.Uuid(), nullable=True))
    op.add_column("mail", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.add_column("mail", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_mail_school_id_queued_at", "mail", ["school_id", "queued_at"])
    op.create_index("ix_mail_given_up_at", "mail", ["given_up_at"])
    _keep_changes()


def _keep_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER deadline_change_append_only BEFORE UPDATE OR DELETE ON deadline_change "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute(
            "CREATE TRIGGER deadline_change_not_emptied BEFORE TRUNCATE ON deadline_change "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER deadline_change_no_{action.lower()} BEFORE {action} ON deadline_change "
            "BEGIN SELECT RAISE(ABORT, 'deadline_change is append-only'); END"
        )


def downgrade() -> None:
    for index in ("ix_mail_given_up_at", "ix_mail_school_id_queued_at"):
        op.drop_index(index, table_name="mail")
    for column in ("given_up_at", "user_id", "school_id"):
        op.drop_column("mail", column)
    op.drop_table("bounced_address")
    op.drop_table("deadline_reminder")
    # Dropping the table takes its triggers along.
    op.drop_table("deadline_change")
    op.drop_table("deadline")
