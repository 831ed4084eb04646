"""Write the domain of each address in its own letters: its other form, `xn--…`, made a second account."""

from contextlib import suppress

import click
import idna
import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

UNIQUE = {"person": "email", "bounced_address": "address"}
OTHERS = dict.fromkeys(("invitation", "join_request", "handover", "guest_pass"), "email")
TAKEN = "Two accounts have one email address in two forms, and nobody can sign in with the first: %s, %s."


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    for name, column in (UNIQUE | OTHERS).items():
        _fold(name, sa.table(name, sa.column(column)).c[column])


def downgrade() -> None:
    """Leave the addresses: the release before has them in this form, too."""


def _fold(name: str, address: sa.ColumnClause[str]) -> None:
    connection = op.get_bind()
    # Few have one: fetched at once.
    found = connection.scalars(sa.select(address).distinct().where(address.contains("@%xn--")))
    for old in found.all():
        local, at, domain = old.rpartition("@")
        new = old
        with suppress(UnicodeError):
            new = local + at + idna.decode(domain)
        if new == old:
            continue
        if name in UNIQUE and connection.scalar(sa.select(address).where(address == new)):
            if name == "person":
                click.echo(TAKEN % (old, new))
            continue
        connection.execute(sa.update(address.table).where(address == old).values({address.name: new}))
