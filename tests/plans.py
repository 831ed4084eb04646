"""Which tables a read goes through from end to end, and by which indexes it finds rows, by the plan of the database."""

import re
from collections.abc import Callable

from sqlalchemy import event, text

from cissapp.foundation.core.db import db, session

# What grows with the schools of a country.
GROWING = frozenset(
    {
        "application",
        "audit_entry",
        "certificate",
        "deadline",
        "followed_step",
        "invitation",
        "person",
        "publication",
        "register_entry",
        "review",
        "school",
        "seat",
        "sift",
        "submission",
    }
)
SCANS = {
    "sqlite": re.compile(r"^SCAN (\w+)(?! USING)"),
    "postgresql": re.compile(r"Seq Scan on (\w+)"),
}


def whole_tables(ask: Callable[[], None]) -> set[str]:
    """Return the growing tables of which any statement of a read would look at every row."""
    dialect = db.engine.dialect.name
    return {found[1] for line in plans(ask) if (found := SCANS[dialect].search(line))} & GROWING


def plans(ask: Callable[[], None], *, in_order: bool = False) -> list[str]:
    """Return the lines of the plans of all statements of a read.

    `in_order`: whether an index could give the rows in the order asked for. What PostgreSQL likes best depends on
    dead rows that other tests have left.
    """
    asked = []

    def note(_connection, _cursor, statement, parameters, _context, many):
        if statement.lstrip().startswith(("SELECT", "WITH")) and not many:
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert asked
    return [line for one in asked for line in _plan(*one, in_order=in_order)]


def _plan(statement: str, parameters: object, *, in_order: bool) -> list[str]:
    dialect = db.engine.dialect.name
    connection = session.connection()
    if dialect == "postgresql":
        # Of a few rows it would read all: what is asked is whether an index could be read instead.
        for way in ("seqscan", *(("sort", "bitmapscan") if in_order else ())):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
    explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
    rows = connection.exec_driver_sql(explain + statement, parameters).all()
    return [str(row[-1]) for row in rows]
