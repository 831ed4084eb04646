"""A long list, one page at a time by its key; or all of it for a file, a batch at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    UnaryExpression,
    func,
    literal,
    not_,
    select,
    tuple_,
)
from sqlalchemy import Row as FoundRow
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.operators import custom_op

from cissapp.foundation.core.bulk.long_work import allow_long_statements
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import session

Row = TypeVar("Row")
Rows = TypeVar("Rows", bound="Select[Any]")


Key = tuple[Any, ...]
Column = InstrumentedAttribute[Any] | ColumnElement[Any]


class PagePlace(Struct, frozen=True):
    """The start of a page in a list: after the named row, or before it."""

    row: str
    back: bool = False


class KeyPage(Struct, Generic[Row], frozen=True):
    """One page of a list: its rows, and the rows from which the previous and next pages continue, if any.

    `total` is the length of the whole list, if it is known without counting.
    """

    rows: list[Row]
    earlier: str = ""
    later: str = ""
    total: int | None = None


def place_given(after: str | None, before: str | None) -> PagePlace | None:
    """Return the place that an address names; None for the first page, and for a name that no row can have.

    PostgreSQL refuses a null character even in a question.
    """
    row = after or before
    return PagePlace(row, back=not after) if row and "\0" not in row else None


PageStart = tuple[Key, PagePlace]
# The pages of a list that a search reads in its order before all that match are found and sorted; and that it reads if
# this part of a page was among the first of them.
PAGES_AHEAD, PAGES_FAR_AHEAD = 20, 100
WORTH_READING_ON = 1 / 8


def start_at(
    keys: Sequence[Column], place: PagePlace | None, among: "Select[Any] | None" = None
) -> PageStart | None:
    """Return a place with its key; None, for page one, if its row is gone. The last key is the row's id.

    The row is looked up only by its id, or `among` the results of a query: a list continues after a row that
    no longer matches its filter.
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
    start: PageStart | None = None,
    falling: bool = False,
    search: Sequence[ColumnElement[bool]] = (),
    among: "Select[Any] | None" = None,
) -> KeyPage[Row]:
    """Return the page that starts at a place, which comes with its key; by default the first page.

    The keys together are unique and indexed in their order, so a distant page costs no more than the
    first. `name` returns what identifies a row as a place. `falling`: the largest key first. `search`: what
    the rows must contain. `among`: the rows that are read to find those of the list, if these are few among them.
    """
    key, place = start or ((), None)
    back = place is not None and place.back
    order = _Order(keys, down=back is not falling)
    beyond = [order.is_after(key)] if place is not None else []
    ahead, most = query.where(*beyond), size + 1
    if search:
        passed = ahead if among is None else among.where(*beyond)
        found = list(_searched(ahead, passed, order, search, most=most, fetch=fetch))
    else:
        found = list(fetch(order.sort(ahead).limit(most)))
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


class _Order(Struct, frozen=True):
    """The order in which a page is read."""

    keys: Sequence[Column]
    down: bool

    def sort(self, query: Rows) -> Rows:
        """Return the query in this order."""
        return query.order_by(None).order_by(*map(self._directed, self.keys))

    def _directed(self, key: Column) -> ColumnElement[Any]:
        return key.desc() if self.down else key.asc()

    def is_after(self, key: Key) -> ColumnElement[bool]:
        """Return the condition that a row comes after a key."""
        here = tuple_(*(literal(value, of.type) for value, of in zip(key, self.keys, strict=True)))
        there = tuple_(*self.keys)
        return there < here if self.down else there > here


def _searched(
    ahead: Rows,
    passed: "Select[Any]",
    order: _Order,
    search: Sequence[ColumnElement[bool]],
    *,
    most: int,
    fetch: Callable[[Rows], Iterable[Row]],
) -> Iterable[Row]:
    """Fetch the first rows ahead that meet a search.

    PostgreSQL expects matches all over a list, and reads it in its order until it has enough. If all schools with
    a word in their names come late, it reads nearly every school. So it may read only so many in this order; then
    all that match are found, by the index of the words, and sorted.
    """
    found = ahead.where(*search)
    if session.get_bind().dialect.name != "postgresql":
        return fetch(order.sort(found).limit(most))
    for pages in (PAGES_AHEAD, PAGES_FAR_AHEAD):
        last = order.sort(passed).with_only_columns(*order.keys).offset(pages * most).limit(1)
        edge = session.execute(last).first()
        near = found if edge is None else found.where(not_(order.is_after(tuple(edge))))
        rows = list(fetch(order.sort(near).limit(most)))
        if edge is None or len(rows) == most:
            return rows
        if len(rows) < most * WORTH_READING_ON:
            break
    # With an offset, the planner does not know that only the first ones are wanted.
    matches = found.with_only_columns(*order.keys).order_by(None).offset(0).subquery()
    first = _Order(list(matches.c), order.down).sort(select(list(matches.c)[-1])).limit(most)
    ids = session.scalars(first).all()
    return fetch(order.sort(ahead.where(order.keys[-1].in_(ids)))) if ids else []


def merged_page(
    pages: Sequence[KeyPage[Row]],
    *,
    size: int,
    key: Callable[[Row], Key],
    name: Callable[[Row], object],
    start: PageStart | None,
) -> KeyPage[Row]:
    """Return the page of a list whose rows come from several queries, given the page of each from the same place.

    `key` returns what the queries are sorted by.
    """
    found = sorted((row for page in pages for row in page.rows), key=key)
    back = start is not None and start[1].back
    rows = found[-size:] if back else found[:size]
    more = len(found) > size or any(one.earlier if back else one.later for one in pages)
    earlier, later = (more, True) if back else (start is not None, more)
    return KeyPage(
        rows,
        str(name(rows[0])) if rows and earlier else "",
        str(name(rows[-1])) if rows and later else "",
        None if more or start is not None else len(rows),
    )


def shown_page(
    query: Rows,
    keys: Sequence[Column],
    *,
    size: int,
    fetch: Callable[[Rows], Iterable[Row]],
    name: Callable[[Row], object],
    start: PageStart | None,
    falling: bool = False,
) -> KeyPage[Row]:
    """Return a page as `key_page` does, for a person to read: the first one, if others took away what was on it."""
    read = partial(key_page, query, keys, size=size, fetch=fetch, name=name, falling=falling)
    found: KeyPage[Row] = read(start=start)
    return found if found.rows or start is None else read(start=None)


def newest_page(
    query: Rows,
    keys: Sequence[Column],
    place: PagePlace | None,
    *,
    size: int,
    fetch: Callable[[Rows], Iterable[Any]] = session.scalars,
) -> KeyPage[Any]:
    """Return the page from a row on, for a list whose last key is the row's id, the largest key first."""
    return shown_page(
        query,
        keys,
        size=size,
        fetch=fetch,
        name=lambda one: one.id,
        start=start_at(keys, place),
        falling=True,
    )


def oldest_page(
    query: Rows,
    keys: Sequence[InstrumentedAttribute[Any]],
    place: PagePlace | None,
    *,
    size: int,
    read: Callable[[list[UUID]], Iterable[Any]],
) -> KeyPage[Any]:
    """Return the page from a row on, for a list whose last key is the row's id, the smallest key first.

    Ids are found first, and `read` reads what is shown of these: PostgreSQL would join what comes with the
    rows before it knows which are on the page.
    """

    def fetch(page: Rows) -> list[Any]:
        ids = list(session.scalars(page.with_only_columns(keys[-1])))
        found = {one.id: one for one in read(ids)} if ids else {}
        return [found[one] for one in ids]

    start = start_at(keys, place)
    return shown_page(query, keys, size=size, fetch=fetch, name=lambda one: one.id, start=start)


def without_index(column: InstrumentedAttribute[Row]) -> ColumnElement[Row]:
    """Return a column as an expression that SQLite uses no index for; on PostgreSQL, the column itself.

    For a list in the order of an index: SQLite would read all that matches this condition and sort it, but in
    the list's own order it stops after a page. And for a condition that most rows meet: without
    statistics, as in a new database, SQLite assumes that an index finds only a few.
    """
    if session.get_bind().dialect.name == "postgresql":
        return column.expression
    return UnaryExpression(column.expression, operator=custom_op("+"), type_=column.type)


# --- for a file ----------------------------------------------------------------------------------

BATCH = 2000
# For a file of few rows of a long table, and to count a long one: less than a proxy waits for an answer.
FILE_SECONDS = 45.0

Batches = Iterator[Sequence[FoundRow[*tuple[Any, ...]]]]


def stream_rows(query: Statement, *, size: int = BATCH, seconds: float | None = None) -> Batches:
    """Read the rows of a query in batches, with a server-side cursor on a connection of its own, also of a replica.

    `seconds`: what a statement may take, for a file that only few people may have; else as long as on a page.
    Read it without pauses: waiting for someone else in between keeps the database snapshot open, and
    PostgreSQL ends it.
    """
    return _batches(session.get_bind().engine, query, size, seconds)


def is_longer(query: Statement, most: int, *, seconds: float | None = None) -> bool:
    """Return whether a query finds more rows than a number; it is not read beyond that. `seconds`: as for the file."""
    if seconds is not None:
        allow_long_statements(session.connection(), seconds)
    found = query.limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(found)) or 0) > most


def _batches(engine: Engine, query: Statement, size: int, seconds: float | None) -> Batches:
    options = {"stream_results": True, "max_row_buffer": size}
    with engine.connect() as connection:
        if seconds is not None:
            allow_long_statements(connection, seconds)
        yield from connection.execution_options(**options).execute(query).partitions(size)
