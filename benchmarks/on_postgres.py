"""Copies a demonstration from its SQLite database into an empty PostgreSQL one, so that both get the same requests."""

from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import Connection, create_engine, select, text

from cissapp import create_app
from cissapp.foundation.core.db import db
from config import Config

AT_ONCE = 1000


def copy_into(url: str, folder: Path, config: Config) -> None:
    """Create the tables by migration and copy all rows; do nothing if there are people already."""
    with create_app(config).app_context():
        upgrade()
        tables = db.metadata.sorted_tables
        db.engine.dispose()
    source, target = create_engine(f"sqlite:///{folder / 'ciss.db'}"), create_engine(url)
    with source.connect() as old, target.begin() as new:
        if new.scalar(text("SELECT count(*) FROM person")):
            return
        new.execute(
            text("SET session_replication_role = replica")
        )  # rows are copied as they are, without triggers
        for table in tables:
            new.execute(text(f'TRUNCATE "{table.name}" CASCADE'))
            rows = [dict(row) for row in old.execute(select(table)).mappings()]
            for first in range(0, len(rows), AT_ONCE):
                new.execute(table.insert(), rows[first : first + AT_ONCE])
        _count_on(new)
    source.dispose()
    target.dispose()


def _count_on(new: Connection) -> None:
    """Continue each sequence after the rows that were copied with their numbers."""
    columns = (
        "table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
    )
    found = new.execute(
        text(f"SELECT {columns} FROM information_schema.columns WHERE table_schema = 'public'")
    )
    for table, column, counter in found.all():
        if counter:
            highest = f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}")'
            new.execute(text(f"SELECT setval('{counter}', {highest}, false)"))
