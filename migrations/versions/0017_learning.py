"""Attempts with points, policy, versions of questions; late answers; voided questions; wishes of learners."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Attempts of before kept their pass mark alone; the rest is what the modules said at that time.
POLICY = {"retake_after_hours": 24}


def _to(column: str, table: str, target: str, to: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.{to}"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    _new_tables()
    with op.batch_alter_table("lesson_progress") as batch:
        batch.add_column(
            sa.Column("read_version", sa.Integer(), nullable=False, server_default="1")
        )
    with op.batch_alter_table("module_pass") as batch:
        batch.add_column(
            sa.Column("module_version", sa.Integer(), nullable=False, server_default="1")
        )
    with op.batch_alter_table("attempt_question") as batch:
        batch.add_column(sa.Column("version_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("points", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_attempt_question_version_id_question_version"),
            "question_version",
            ["version_id"],
            ["id"],
        )
        batch.drop_column("key")
        batch.create_index("ix_attempt_question_question", ["question_id"])
    _attempt()
    with op.batch_alter_table("mail") as batch:
        batch.add_column(sa.Column("unsubscribe_url", sa.Text(), nullable=True))
    _without_defaults()


def _new_tables() -> None:
    op.create_table(
        "question_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("first_asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint("digest", name=op.f("uq_question_version_digest")),
    )
    op.create_table(
        "late_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("chosen_digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        _to("attempt_id", "late_answer", "attempt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_answer")),
        sa.UniqueConstraint(
            "attempt_id", "position", "chosen_digest", name=op.f("uq_late_answer_same")
        ),
    )
    op.create_index(op.f("ix_late_answer_attempt_id"), "late_answer", ["attempt_id"])
    op.create_table(
        "voided_question",
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("voided_by_id", sa.Uuid(), nullable=False),
        sa.Column("voided_at", MOMENT, nullable=False),
        _to("voided_by_id", "voided_question", "person"),
        sa.PrimaryKeyConstraint("module_id", "question_id", name=op.f("pk_voided_question")),
    )
    op.create_table(
        "learner",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("extra_time", sa.String(length=40), nullable=False),
        sa.Column("reminders_stopped_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("reminders_sent", sa.Integer(), nullable=False),
        _to("user_id", "learner", "person"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_learner")),
    )


def _attempt() -> None:
    with op.batch_alter_table("attempt") as batch:
        batch.drop_constraint(op.f("ck_attempt_right_count_with_closed_at"), type_="check")
        batch.add_column(
            sa.Column("purpose", sa.String(length=40), nullable=False, server_default="quiz")
        )
        batch.add_column(sa.Column("language", sa.Text(), nullable=False, server_default="en"))
        batch.add_column(
            sa.Column("policy_document", sa.JSON(), nullable=False, server_default="{}")
        )
        batch.add_column(sa.Column("expires_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("reminded_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("points", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("total", sa.Integer(), nullable=False, server_default="0"))
    _fill_attempts()
    with op.batch_alter_table("attempt") as batch:
        batch.alter_column("expires_at", existing_type=MOMENT, nullable=False)
        batch.drop_column("right_count")
        batch.drop_column("pass_percent")
        batch.create_check_constraint(
            op.f("ck_attempt_points_with_state"),
            "(state IN ('passed', 'failed', 'closed')) = (points IS NOT NULL)",
        )


def _fill_attempts() -> None:
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE attempt SET total = (SELECT count(*) FROM attempt_question"
            " WHERE attempt_question.attempt_id = attempt.id)"
        )
    )
    connection.execute(
        sa.text("UPDATE attempt SET points = right_count * 100 WHERE state IN ('passed', 'failed')")
    )
    later = (
        "started_at + interval '30 days'"
        if connection.dialect.name == "postgresql"
        else "strftime('%Y-%m-%d %H:%M:%f', started_at, '+30 days') || '000'"
    )
    connection.execute(sa.text(f"UPDATE attempt SET expires_at = {later}"))  # noqa: S608 -- both stand above
    marks = connection.execute(sa.text("SELECT DISTINCT pass_percent FROM attempt")).scalars().all()
    for mark in marks:
        policy = json.dumps({"pass_percent": mark, **POLICY})
        connection.execute(
            sa.text("UPDATE attempt SET policy_document = :policy WHERE pass_percent = :mark"),
            {"policy": policy, "mark": mark},
        )


def _without_defaults() -> None:
    """New rows always say these themselves."""
    named = {
        "lesson_progress": ["read_version"],
        "module_pass": ["module_version"],
        "attempt": ["purpose", "language", "policy_document", "total"],
    }
    for table, columns in named.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mail") as batch:
        batch.drop_column("unsubscribe_url")
    with op.batch_alter_table("attempt") as batch:
        batch.drop_constraint(op.f("ck_attempt_points_with_state"), type_="check")
        batch.add_column(sa.Column("right_count", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("pass_percent", sa.Integer(), nullable=False, server_default="80")
        )
    # Tests before and after a module, and expired attempts, had no name before.
    op.execute("UPDATE attempt SET state = 'voided' WHERE state IN ('closed', 'expired')")
    op.execute("UPDATE attempt SET right_count = coalesce(points, 0) / 100 WHERE state <> 'open'")
    with op.batch_alter_table("attempt") as batch:
        for name in (
            "total",
            "points",
            "reminded_at",
            "expires_at",
            "policy_document",
            "language",
            "purpose",
        ):
            batch.drop_column(name)
        batch.alter_column("pass_percent", server_default=None)
        batch.create_check_constraint(
            op.f("ck_attempt_right_count_with_closed_at"),
            "(closed_at IS NULL) = (right_count IS NULL)",
        )
    with op.batch_alter_table("attempt_question") as batch:
        batch.drop_index("ix_attempt_question_question")
        batch.drop_constraint(
            op.f("fk_attempt_question_version_id_question_version"), type_="foreignkey"
        )
        batch.drop_column("version_id")
        batch.drop_column("points")
        batch.add_column(sa.Column("key", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("attempt_question") as batch:
        batch.alter_column("key", server_default=None)
    with op.batch_alter_table("module_pass") as batch:
        batch.drop_column("module_version")
    with op.batch_alter_table("lesson_progress") as batch:
        batch.drop_column("read_version")
    for table in ("learner", "voided_question", "late_answer", "question_version"):
        op.drop_table(table)
