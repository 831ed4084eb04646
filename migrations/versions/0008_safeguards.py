"""What was confirmed, and what was removed because it should never have come in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = ("removal", "amendment")
SAME = ("id", "application_id", "round", "rubric_version", "sha256", "submitted_at", "submitted_by_id")

# A dossier that was handed in may change in one way: an amendment, written before in the same
# transaction, says how long the text is afterwards, and on PostgreSQL also which hash it has.
POSTGRES_FUNCTION = """
CREATE FUNCTION submission_amended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ({same}) AND EXISTS (
        SELECT 1 FROM amendment
        WHERE amendment.subject_id = NEW.id
          AND amendment.sha256 = encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex')
          AND amendment.number = (SELECT max(number) FROM amendment WHERE subject_id = NEW.id)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'submission is append-only';
END $$
"""
SQLITE_TRIGGER = """
CREATE TRIGGER submission_no_update BEFORE UPDATE ON submission
WHEN NOT (({same}) AND EXISTS (
    SELECT 1 FROM amendment
    WHERE amendment.subject_id = NEW.id
      AND amendment.length = length(NEW.content)
      AND amendment.number = (SELECT max(number) FROM amendment WHERE subject_id = NEW.id)
))
BEGIN SELECT RAISE(ABORT, 'submission is append-only'); END
"""
SQLITE_TRIGGER_BEFORE = """
CREATE TRIGGER submission_no_update BEFORE UPDATE ON submission
BEGIN SELECT RAISE(ABORT, 'submission is append-only'); END
"""


def upgrade() -> None:
    _tables()
    with op.batch_alter_table("document_version") as batch:
        batch.alter_column("file_key", existing_type=sa.Text(), nullable=True)
    if op.get_bind().dialect.name == "postgresql":
        same = " AND ".join(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in SAME)
        op.execute(POSTGRES_FUNCTION.format(same=same))
        op.execute("DROP TRIGGER submission_append_only ON submission")
        op.execute(
            "CREATE TRIGGER submission_append_only BEFORE UPDATE OR DELETE ON submission "
            "FOR EACH ROW EXECUTE FUNCTION submission_amended()"
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
        return
    same = " AND ".join(f"NEW.{one} IS OLD.{one}" for one in SAME)
    op.execute("DROP TRIGGER submission_no_update")
    op.execute(SQLITE_TRIGGER.format(same=same))
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _tables() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    op.create_index(op.f("ix_confirmation_school_id"), "confirmation", ["school_id"])
    op.create_index(op.f("ix_confirmation_subject_id"), "confirmation", ["subject_id"])
    op.create_table(
        "removal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    for column in ("school_id", "application_id", "subject_id"):
        op.create_index(op.f(f"ix_removal_{column}"), "removal", [column])
    op.create_table(
        "amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("removal_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_amendment_number_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("subject_id", "number", name=op.f("uq_amendment_subject_id_number")),
    )
    op.create_index(op.f("ix_amendment_removal_id"), "amendment", ["removal_id"])
    op.create_index(op.f("ix_amendment_subject_id"), "amendment", ["subject_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER submission_append_only ON submission")
        op.execute(
            "CREATE TRIGGER submission_append_only BEFORE UPDATE OR DELETE ON submission "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute("DROP FUNCTION submission_amended()")
    else:
        op.execute("DROP TRIGGER submission_no_update")
        op.execute(SQLITE_TRIGGER_BEFORE)
    for table in ("amendment", "removal", "confirmation"):
        op.drop_table(table)
    # What was taken out stays out: its row gets the name of a file that is not there.
    op.execute("UPDATE document_version SET file_key = 'removed/' || id WHERE file_key IS NULL")
    with op.batch_alter_table("document_version") as batch:
        batch.alter_column("file_key", existing_type=sa.Text(), nullable=False)
