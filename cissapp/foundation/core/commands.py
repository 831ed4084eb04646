"""`ciss db`: migrations."""

import sys

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask.cli import with_appcontext
from flask_migrate import downgrade as migrate_down
from flask_migrate import upgrade as migrate_up

from cissapp.foundation.core.db import db


@click.group("db")
def database() -> None:
    """Migrations of the database."""


@database.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Bring the database up to date."""
    migrate_up(revision=revision)


@database.command("downgrade")
@click.argument("revision", default="-1")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take migrations back."""
    migrate_down(revision=revision)


@database.command("check")
@with_appcontext
def check() -> None:
    """Check whether tables and migrations agree; exit 1 on drift."""
    found = drift()
    for one in found:
        click.echo(one)
    sys.exit(1 if found else 0)


def drift() -> list[str]:
    """List every difference between the tables of the code and those of the database."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(one) for one in compare_metadata(context, db.metadatas[None])]
