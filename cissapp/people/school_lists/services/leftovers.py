"""Finishes lists whose work was interrupted, and deletes those that nobody needs any more."""

from contextlib import suppress
from datetime import datetime, timedelta

from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.services import forgetting
from cissapp.people.school_lists.services.work import finish_now

# Rows name adults and their addresses: how long they can be viewed, and the import undone.
KEPT_DAYS = 30
# A list that was never imported still has every column, whatever people wrote there.
WAITS_DAYS = 7


def finish_interrupted(*, at: datetime, store: FileStore) -> int:
    """Finish interrupted lists, discard those never imported, delete old rows; return the number of lists."""
    # By id: while one is worked on, a process of the service may finish or delete another.
    waiting = [found.id for found in queries.interrupted(at)]
    for list_id in waiting:
        finish_now(list_id, store=store)
    left = 0
    for list_id in [found.id for found in queries.never_imported(at - timedelta(days=WAITS_DAYS))]:
        with suppress(Missing, Refused):  # a person has imported or discarded it meanwhile
            with unit_of_work():
                more = forgetting.begin_discarding(list_id, at=at, store=store)
            if more:
                finish_now(list_id, store=store)
            left += 1
    before = at - timedelta(days=KEPT_DAYS)
    for list_id in queries.to_forget(before):
        left += forgetting.forget(list_id, store=store)
    return len(waiting) + left
