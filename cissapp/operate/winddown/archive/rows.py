"""Rows as JSON and back: the same text whichever database they come from or go to."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum as AnyEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Enum,
    Float,
    Integer,
    Table,
    Text,
    Uuid,
    cast,
    null,
    select,
)
from sqlalchemy.sql.elements import Label

from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.engines.moments import UtcDateTime
from cissapp.operate.winddown.rules import Row

BATCH = 500


class BadRow(Exception):
    """A row of an export does not fit its table; the message names the column."""


def tables() -> list[Table]:
    """List all tables, each after those that its rows point to."""
    return db.metadatas[None].sorted_tables


def own_columns(table: Table) -> list[Column[Any]]:
    """List the columns that point to another row of the same table."""
    return [
        column
        for column in table.columns
        if any(one.column.table is table for one in column.foreign_keys)
    ]


def file_columns(table: Table) -> list[Column[Any]]:
    """List the columns that name a stored file."""
    return [
        column
        for column in table.columns
        if column.name.endswith("file_key") and isinstance(column.type, Text)
    ]


# --- reading -----------------------------------------------------------------------------------


def rows_of(table: Table, *where: ColumnElement[bool]) -> Iterator[Row]:
    """Yield the rows of a table in the order of their keys, as JSON values."""
    query = select(*map(_shown, table.columns)).where(*where)
    query = query.order_by(*map(_in_order, table.primary_key.columns))
    names = [column.name for column in table.columns]
    kinds = [isinstance(column.type, JSON) for column in table.columns]
    result = session.execute(query.execution_options(yield_per=BATCH))
    for values in result:
        yield {
            name: json.loads(value) if is_json else plain(value)
            for name, is_json, value in zip(names, kinds, values, strict=True)
            if value is not None
        }


def _shown(column: Column[Any]) -> Column[Any] | Label[str]:
    """Select JSON as text: a NULL of the database and a null of JSON are two things."""
    is_json = isinstance(column.type, JSON)
    return cast(column, Text).label(column.name) if is_json else column


def _in_order(column: Column[Any]) -> ColumnElement[Any]:
    """Sort texts character by character on both databases."""
    postgres = session.get_bind().dialect.name == "postgresql"
    is_text = isinstance(column.type, Text | Enum)
    return column.collate("C") if postgres and is_text else column.asc()


def plain(value: Any) -> Any:
    """Return a value as one that JSON can represent."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, AnyEnum):
        return value.value
    return str(value) if isinstance(value, date | UUID) else value


# --- writing -----------------------------------------------------------------------------------


def insert(table: Table, rows: list[Row]) -> None:
    """Write rows; columns that point to rows of the same table are written by `point`."""
    later = {column.name for column in own_columns(table)}
    if rows:
        session.execute(table.insert(), [_values(table, row, later) for row in rows])


def point(table: Table, row: Row) -> None:
    """Write the columns of a row that point to rows of the same table."""
    given = {one.name: one for one in own_columns(table) if one.name in row}
    if not given:
        return
    keys = [column == _value(column, row[column.name]) for column in table.primary_key.columns]
    values = {name: _value(column, row[name]) for name, column in given.items()}
    session.execute(table.update().where(*keys).values(values))


def _values(table: Table, row: Mapping[str, Any], later: set[str]) -> Row:
    unknown = sorted(row.keys() - {column.name for column in table.columns})
    if unknown:
        raise BadRow(f"has an unknown column {unknown[0]}")
    return {
        column.key: _value(column, row[column.name])
        if column.name in row and column.name not in later
        else _nothing(column)
        for column in table.columns
    }


def _nothing(column: Column[Any]) -> Any:
    return null() if isinstance(column.type, JSON) else None


def _value(column: Column[Any], value: Any) -> Any:
    """Convert a value to the type of its column; raise `BadRow`."""
    kind = column.type
    if isinstance(kind, JSON):
        return JSON.NULL if value is None else value
    try:
        for known, read in READERS:
            if isinstance(kind, known):
                return read(kind, value)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRow(f"has an invalid value in {column.name}") from error
    raise BadRow(f"has a column {column.name} of an unknown type")


def _exactly(wanted: type[Any]) -> Callable[[Any, Any], Any]:
    def read(_kind: Any, value: Any) -> Any:
        if type(value) is not wanted:
            raise TypeError(value)
        return value

    return read


def _number(_kind: Any, value: Any) -> float:
    if type(value) not in {int, float}:
        raise TypeError(value)
    return float(value)


# In this order: an enumeration is a kind of text.
READERS: tuple[tuple[type[Any], Callable[[Any, Any], Any]], ...] = (
    (UtcDateTime, lambda _kind, value: datetime.fromisoformat(value)),
    (Date, lambda _kind, value: date.fromisoformat(value)),
    (Uuid, lambda _kind, value: UUID(value)),
    (Enum, lambda kind, value: kind.enum_class(value)),
    (Boolean, _exactly(bool)),
    (Integer, _exactly(int)),
    (Float, _number),
    (Text, _exactly(str)),
)
