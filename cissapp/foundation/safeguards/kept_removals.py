"""What was taken out, as a list beside the database: after a restore of an older one the same is taken out again.

    {"format": "ciss-removals-1", "removals": [{the columns of `Removal`}, …]}

Nothing of a content is in it. It lies in the file store, and `ciss backup removals` writes it anywhere else.
"""

import logging

from sqlalchemy import select

from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.safeguards.models import Removal

KEY = "kept/removals.json"
FORMAT = "ciss-removals-1"

log = logging.getLogger("ciss")


def list_text() -> str:
    """Write the list of all removals, the oldest first."""
    rows = session.scalars(select(Removal).order_by(Removal.removed_at, Removal.id))
    columns = [column.name for column in Removal.__table__.columns]
    listed = [{name: getattr(row, name) for name in columns} for row in rows]
    return canonical({"format": FORMAT, "removals": listed})


def keep_list(store: FileStore) -> None:
    """Store the list; a store that is away is named in the log, and the next backup does it again."""
    try:
        store.replace(KEY, list_text().encode())
    except OSError:
        log.exception("the list of what was taken out could not be kept")
