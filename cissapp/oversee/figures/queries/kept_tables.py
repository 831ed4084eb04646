"""Keeps the tables of countries with thousands of regions for a while: to decide what they hide takes seconds."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import release_transaction
from cissapp.foundation.core.replica import read_at
from cissapp.oversee.figures.rules import FigureTable

# More than the regions, districts and communities of Ukraine.
MANY_REGIONS = 2000
# So long the public list may be kept by anyone who has fetched it, too.
KEPT_FOR = timedelta(minutes=5)
# Each takes some 20 MB with 40,000 regions.
MOST_KEPT = 6


class KeptTable(Struct):
    """A table and when it was made, which is later than its data if a replica has fallen behind."""

    table: FigureTable | None = None
    made_at: datetime | None = None
    # Held by the one who counts the table.
    lock: Lock = field(default_factory=Lock)

    def newer(self, since: datetime | None) -> FigureTable | None:
        """Return the table, unless it was made before `since`."""
        is_old = since and self.made_at and self.made_at < since
        return None if is_old else self.table

    def count(self, count: Callable[[], FigureTable]) -> FigureTable:
        """Count the table anew."""
        made_at, counted_at = clock.now(), read_at()
        self.table = replace(count(), counted_at=counted_at)
        self.made_at = made_at
        return self.table


class KeptTables(Struct):
    """The newest tables of a process, those asked for last at the end."""

    tables: dict[Hashable, KeptTable] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def get(
        self, key: Hashable, count: Callable[[], FigureTable], *, since: datetime | None
    ) -> FigureTable:
        """Return a table, counted anew if it was made before `since`; None: if it is not there.

        While another counts it anew, the old one is returned.
        """
        kept = self._kept(key)
        if found := kept.newer(since):
            return found
        if not kept.lock.acquire(blocking=False):
            if kept.table:
                return kept.table
            # The server would end a transaction that waits for long.
            release_transaction()
            kept.lock.acquire()
        try:
            return kept.newer(since) or kept.count(count)
        finally:
            kept.lock.release()

    def _kept(self, key: Hashable) -> KeptTable:
        with self.lock:
            found = self.tables.pop(key, None) or KeptTable()
            self.tables[key] = found
            for oldest in list(self.tables)[:-MOST_KEPT]:
                del self.tables[oldest]
            return found


KEPT = KeptTables()
