"""Keeps the tables of countries with thousands of regions for a while: to decide what they hide takes seconds."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.core.replica import read_at
from cissapp.oversee.figures.rules import FigureTable

# More than the regions, districts and communities of Ukraine.
MANY_REGIONS = 2000
# So long the public list may be kept by anyone who has fetched it, too.
KEPT_FOR = timedelta(minutes=5)
# Each takes some 20 MB with 40,000 regions.
MOST_KEPT = 6


class KeptTables(Struct):
    """The newest tables of a process, those asked for last at the end."""

    tables: dict[Hashable, FigureTable] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def get(
        self, key: Hashable, count: Callable[[], FigureTable], *, since: datetime | None
    ) -> FigureTable:
        """Return a table, counted anew if it is older than `since`; None: if it is not there."""
        # Whoever asks meanwhile waits: to count it for each of them would take longer.
        with self.lock:
            found = self.tables.pop(key, None)
            if found is None or (since and found.counted_at and found.counted_at < since):
                found = replace(count(), counted_at=read_at())
            self.tables[key] = found
            for oldest in list(self.tables)[:-MOST_KEPT]:
                del self.tables[oldest]
            return found


KEPT = KeptTables()
