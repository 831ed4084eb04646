"""Pages read from PostgreSQL without a transaction, and what they ask stays prepared from page to page.

Each statement sees what is committed when it begins, with a transaction (READ COMMITTED) or without. So for plain
reads BEGIN and ROLLBACK only cost two round trips; and on ROLLBACK psycopg forgets what it has prepared, so that
PostgreSQL parsed and planned the statements of every page again.
"""

import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event

READS_PLAINLY = "reads plainly"
# What locks, changes something, or belongs to a transaction. Text that only looks like it costs a transaction.
_NOT_PLAIN = re.compile(
    r"(?!\s*SELECT\b)|.*\b(?:FOR\s+(?:NO\s+KEY\s+|KEY\s+)?(?:UPDATE|SHARE)\b|INTO\b|nextval|setval|set_config"
    r"|pg_(?:try_)?advisory|pg_notify|pg_current_xact|txid_current|lo_)",
    re.IGNORECASE | re.DOTALL,
)
# Of SQLAlchemy's statements none is prepared for pages: for one value the same statement finds a single row, for
# another thousands, and it is planned for each. Those of `direct` find rows by key.
NEVER = sys.maxsize
TEXTS_KEPT = 512
# `psycopg.pq.TransactionStatus.IDLE`; psycopg is not loaded where SQLite is used.
IDLE = 0


def listen(engine: Engine, is_page: Callable[[], bool]) -> None:
    """Set an engine up; `is_page` returns whether the transaction that begins is of a page, which only reads.

    The first statement that is no plain read begins a transaction after all, which is rolled back with the page.
    """

    def begins(connection: Connection) -> None:
        if is_page() and "isolation_level" not in connection.get_execution_options():
            _read_plainly(connection.connection.dbapi_connection, connection.info)

    def asked(connection: Connection, cursor: Any, text: str, *_rest: Any) -> None:
        if READS_PLAINLY not in connection.info:
            return
        # A cursor with a name is held by the server, which does so only within a transaction.
        if hasattr(cursor, "name") or not _reads_plainly(text):
            _use_transactions(connection.connection.dbapi_connection, connection.info)

    def given_back(raw: Any, record: Any) -> None:
        if READS_PLAINLY in record.info:
            _use_transactions(raw, record.info)

    event.listen(engine, "begin", begins)
    event.listen(engine, "before_cursor_execute", asked)
    event.listen(engine, "checkin", given_back)


@lru_cache(maxsize=TEXTS_KEPT)
def _reads_plainly(text: str) -> bool:
    return _NOT_PLAIN.match(text) is None


def _read_plainly(raw: Any, info: dict[str, Any]) -> None:
    if READS_PLAINLY not in info and raw.pgconn.transaction_status == IDLE:
        info[READS_PLAINLY] = raw.prepare_threshold
        raw.autocommit, raw.prepare_threshold = True, NEVER


def _use_transactions(raw: Any, info: dict[str, Any]) -> None:
    threshold = info.pop(READS_PLAINLY)
    if raw is not None and not raw.closed:  # the next statement tells how it was lost
        raw.autocommit, raw.prepare_threshold = False, threshold
