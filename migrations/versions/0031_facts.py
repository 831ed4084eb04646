"""What is printed of a school: confirmed contacts, papers made of facts, changes of them; its public page."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "fact_confirmation",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_fact_confirmation_school_id_school")
        ),
        sa.PrimaryKeyConstraint("school_id", "key", name=op.f("pk_fact_confirmation")),
    )
    op.create_table(
        "made_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("still_out", sa.JSON(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_made_paper_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_paper")),
        sa.UniqueConstraint(
            "school_id", "kind", "name", "language", name=op.f("uq_made_paper_school_id_kind_name_language")
        ),
    )
    op.create_table(
        "changed_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("country_code", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_changed_fact_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_fact")),
    )
    op.create_index(op.f("ix_changed_fact_school_id"), "changed_fact", ["school_id"])
    op.create_index(op.f("ix_changed_fact_country_code"), "changed_fact", ["country_code"])
    op.create_table(
        "replaced_place",
        sa.Column("changed_fact_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("settled_at", TIME, nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_fact_id"],
            ["changed_fact.id"],
            name=op.f("fk_replaced_place_changed_fact_id_changed_fact"),
        ),
        sa.PrimaryKeyConstraint("changed_fact_id", "version_id", name=op.f("pk_replaced_place")),
    )
    op.create_table(
        "known_helpline",
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("country_code", "key", name=op.f("pk_known_helpline")),
    )
    op.create_table(
        "number_reminder",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_number_reminder_school_id_school")
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "key", "confirmed_on", name=op.f("pk_number_reminder")
        ),
    )
    op.create_table(
        "reporting_page",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_reporting_page_school_id_school")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_reporting_page")),
        sa.UniqueConstraint("code", name=op.f("uq_reporting_page_code")),
    )
    op.create_table(
        "ended_page_code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_ended_page_code_school_id_school")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ended_page_code")),
    )


def downgrade() -> None:
    for table in (
        "ended_page_code",
        "reporting_page",
        "number_reminder",
        "known_helpline",
        "replaced_place",
        "changed_fact",
        "made_paper",
        "fact_confirmation",
    ):
        op.drop_table(table)
