"""Reads many rows for a file: a batch at a time from one look at the database, never all in memory."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, Row, Select

from cissapp.foundation.core.db import db

BATCH = 2000


Batches = Iterator[Sequence[Row[*tuple[Any, ...]]]]
Query = Select[*tuple[Any, ...]]


def stream_rows(query: Query, *, size: int = BATCH) -> Batches:
    """Read the rows of a query in batches, by a cursor of the server on a connection of its own.

    The first batch is read at once, so that a query that fails does so before an answer has begun. Read on
    without a pause: who waits for somebody else meanwhile holds the look, and PostgreSQL ends it.
    """
    batches = _batches(db.engine, query, size)
    first = next(batches, [])
    return _from_first(first, batches)


def _from_first(first: Sequence[Row[*tuple[Any, ...]]], rest: Batches) -> Batches:
    if first:
        yield first
    yield from rest


def _batches(engine: Engine, query: Query, size: int) -> Batches:
    options = {"stream_results": True, "max_row_buffer": size}
    with engine.connect() as connection:
        yield from connection.execution_options(**options).execute(query).partitions(size)
