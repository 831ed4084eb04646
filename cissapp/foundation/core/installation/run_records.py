"""When a periodic task of the operator last ended, and how: one small file each in the file store."""

import json
from datetime import datetime

from msgspec import Struct

from cissapp.foundation.core.db import canonical
from cissapp.foundation.core.storage import FileStore

DAILY, BACKUP = "daily", "backup"
KEY = "kept/run-{}.json"
FORMAT = "ciss-run-1"


class RunRecord(Struct, frozen=True):
    """The last run of a task: when it ended, how many seconds it took, and which parts failed."""

    ended_at: datetime
    seconds: float
    failed: tuple[str, ...] = ()


def keep_run(store: FileStore, name: str, run: RunRecord) -> None:
    """Store a run in place of the one before."""
    text = canonical(
        {
            "format": FORMAT,
            "ended_at": run.ended_at,
            "seconds": round(run.seconds, 1),
            "failed": list(run.failed),
        }
    )
    store.replace(KEY.format(name), text.encode())


def last_run(store: FileStore, name: str) -> RunRecord | None:
    """Return the last run of a task; None if there was none, or the stored file is not a valid record."""
    try:
        found = json.loads(store.get(KEY.format(name)))
        return RunRecord(
            datetime.fromisoformat(found["ended_at"]),
            float(found["seconds"]),
            tuple(map(str, found["failed"])),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
