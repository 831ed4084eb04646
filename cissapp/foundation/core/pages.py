"""A long list, one page at a time; or all of it for a file, a batch at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine, Select
from sqlalchemy import Row as FoundRow

from cissapp.foundation.core.db import db

Row = TypeVar("Row")
Rows = TypeVar("Rows", bound="Select[Any]")


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """One page of a list: its rows, how many the whole list has, and which page of how many it is."""

    rows: list[Row]
    total: int
    page: int
    pages: int


def page_of(
    query: Rows,
    wanted: int,
    *,
    size: int,
    total: int,
    fetch: Callable[[Rows], Iterable[Row]],
) -> ListPage[Row]:
    """Return the wanted page of what a query finds; a number that no page has is the nearest one."""
    pages = max(1, -(-total // size))
    page = min(max(wanted, 1), pages)
    rows = fetch(query.limit(size).offset((page - 1) * size))
    return ListPage(list(rows), total, page, pages)


# --- for a file ----------------------------------------------------------------------------------

BATCH = 2000

Batches = Iterator[Sequence[FoundRow[*tuple[Any, ...]]]]
Query = Select[*tuple[Any, ...]]


def stream_rows(query: Query, *, size: int = BATCH) -> Batches:
    """Read the rows of a query in batches, by a cursor of the server on a connection of its own.

    Read on without a pause: who waits for somebody else meanwhile holds the look at the database, and
    PostgreSQL ends it.
    """
    return _batches(db.engine, query, size)


def _batches(engine: Engine, query: Query, size: int) -> Batches:
    options = {"stream_results": True, "max_row_buffer": size}
    with engine.connect() as connection:
        yield from connection.execution_options(**options).execute(query).partitions(size)
