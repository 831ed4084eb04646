"""The policy studio: answers, clauses as a school takes them, own paragraphs, pages named as evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _of_school(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f(f"fk_{table}_school_id_school")
        )
    ]


def upgrade() -> None:
    op.create_table(
        "policy_draft",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=True),
        sa.Column("library_version", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        *_of_school("policy_draft"),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_policy_draft")),
    )
    op.create_table(
        "policy_answer",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        *_of_school("policy_answer"),
        sa.PrimaryKeyConstraint("school_id", "question_id", name=op.f("pk_policy_answer")),
    )
    op.create_table(
        "policy_wording",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_policy_wording")),
    )
    op.create_index(op.f("ix_policy_wording_clause_id"), "policy_wording", ["clause_id"])
    op.create_table(
        "policy_clause",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("wording_digest", sa.Text(), nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declined", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by_id", sa.Uuid(), nullable=False),
        *_of_school("policy_clause"),
        sa.ForeignKeyConstraint(
            ["wording_digest"],
            ["policy_wording.digest"],
            name=op.f("fk_policy_clause_wording_digest_policy_wording"),
        ),
        sa.PrimaryKeyConstraint("school_id", "clause_id", name=op.f("pk_policy_clause")),
    )
    op.create_table(
        "policy_paragraph",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        *_of_school("policy_paragraph"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_paragraph")),
    )
    op.create_index(op.f("ix_policy_paragraph_school_id"), "policy_paragraph", ["school_id"])
    op.create_table(
        "policy_pages",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        *_of_school("policy_pages"),
        sa.PrimaryKeyConstraint("school_id", "criterion_id", name=op.f("pk_policy_pages")),
    )


def downgrade() -> None:
    op.drop_table("policy_pages")
    op.drop_index(op.f("ix_policy_paragraph_school_id"), table_name="policy_paragraph")
    op.drop_table("policy_paragraph")
    op.drop_table("policy_clause")
    op.drop_index(op.f("ix_policy_wording_clause_id"), table_name="policy_wording")
    op.drop_table("policy_wording")
    op.drop_table("policy_answer")
    op.drop_table("policy_draft")
