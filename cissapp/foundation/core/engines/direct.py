"""Statements compiled once and run past SQLAlchemy's own execution, which takes longer than the database."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NoReturn

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

KEPT = 512
CURSORS = "cursors by statement"
# A kept cursor also keeps its last rows.
FEW_ROWS = 20
Process = Callable[[Any], Any] | None


class WrittenStatement:
    """A statement as text for a kind of database: how its values are bound, and how its columns are read."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._dialect, self._binds = dialect, compiled.binds
        self.text = str(compiled)
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
            # SQLAlchemy's own execution would fill these in; here a default would become NULL.
            raise ValueError(f"a default, or a list of values, has no place in: {self.text}")
        self._order: list[str] | None = compiled.positiontup
        self._bind = {name: self._of_bind(bind.type) for name, bind in compiled.binds.items()}
        self._asked = {name for name, bind in compiled.binds.items() if bind.required}
        self._fixed = {
            name: self._bound(name, bind.effective_value)
            for name, bind in compiled.binds.items()
            if name not in self._asked
        }
        columns = getattr(statement, "exported_columns", ())
        self._types: list[TypeEngine[Any]] = [column.type for column in columns]
        # A cursor of psycopg keeps how it converts the values and columns of its last statement; a new one takes
        # twice as long.
        self.keeps_cursor = dialect.driver == "psycopg"
        # PostgreSQL parses and plans it once for each connection.
        self.options = {"prepare": True} if self.keeps_cursor else {}
        self._read: list[tuple[int, Callable[[Any], Any]]] | None = None

    def _of_bind(self, kind: TypeEngine[Any]) -> Process:
        return kind.dialect_impl(self._dialect).bind_processor(self._dialect)

    def _bound(self, name: str, value: Any) -> Any:
        process = self._bind[name]
        return process(value) if process else value

    def values(self, given: dict[str, Any]) -> Any:
        """Return the values as the database takes them; raise `KeyError` for a missing one."""
        bound = dict(self._fixed)
        for name in self._asked:
            bound[name] = self._bound(name, given[name])
        return bound if self._order is None else tuple([bound[name] for name in self._order])

    @property
    def returns_rows(self) -> bool:
        """Return whether the statement has columns to return."""
        return bool(self._types)

    def rows(self, cursor: Any) -> list[tuple[Any, ...]]:
        """Return the rows with their values converted to the types of the columns."""
        if self._read is None:  # psycopg builds the description anew each time
            self._read = [
                (place, process)
                for place, (kind, told) in enumerate(
                    zip(self._types, cursor.description, strict=True)
                )
                if (process := self._of_column(kind, told[1]))
            ]
        # SQLite only reads the second row now, and may fail while doing so.
        found, read = cursor.fetchall(), self._read
        if not read:
            return [tuple(row) for row in found]
        rows = []
        for row in found:
            values = list(row)
            for place, process in read:
                values[place] = process(values[place])
            rows.append(tuple(values))
        return rows

    def _of_column(self, kind: TypeEngine[Any], told: Any) -> Process:
        return kind.dialect_impl(self._dialect).result_processor(self._dialect, told)


@lru_cache(maxsize=KEPT)
def written(statement: ClauseElement, dialect: Dialect) -> WrittenStatement:
    """Return the compiled form of a statement; it must be built only once."""
    return WrittenStatement(statement, dialect)


def ask(
    connection: Connection, statement: ClauseElement, values: dict[str, Any]
) -> tuple[list[tuple[Any, ...]], int]:
    """Run a statement that is built once, in the open transaction; return its rows and how many it changed.

    A list of values (`in_`) is not possible, because its length becomes part of the text.
    """
    known = written(statement, connection.dialect)
    bound = known.values(values)
    kept = connection.info.get(CURSORS, {}).pop(known.text, None) if known.keeps_cursor else None
    cursor = send(connection, known.text, bound, kept, **known.options)
    try:
        return known.rows(cursor) if known.returns_rows else [], cursor.rowcount
    except connection.dialect.loaded_dbapi.Error as error:
        _refused(connection, error, known.text, bound, cursor)
    finally:
        _put_away(connection, known, cursor)


def _put_away(connection: Connection, known: WrittenStatement, cursor: Any) -> None:
    """Keep the cursor for the next time on this connection, or close it."""
    useless = not known.keeps_cursor or cursor.closed or connection.invalidated
    if useless or cursor.rowcount > FEW_ROWS:
        cursor.close()
    else:
        connection.info.setdefault(CURSORS, {})[known.text] = cursor


def send(
    connection: Connection, text: str, values: Any = (), cursor: Any = None, **options: Any
) -> Any:
    """Run a compiled statement and return its cursor; database errors are raised as SQLAlchemy's own.

    It may be a cursor of before. `options` are those of the driver.
    """
    try:
        cursor = cursor or connection.connection.cursor()
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, text, values, None, False)  # noqa: FBT003 -- as SQLAlchemy calls it
        cursor.execute(text, values, **options)
    except connection.dialect.loaded_dbapi.Error as error:
        _refused(connection, error, text, values, cursor)
    return cursor


def _refused(
    connection: Connection, error: BaseException, text: str, values: Any, cursor: Any
) -> NoReturn:
    # Lets the pool forget a connection that was lost.
    connection._handle_dbapi_exception(error, text, values, cursor, None)  # noqa: SLF001 -- see above
