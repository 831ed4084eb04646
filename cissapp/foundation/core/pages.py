"""A long list, one page at a time by its key; or all of it for a file, a batch at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Engine, Select, UnaryExpression, literal, select, tuple_
from sqlalchemy import Row as FoundRow
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.operators import custom_op

from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import db, session

Row = TypeVar("Row")
Rows = TypeVar("Rows", bound="Select[Any]")


Key = tuple[Any, ...]
Column = InstrumentedAttribute[Any] | ColumnElement[Any]


class PagePlace(Struct, frozen=True):
    """Where a page of a list begins: behind the row that is named, or before it."""

    row: str
    back: bool = False


class KeyPage(Struct, Generic[Row], frozen=True):
    """One page of a list: its rows, and the rows from which the pages before and behind it go on, if any.

    `total` is how many rows the whole list has, where that is known without counting them.
    """

    rows: list[Row]
    earlier: str = ""
    later: str = ""
    total: int | None = None


def place_given(after: str | None, before: str | None) -> PagePlace | None:
    """Return the place that an address names; None for the first page."""
    row = after or before
    return PagePlace(row, back=not after) if row else None


def start_at(
    keys: Sequence[Column], place: PagePlace | None, among: "Select[Any] | None" = None
) -> tuple[Key, PagePlace] | None:
    """Return a place with its key; None, the first page, where its row is gone. The last key is the row's id.

    The row is looked for by its id alone, or `among` what a query finds: a list goes on behind a row that no
    longer fits its filter.
    """
    try:
        row_id = UUID(place.row) if place else None
    except ValueError:
        return None
    if place is None or row_id is None:
        return None
    here = select(*keys) if among is None else among.with_only_columns(*keys).order_by(None)
    found = session.execute(here.where(keys[-1] == row_id)).first()
    return (tuple(found), place) if found else None


def key_page(
    query: Rows,
    keys: Sequence[Column],
    *,
    size: int,
    fetch: Callable[[Rows], Iterable[Row]],
    name: Callable[[Row], object],
    start: tuple[Key, PagePlace] | None = None,
    falling: bool = False,
) -> KeyPage[Row]:
    """Return the page from a place on, which is given with its key; without one, the first.

    The keys together are unique and an index has them in their order, so a page far behind costs no more
    than the first. `name` gives what a place is named by. `falling`: the largest key first.
    """
    key, place = start or ((), None)
    back = place is not None and place.back
    down = back is not falling
    ordered = query.order_by(None).order_by(*(one.desc() if down else one.asc() for one in keys))
    if place is not None:
        here = tuple_(*(literal(value, of.type) for value, of in zip(key, keys, strict=True)))
        there = tuple_(*keys)
        ordered = ordered.where(there < here if down else there > here)
    found = list(fetch(ordered.limit(size + 1)))
    more, rows = len(found) > size, found[:size]
    if back:
        rows.reverse()
    earlier, later = (more, True) if back else (place is not None, more)
    return KeyPage(
        rows,
        str(name(rows[0])) if rows and earlier else "",
        str(name(rows[-1])) if rows and later else "",
        None if more or place is not None else len(rows),
    )


def newest_page(
    query: Rows,
    keys: Sequence[Column],
    place: PagePlace | None,
    *,
    size: int,
    fetch: Callable[[Rows], Iterable[Any]] = session.scalars,
) -> KeyPage[Any]:
    """Return the page from a row on of a list whose last key is the row's id, the largest key first."""
    return key_page(
        query,
        keys,
        size=size,
        fetch=fetch,
        name=lambda one: one.id,
        start=start_at(keys, place),
        falling=True,
    )


def without_index(column: InstrumentedAttribute[Row]) -> ColumnElement[Row]:
    """Return a column as a value, of which SQLite uses no index; on PostgreSQL the column.

    For a list in an order that an index has: SQLite would read all that this condition leaves and sort it, where in
    the list's own order it stops after a page. And for a condition that most rows meet: without
    statistics, as in a new database, SQLite takes those that an index finds for a few.
    """
    if session.get_bind().dialect.name == "postgresql":
        return column.expression
    return UnaryExpression(column.expression, operator=custom_op("+"), type_=column.type)


# --- for a file ----------------------------------------------------------------------------------

BATCH = 2000

Batches = Iterator[Sequence[FoundRow[*tuple[Any, ...]]]]


def stream_rows(query: Statement, *, size: int = BATCH) -> Batches:
    """Read the rows of a query in batches, by a cursor of the server on a connection of its own.

    Read on without a pause: who waits for somebody else meanwhile holds the look at the database, and
    PostgreSQL ends it.
    """
    return _batches(db.engine, query, size)


def _batches(engine: Engine, query: Statement, size: int) -> Batches:
    options = {"stream_results": True, "max_row_buffer": size}
    with engine.connect() as connection:
        yield from connection.execution_options(**options).execute(query).partitions(size)
