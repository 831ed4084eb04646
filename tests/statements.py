"""The statements that are sent to the database."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from flask import Flask
from sqlalchemy import event

from cissapp.foundation.core.db import db


@contextmanager
def statements_sent(app: Flask | None = None) -> Iterator[list[str]]:
    """List the statements sent inside; a test that opens pages, outside the application's context, names the application."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context() if app else nullcontext():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
