"""Checks idle PostgreSQL connections before they are used again, because the server may have ended them."""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

# After a shorter rest it is enough that nothing waits to be read, since a closing server says so on the
# connection. A ping would take longer than the queries of most pages.
SHORT_SECONDS = 1.0
RESTS_SINCE = "rests since"


def listen(engine: Engine) -> None:
    """Set an engine up."""

    def rests(_connection: Any, record: Any) -> None:
        record.info[RESTS_SINCE] = time.monotonic()

    def used_again(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get(RESTS_SINCE)
        if since is None:
            return
        if time.monotonic() - since > SHORT_SECONDS or _has_something_to_read(connection):
            _ask(engine, connection)

    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", used_again)


def _has_something_to_read(connection: Any) -> bool:
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _ask(engine: Engine, connection: Any) -> None:
    """Let the pool start again if the server does not answer; all earlier connections are discarded."""
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, connection, None):
            raise InvalidatePoolError from error
        raise
