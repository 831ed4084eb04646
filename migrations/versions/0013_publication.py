"""Certificates are reserved first and published by a row of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEPT = (
    "id, number, code, school_id, application_id, cycle, level, valid_from_on, valid_until_on, facts, "
    "facts_sha256, key_id, issued_at, issued_by_id"
)


def upgrade() -> None:
    _publication()
    op.execute(
        "INSERT INTO publication (certificate_id, school_id, cycle, file_key, file_sha256, file_size, "
        "key_id, published_at) SELECT id, school_id, cycle, file_key, file_sha256, file_size, key_id, "
        "issued_at FROM certificate"
    )
    keep("publication")
    if op.get_bind().dialect.name == "postgresql":
        # A column that leaves is no row that changes: the triggers of the table stay as they are.
        op.drop_constraint("uq_certificate_application_id", "certificate")
        op.drop_constraint("uq_certificate_school_id_cycle", "certificate")
        op.drop_constraint("uq_certificate_file_key", "certificate")
        op.drop_index("ix_certificate_file_sha256", "certificate")
        for name in ("file_key", "file_sha256", "file_size"):
            op.drop_column("certificate", name)
        op.add_column(
            "certificate", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1")
        )
        op.alter_column("certificate", "attempt", server_default=None)
        for columns in (["school_id", "cycle", "attempt"], ["application_id", "attempt"]):
            op.create_unique_constraint(
                f"uq_certificate_{'_'.join(columns)}", "certificate", columns
            )
        op.create_check_constraint(
            op.f("ck_certificate_attempt_counted"), "certificate", "attempt >= 1"
        )
        return
    op.create_table("certificate_new", *_columns(), *_constraints())
    # Both texts stand above: nothing comes from outside.
    op.execute(f"INSERT INTO certificate_new ({KEPT}, attempt) SELECT {KEPT}, 1 FROM certificate")  # noqa: S608
    _put_in_place()


def _publication() -> None:
    op.create_table(
        "publication",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_size", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.CheckConstraint("file_size > 0", name=op.f("ck_publication_file_not_empty")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_publication_certificate_id_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_publication_school_id_school")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_publication")),
        sa.UniqueConstraint("file_key", name=op.f("uq_publication_file_key")),
        sa.UniqueConstraint("school_id", "cycle", name=op.f("uq_publication_school_id_cycle")),
    )
    op.create_index(op.f("ix_publication_file_sha256"), "publication", ["file_sha256"])


def _columns(*, before: bool = False) -> list[sa.Column]:
    """The columns of `certificate` as they are afterwards, or as they were before."""
    files = [
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_size", sa.Integer(), nullable=False),
    ]
    attempt = [sa.Column("attempt", sa.Integer(), nullable=False)]
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        *([] if before else attempt),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_sha256", sa.Text(), nullable=False),
        *(files if before else []),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
    ]


def _constraints(*, before: bool = False) -> list[sa.Constraint]:
    ends = [["school_id", "cycle"], ["application_id"]]
    unique = [*ends, ["file_key"]] if before else [[*one, "attempt"] for one in ends]
    counted = sa.CheckConstraint("attempt >= 1", name=op.f("ck_certificate_attempt_counted"))
    return [
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_certificate_level_1_to_3")),
        sa.CheckConstraint(
            "valid_from_on < valid_until_on", name=op.f("ck_certificate_from_before_until")
        ),
        *([] if before else [counted]),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_certificate_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_certificate_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        *(
            sa.UniqueConstraint(*one, name=op.f(f"uq_certificate_{'_'.join(one)}"))
            for one in [["code"], ["number"], *unique]
        ),
    ]


def _put_in_place() -> None:
    """Let the new table take the place of the old one on SQLite, which cannot change a table so far.

    The triggers go with the old table and are made again for the new one.
    """
    op.drop_table("certificate")
    op.rename_table("certificate_new", "certificate")
    op.create_index(op.f("ix_certificate_school_id"), "certificate", ["school_id"])
    keep("certificate")


def keep(table: str) -> None:
    """Let nobody change or remove a row."""
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
    """Go back, if every certificate has its file: before, there were no others."""
    lacking = sa.text(
        "SELECT count(*) FROM certificate WHERE id NOT IN (SELECT certificate_id FROM publication)"
    )
    if op.get_bind().scalar(lacking):
        raise RuntimeError("a certificate is reserved and not published: it would be lost")
    columns = f"{KEPT}, file_key, file_sha256, file_size"
    if op.get_bind().dialect.name == "postgresql":
        _downgrade_postgresql()
    else:
        op.create_table("certificate_new", *_columns(before=True), *_constraints(before=True))
        chosen = ", ".join(
            f"{'p' if one.startswith('file') else 'c'}.{one}" for one in columns.split(", ")
        )
        op.execute(
            f"INSERT INTO certificate_new ({columns}) SELECT {chosen} "  # noqa: S608 -- as above
            "FROM certificate c JOIN publication p ON p.certificate_id = c.id"
        )
        _put_in_place()
        op.create_index("ix_certificate_file_sha256", "certificate", ["file_sha256"])
    op.drop_table("publication")


def _downgrade_postgresql() -> None:
    for columns in (["school_id", "cycle", "attempt"], ["application_id", "attempt"]):
        op.drop_constraint(f"uq_certificate_{'_'.join(columns)}", "certificate")
    op.drop_column("certificate", "attempt")
    for name in ("file_key", "file_sha256"):
        op.add_column("certificate", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("certificate", sa.Column("file_size", sa.Integer(), nullable=True))
    # The one change of a row that there ever is: it gets back what it had.
    op.execute("ALTER TABLE certificate DISABLE TRIGGER certificate_append_only")
    op.execute(
        "UPDATE certificate SET file_key = p.file_key, file_sha256 = p.file_sha256, "
        "file_size = p.file_size FROM publication p WHERE p.certificate_id = certificate.id"
    )
    op.execute("ALTER TABLE certificate ENABLE TRIGGER certificate_append_only")
    for name in ("file_key", "file_sha256", "file_size"):
        op.alter_column("certificate", name, nullable=False)
    for columns in (["school_id", "cycle"], ["application_id"], ["file_key"]):
        op.create_unique_constraint(f"uq_certificate_{'_'.join(columns)}", "certificate", columns)
    op.create_index("ix_certificate_file_sha256", "certificate", ["file_sha256"])
