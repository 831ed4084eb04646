"""The second place: how far log and trail go, kept in the file store beside the database.

    {"format": "ciss-kept-1", "at": ISO, "checkpoint": the signed note or null, "trail": the fields of `TrailExtent`}

Whoever can write into the database alone can then neither put back an older one nor take the end off log or
trail without `ciss log check` and `ciss audit check` noticing. It is also mailed to whom the operator names.
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
    """How far log and trail went at a moment."""

    at: datetime
    checkpoint: str | None
    trail: TrailExtent

    @property
    def size(self) -> int:
        """How many entries the checkpoint is over."""
        if self.checkpoint is None:
            return 0
        return read_checkpoint(read_note(self.checkpoint).text).size

    @property
    def text(self) -> str:
        """What is stored."""
        return canonical(
            {
                "format": FORMAT,
                "at": self.at.astimezone(UTC),
                "checkpoint": self.checkpoint,
                "trail": asdict(self.trail),
            }
        )

    def ahead_of(self, other: "SavedExtent") -> bool:
        """Return whether this goes further than the other, in the log or in the trail."""
        return self.size > other.size or self.trail.last_id > other.trail.last_id


def extent_of_database(*, at: datetime) -> SavedExtent:
    """Return how far log and trail go in the database."""
    newest = queries.checkpoint()
    return SavedExtent(at, queries.published_note(newest) if newest else None, audit.extent())


def read_saved_extent(store: FileStore) -> SavedExtent | None:
    """Read what was kept; None, if nothing was yet. Raise ValueError, if it cannot be read."""
    try:
        raw = json.loads(store.get(KEY))
    except FileNotFoundError:
        return None
    try:
        if raw["format"] != FORMAT:
            raise ValueError(f"{KEY} is of another format")
        return SavedExtent(
            datetime.fromisoformat(raw["at"]), raw["checkpoint"], TrailExtent(**raw["trail"])
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{KEY} cannot be read") from error
