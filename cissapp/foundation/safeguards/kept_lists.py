"""Lists beside the database: what must be done again after an older backup was restored.

    {"format": "ciss-removals-1", "removals": [{the columns of a row}, …]}

They lie in the file store. Nothing in them tells anything of a person or a content but ids and moments.
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
    """The rows of a table as a file, in the order of a moment; `name` is what they are called in it."""

    key: str
    format: str
    name: str
    table: type[Model]
    moment: str

    def text(self, before: Iterable[dict[str, Any]] = ()) -> str:
        """Write all rows, the oldest first, and of those `before` the ones that the database does not know."""
        with Session(session.get_bind()) as reading:  # what others have committed by now
            rows = [_columns(row) for row in reading.scalars(select(self.table))]
        listed = {one["id"]: one for one in (*before, *json.loads(canonical(rows)))}
        ordered = sorted(listed.values(), key=lambda one: (one[self.moment], one["id"]))
        return canonical({"format": self.format, self.name: ordered})

    def keep(self, store: FileStore) -> None:
        """Store the list; a store that is away is named in the log, and the next backup does it again.

        It is looked at once more after it was written: another process may have written an older one meanwhile.
        A row that a restored backup does not know stays in it: another backup may.
        """
        written = None
        try:
            while (text := self.text(self.stored(store))) != written:
                store.replace(self.key, text.encode())
                written = text
        except OSError:
            log.exception("the list could not be kept: %s", self.name)

    def read(self, raw: bytes) -> list[dict[str, Any]]:
        """Read a list; raise `ValueError` where it is none."""
        told = json.loads(raw)
        try:
            if told["format"] != self.format:
                raise ValueError("another format")
            return [dict(one) for one in told[self.name]]
        except (LookupError, TypeError) as error:
            raise ValueError("not readable") from error

    def stored(self, store: FileStore) -> list[dict[str, Any]]:
        """Read what the store has of it; nothing where that is no list."""
        try:
            found = self.read(store.get(self.key))
        except FileNotFoundError:
            return []
        except ValueError:
            log.warning("the list was not readable, and is written anew: %s", self.name)
            return []
        return [
            one
            for one in found
            if isinstance(one.get("id"), str) and isinstance(one.get(self.moment), str)
        ]


def _columns(row: Model) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
