"""Runs the migrations of the application's database, one process at a time."""

from typing import Any

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum, text

from cissapp.foundation.core.engines.word_indexes import drop_broken_triggers

target = current_app.extensions["migrate"].db
metadata = target.metadatas[None]
engine = target.engine
NO_INDEX = "This SQLite cannot open the index of words: schools are searched without it, which takes longer."


def render_item(kind: str, value: Any, _context: Any) -> Any:
    """Render our own column types as plain ones, so that migrations do not depend on the application."""
    if kind == "type" and type(value).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, Enum):
        return f"sa.String(length={value.length})"
    return False


def foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch foreign key checks on or off on SQLite, which rebuilds a table to change it.

    While a table is rebuilt, rows of other tables briefly refer to one that does not exist. Switching
    the checks on again checks all rows. Raise `RuntimeError` if any refers to a missing row.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = connection.connection.dbapi_connection
    if on:
        lost = raw.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"rows point nowhere after the migration: {lost[:5]}")
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def configure(connection: Connection) -> None:
    """Configure Alembic for this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )


def run() -> None:
    """Run the migrations, with a lock and timeouts on PostgreSQL."""
    given = context.config.attributes.get("connection")
    if (
        given is not None
    ):  # part of a transaction that the caller begins and ends, such as a restore
        configure(given)
        with context.begin_transaction():
            context.run_migrations()
        return
    with engine.connect() as connection:
        if drop_broken_triggers(connection):
            click.echo(NO_INDEX)
        connection.commit()
        foreign_keys(connection, on=False)
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '10s'"))
            connection.execute(text("SET statement_timeout = '120s'"))
            connection.execute(text("SELECT pg_advisory_lock(748316)"))
            connection.commit()
        configure(connection)
        with context.begin_transaction():
            context.run_migrations()
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_unlock(748316)"))
        connection.commit()
        foreign_keys(connection, on=True)


run()
