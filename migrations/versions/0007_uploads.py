"""Uploads in parts, acknowledgements."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "size > 0 AND received BETWEEN 0 AND size", name=op.f("ck_upload_received_within_size")
        ),
        sa.CheckConstraint(
            "(state = 'receiving') = (received < size)", name=op.f("ck_upload_received_with_state")
        ),
        sa.CheckConstraint(
            "(state = 'used') = (document_id IS NOT NULL)",
            name=op.f("ck_upload_document_with_state"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_upload_school_id_school")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_upload_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_expires_at"), "upload", ["expires_at"])
    op.create_index(op.f("ix_upload_school_id"), "upload", ["school_id"])
    op.create_table(
        "upload_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_part_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_part")),
        sa.UniqueConstraint("file_key", name=op.f("uq_upload_part_file_key")),
        sa.UniqueConstraint("upload_id", "begins", name=op.f("uq_upload_part_upload_id_begins")),
    )
    op.create_table(
        "staff_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("substantive", sa.Boolean(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("staff > 0", name=op.f("ck_staff_reading_staff_positive")),
        sa.CheckConstraint(
            "substantive = (series_id = id)", name=op.f("ck_staff_reading_series_with_substantive")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_staff_reading_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_reading")),
        sa.UniqueConstraint("token", name=op.f("uq_staff_reading_token")),
        sa.UniqueConstraint("version_id", name=op.f("uq_staff_reading_version_id")),
    )
    op.create_index(op.f("ix_staff_reading_document_id"), "staff_reading", ["document_id"])
    op.create_index(op.f("ix_staff_reading_school_id"), "staff_reading", ["school_id"])
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["staff_reading.id"],
            name=op.f("fk_acknowledgement_series_id_staff_reading"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
    )
    op.create_index(op.f("ix_acknowledgement_series_id"), "acknowledgement", ["series_id"])
    _append_only("acknowledgement")


def _append_only(table: str) -> None:
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
    op.drop_table("acknowledgement")
    op.drop_table("staff_reading")
    op.drop_table("upload_part")
    op.drop_table("upload")
