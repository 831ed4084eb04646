"""One place in one status list for each credential; those with two stay beside the new ones."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OLD_COLUMNS = (
    ("revocation_list_id", sa.Uuid()),
    ("revocation_index", sa.Integer()),
    ("suspension_list_id", sa.Uuid()),
    ("suspension_index", sa.Integer()),
)
CHECKS = {
    "status_index_in_list": "status_index >= 131072 AND status_index < 262144",
    "places_of_edition": (
        "(edition = 1 AND status_list_id IS NULL AND status_index IS NULL"
        " AND revocation_list_id IS NOT NULL AND revocation_index IS NOT NULL"
        " AND suspension_list_id IS NOT NULL AND suspension_index IS NOT NULL)"
        " OR (edition = 2 AND status_list_id IS NOT NULL AND status_index IS NOT NULL"
        " AND revocation_list_id IS NULL AND revocation_index IS NULL"
        " AND suspension_list_id IS NULL AND suspension_index IS NULL)"
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("credential") as batch:
        batch.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("status_list_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("status_index", sa.Integer(), nullable=True))
        for name, kind in OLD_COLUMNS:
            batch.alter_column(name, existing_type=kind, nullable=True)
        batch.drop_constraint(op.f("uq_credential_certificate_id"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_credential_certificate_id_edition"), ["certificate_id", "edition"]
        )
        batch.create_unique_constraint(
            op.f("uq_credential_status_list_id_status_index"), ["status_list_id", "status_index"]
        )
        batch.create_foreign_key(
            op.f("fk_credential_status_list_id_status_list"),
            "status_list",
            ["status_list_id"],
            ["id"],
        )
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_credential_{name}"), condition)
    _append_only()


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _append_only() -> None:
    """Put back the triggers that went with the table; PostgreSQL changes it where it stands."""
    if _postgresql():
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER credential_no_{action.lower()} BEFORE {action} ON credential "
            "BEGIN SELECT RAISE(ABORT, 'credential is append-only'); END"
        )


def downgrade() -> None:
    if _postgresql():
        op.execute("ALTER TABLE credential DISABLE TRIGGER credential_append_only")
    else:
        op.execute("DROP TRIGGER credential_no_delete")
    op.execute("DELETE FROM credential WHERE edition = 2")
    if _postgresql():
        op.execute("ALTER TABLE credential ENABLE TRIGGER credential_append_only")
    with op.batch_alter_table("credential") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_credential_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_credential_status_list_id_status_list"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_credential_status_list_id_status_index"), type_="unique")
        batch.drop_constraint(op.f("uq_credential_certificate_id_edition"), type_="unique")
        batch.create_unique_constraint(op.f("uq_credential_certificate_id"), ["certificate_id"])
        for name, kind in OLD_COLUMNS:
            batch.alter_column(name, existing_type=kind, nullable=False)
        for name in ("status_index", "status_list_id", "edition"):
            batch.drop_column(name)
    _append_only()
