"""Lists kept outside the database: what must be redone after an older backup is restored.

    {"format": "ciss-removals-1", "removals": [{the columns of a row}, …]}

They are kept in the file store. They hold only ids and timestamps, nothing about people or content.
"""

import json
import logging
from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from cissapp.foundation.core.db import Model, canonical, session
from cissapp.foundation.core.storage import FileStore

log = logging.getLogger("ciss")


class KeptList(Struct, frozen=True):
    """The rows of a table as a file, ordered by their `moment` column, under the key `name`."""

    key: str
    format: str
    name: str
    table: type[Model]
    moment: str

    def text(self, before: Iterable[dict[str, Any]] = ()) -> str:
        """Write all rows, oldest first, with those of `before` that the database does not have."""
        with Session(session.get_bind()) as reading:  # what others have committed by now
            rows = [_columns(row) for row in reading.scalars(select(self.table))]
        listed = {one["id"]: one for one in (*before, *json.loads(canonical(rows)))}
        ordered = sorted(listed.values(), key=lambda one: (one[self.moment], one["id"]))
        return canonical({"format": self.format, self.name: ordered})

    def keep(self, store: FileStore) -> None:
        """Store the list; if the store is unavailable, log it and let the next backup try again.

        The list is checked again after writing: another process may have written an older one meanwhile.
        A row that a restored backup lacks stays in the list: another backup may have it.
        """
        written = None
        try:
            while (text := self.text(self.stored(store))) != written:
                store.replace(self.key, text.encode())
                written = text
        except OSError:
            log.exception("the list could not be stored: %s", self.name)

    def read(self, raw: bytes) -> list[dict[str, Any]]:
        """Parse a list; raise `ValueError` if it is not one."""
        told = json.loads(raw)
        try:
            if told["format"] != self.format:
                raise ValueError("another format")
            return [dict(one) for one in told[self.name]]
        except (LookupError, TypeError) as error:
            raise ValueError("not readable") from error

    def stored(self, store: FileStore) -> list[dict[str, Any]]:
        """Return the rows of the stored list; none if it is missing or unreadable."""
        try:
            found = self.read(store.get(self.key))
        except FileNotFoundError:
            return []
        except ValueError:
            log.warning("the list could not be read, so it is written again: %s", self.name)
            return []
        return [
            one
            for one in found
            if isinstance(one.get("id"), str) and isinstance(one.get(self.moment), str)
        ]


def _columns(row: Model) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
