"""Sift, second reviews, evidence of scores."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY = ("sift", "question", "letter")


def upgrade() -> None:
    with op.batch_alter_table("review") as batch:
        batch.add_column(sa.Column("place", sa.String(40), nullable=False, server_default="first"))
        batch.add_column(sa.Column("criteria", sa.JSON(), nullable=True))
        batch.drop_constraint("uq_review_application_id_round", type_="unique")
        batch.create_unique_constraint(
            "uq_review_application_id_round_place", ["application_id", "round", "place"]
        )
    op.add_column("score", sa.Column("references", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "score", sa.Column("carried", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "application",
        sa.Column("reviews_wanted", sa.Integer(), nullable=False, server_default="1"),
    )
    for make in (sifts, questions, letters, attachments):
        make()
    for table in APPEND_ONLY:
        keep(table)


def sifts() -> None:
    op.create_table(
        "sift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sifter_id", sa.Uuid(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("sifted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_sift_application_id_application"
        ),
        sa.ForeignKeyConstraint(["sifter_id"], ["person.id"], name="fk_sift_sifter_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_sift"),
        sa.UniqueConstraint("application_id", "round", name="uq_sift_application_id_round"),
    )


def questions() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_question_application_id_application"
        ),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name="fk_question_asker_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.UniqueConstraint("application_id", name="uq_question_application_id"),
    )


def letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name="fk_letter_decision_id_decision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("decision_id", name="uq_letter_decision_id"),
    )


def attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_attachment_application_id_application"
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name="fk_attachment_added_by_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint("file_key", name="uq_attachment_file_key"),
    )
    op.create_index("ix_attachment_application_id", "attachment", ["application_id"])


def keep(table: str) -> None:
    """Let nobody change or remove what stands in a table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    for table in ("attachment", *reversed(APPEND_ONLY)):
        op.drop_table(table)
    op.drop_column("application", "reviews_wanted")
    op.drop_column("score", "carried")
    op.drop_column("score", "references")
    op.execute(
        "DELETE FROM score WHERE review_id IN (SELECT id FROM review WHERE place <> 'first')"
    )
    op.execute("DELETE FROM review WHERE place <> 'first'")
    with op.batch_alter_table("review") as batch:
        batch.drop_constraint("uq_review_application_id_round_place", type_="unique")
        batch.create_unique_constraint(
            "uq_review_application_id_round", ["application_id", "round"]
        )
        batch.drop_column("criteria")
        batch.drop_column("place")
