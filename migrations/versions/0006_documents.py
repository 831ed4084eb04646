"""Dates, pages, served copies and previews of documents."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OF_VERSION = (
    ("pages", sa.Integer()),
    ("page_texts", sa.JSON()),
    ("found", sa.JSON()),
    ("copy_file_key", sa.Text()),
    ("copy_sha256", sa.Text()),
    ("copy_size", sa.Integer()),
    ("evidence_on", sa.Date()),
    ("covers_from", sa.Date()),
    ("covers_to", sa.Date()),
    ("expires_on", sa.Date()),
    ("reminded_days", sa.Integer()),
)
# What schools wrote as pages in words: "page 1", "pages 3 and 4", "3-4, 7".
PAGES = re.compile(r"(?:pages?|p\.|pp\.)?\s*(\d{1,4}(?:\s*(?:-|–|,|;|and|to)\s*\d{1,4})*)\.?", re.I)

score = sa.table(
    "self_score",
    sa.column("school_id", sa.Uuid()),
    sa.column("criterion_id", sa.Text()),
    sa.column("pages", sa.Text()),
)
evidence = sa.table(
    "self_evidence",
    sa.column("school_id", sa.Uuid()),
    sa.column("criterion_id", sa.Text()),
    sa.column("document_id", sa.Uuid()),
    sa.column("pages", sa.Text()),
)


def upgrade() -> None:
    for name, kind in OF_VERSION:
        op.add_column("document_version", sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("document_version") as batch:
        batch.create_unique_constraint(op.f("uq_document_version_copy_file_key"), ["copy_file_key"])
    op.create_index(op.f("ix_document_version_expires_on"), "document_version", ["expires_on"])
    op.add_column(
        "self_evidence", sa.Column("pages", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "page_picture",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(file_key IS NULL) = (sha256 IS NULL)", name=op.f("ck_page_picture_hash_with_file")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["document_version.id"],
            name=op.f("fk_page_picture_version_id_document_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "number", "size", name=op.f("pk_page_picture")),
        sa.UniqueConstraint("file_key", name=op.f("uq_page_picture_file_key")),
    )
    _move_pages()


def _move_pages() -> None:
    """Give the pages to the document, where a criterion names one only; other words stay where they are."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(score).where(score.c.pages != "")).all():
        found = PAGES.fullmatch(row.pages.strip())
        same = (
            evidence.c.school_id == row.school_id,
            evidence.c.criterion_id == row.criterion_id,
        )
        named = connection.execute(sa.select(evidence.c.document_id).where(*same)).all()
        if not found or len(named) != 1:
            continue
        pages = re.sub(r"\s*(?:-|–|to)\s*", "-", found[1])
        pages = re.sub(r"\s*(?:,|;|and)\s*", ", ", pages)
        connection.execute(sa.update(evidence).where(*same).values(pages=pages))
        connection.execute(
            sa.update(score)
            .where(
                score.c.school_id == row.school_id, score.c.criterion_id == row.criterion_id
            )
            .values(pages="")
        )


def downgrade() -> None:
    op.drop_table("page_picture")
    with op.batch_alter_table("self_evidence") as batch:
        batch.drop_column("pages")
    op.drop_index(op.f("ix_document_version_expires_on"), table_name="document_version")
    with op.batch_alter_table("document_version") as batch:
        batch.drop_constraint(op.f("uq_document_version_copy_file_key"), type_="unique")
        for name, _ in reversed(OF_VERSION):
            batch.drop_column(name)
