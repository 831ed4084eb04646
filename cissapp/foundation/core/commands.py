"""`ciss db`: migrations."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask.cli import with_appcontext
from flask_migrate import downgrade as migrate_down
from flask_migrate import upgrade as migrate_up
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core.db import db

# Only PostgreSQL has these, and only where an extension may be installed.
OPTIONAL_INDEXES = {
    "ix_person_words": ("person", ("name", "email")),
    "ix_school_words": ("school", ("search_text", "code")),
}
# What PostgreSQL and SQLite say after waiting too long for a lock.
LOCK_TIMEOUT, LOCKED = "55P03", "database is locked"
# The equivalent on SQLite: an index made of tables, and the table that it needs for its row numbers.
WORDS_OF_SQLITE = ("school_words", "searched_school")


@click.group("db")
def database() -> None:
    """Migrate the database."""


@database.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Bring the database up to date."""
    with _in_words():
        migrate_up(revision=revision)
    click.echo(f"The database is at migration {_current()}.")


@database.command("downgrade")
@click.argument("revision", default="-1")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take migrations back."""
    with _in_words():
        migrate_down(revision=revision)


@contextmanager
def _in_words() -> Iterator[None]:
    """Exit with what was done and what to do if somebody else holds what a migration needs for itself."""
    before = _current()
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != LOCK_TIMEOUT and LOCKED not in str(error.orig):
            raise
        after = _current()
        kept = (
            f"Nothing was changed, and the database is still at migration {after}."
            if after == before
            else f"The database is now at migration {after}, and nothing of the next one was kept."
        )
        sys.exit(
            "A backup, the service or another program is using tables that a migration changes,"
            f" and did not let go of them in time. {kept} Wait until the backup has ended, or stop"
            " the other program, and run the command again."
        )


def _current() -> str | None:
    """Return the migration that the database is at; None if it has no tables yet."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@database.command("check")
@with_appcontext
def check() -> None:
    """Check whether tables and migrations agree; exit 1 on drift."""
    found = drift()
    for one in (*found, *_slow()):
        click.echo(one)
    if not found:
        click.echo("The tables are as the migrations make them.")
    sys.exit(1 if found else 0)


def _slow() -> Iterator[str]:
    """Yield what is not wrong but slow: an index that could not be created on this PostgreSQL."""
    if db.engine.dialect.name != "postgresql":
        return
    for name, (table, columns) in OPTIONAL_INDEXES.items():
        if name in {one["name"] for one in inspect(db.engine).get_indexes(table)}:
            continue
        of = ", ".join(f"{column} gin_trgm_ops" for column in columns)
        yield (
            f"note: the index {name} is missing, so every search reads all rows of {table}. Ask a database"
            f" administrator to run CREATE EXTENSION pg_trgm; CREATE INDEX {name} ON {table} USING"
            f" gin ({of}) WITH (gin_pending_list_limit = 64);"
        )


def _is_compared(name: str | None, kind: str, _parents: object) -> bool:
    if kind == "table":
        return not (name or "").startswith(WORDS_OF_SQLITE)
    return not (kind == "index" and name in OPTIONAL_INDEXES)


def drift() -> list[str]:
    """List every difference between the tables of the code and those of the database."""
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": _is_compared}
        context = MigrationContext.configure(connection, opts=options)
        return [str(one) for one in compare_metadata(context, db.metadatas[None])]
