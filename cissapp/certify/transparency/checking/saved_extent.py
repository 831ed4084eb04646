"""The saved extent of log and audit trail, kept in the file store beside the database.

    {"format": "ciss-kept-1", "at": ISO, "checkpoint": the signed note or null, "trail": the fields of `TrailExtent`}

Anyone who can write only to the database can then neither restore an older one nor truncate log or audit
trail without `ciss log check` and `ciss audit check` noticing. The checkpoint is also mailed to the addresses
that the operator names.
"""

import json
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import asdict

from cissapp.certify.transparency import queries
from cissapp.certify.transparency.rules.notes import read_checkpoint, read_note
from cissapp.foundation.audit import queries as audit
from cissapp.foundation.audit.queries import TrailExtent
from cissapp.foundation.core.db import canonical
from cissapp.foundation.core.storage import FileStore

KEY = "kept/log-and-trail.json"
FORMAT = "ciss-kept-1"


class SavedExtent(Struct, frozen=True):
    """How far log and audit trail reached at a certain time."""

    at: datetime
    checkpoint: str | None
    trail: TrailExtent

    @property
    def size(self) -> int:
        """The number of entries that the checkpoint covers."""
        if self.checkpoint is None:
            return 0
        return read_checkpoint(read_note(self.checkpoint).text).size

    @property
    def text(self) -> str:
        """The text that is stored."""
        return canonical(
            {
                "format": FORMAT,
                "at": self.at.astimezone(UTC),
                "checkpoint": self.checkpoint,
                "trail": asdict(self.trail),
            }
        )

    def ahead_of(self, other: "SavedExtent") -> bool:
        """Return whether this reaches further than the other, in the log or in the audit trail."""
        return self.size > other.size or self.trail.last_id > other.trail.last_id


def extent_of_database(*, at: datetime) -> SavedExtent:
    """Return how far log and audit trail reach in the database."""
    newest = queries.checkpoint()
    return SavedExtent(at, queries.published_note(newest) if newest else None, audit.extent())


def read_saved_extent(store: FileStore) -> SavedExtent | None:
    """Read the saved extent, or return None if there is none; raise `ValueError` if it is unreadable."""
    try:
        raw = json.loads(store.get(KEY))
    except FileNotFoundError:
        return None
    try:
        if raw["format"] != FORMAT:
            raise ValueError(f"{KEY} has a different format")
        return SavedExtent(
            datetime.fromisoformat(raw["at"]), raw["checkpoint"], TrailExtent(**raw["trail"])
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{KEY} cannot be read") from error
