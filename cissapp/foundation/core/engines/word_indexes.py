"""Handles word indexes made by an SQLite module, on a machine whose SQLite was built without that module.

Every statement that fires a trigger of such an index fails. Without the triggers, searches read every row instead.
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

# Virtual tables, which belong to a module, have no root page.
_OF_MODULES = text("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage = 0")
_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")


def broken_triggers(connection: Connection) -> list[str]:
    """List the triggers that write into an index which this SQLite cannot open; none on PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return []
    closed = [name for name in connection.scalars(_OF_MODULES) if not _opens(connection, name)]
    triggers = connection.execute(_TRIGGERS) if closed else ()
    return [name for name, sql in triggers if any(one in sql for one in closed)]


def drop_broken_triggers(connection: Connection) -> list[str]:
    """Drop the triggers whose index this SQLite cannot open, and return their names."""
    found = broken_triggers(connection)
    for name in found:
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    return found


def _opens(connection: Connection, table: str) -> bool:
    try:
        connection.execute(text(f'SELECT 1 FROM "{table}" LIMIT 0'))  # noqa: S608 -- a name of the schema
    except OperationalError as error:
        # A database that is locked, or a disk that fails, says nothing about the module.
        return "no such" not in str(error.orig)
    return True
