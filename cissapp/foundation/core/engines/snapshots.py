"""One point in time of PostgreSQL, for what reads the whole database while others write and migrate it."""

from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

TABLE_NAMES = """SELECT relname FROM pg_class
  WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname"""
# Two that take tables in another order each wait for the other; or a table was dropped before it was locked.
DEADLOCK, NO_SUCH_TABLE = "40P01", "42P01"
TRIES = 5


def hold_still(begin: Callable[[], Connection]) -> Connection:
    """Begin a transaction that reads one point in time, and let no migration change tables until it ends.

    A table that is written anew meanwhile would be empty to it. `begin` ends the transaction, and begins
    another. A migration under way is waited for; if both wait for each other, it is let through.
    """
    for left in reversed(range(TRIES)):
        try:
            return _locked(begin)
        except DBAPIError as error:
            if not left or getattr(error.orig, "sqlstate", None) not in {DEADLOCK, NO_SUCH_TABLE}:
                raise
    raise AssertionError("the last try returns or raises")


def _locked(begin: Callable[[], Connection]) -> Connection:
    names = table_names(begin())
    connection = begin()
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    without_time_limits(connection)
    # Before anything is read: what a transaction sees is settled by its first statement that reads.
    quoted = ", ".join(map(connection.dialect.identifier_preparer.quote, names))
    connection.exec_driver_sql(f"LOCK TABLE {quoted} IN ACCESS SHARE MODE")
    return connection


def table_names(connection: Connection) -> list[str]:
    """List the tables of the database."""
    return list(connection.exec_driver_sql(TABLE_NAMES).scalars())


def without_time_limits(connection: Connection) -> None:
    """Lift the time limits of PostgreSQL for this transaction, which is long and runs alone."""
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {name} = 0")
