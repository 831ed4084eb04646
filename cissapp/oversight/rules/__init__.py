"""Which figures a ministry sees, and which of them are hidden."""

from cissapp.oversight.rules.figures import (
    CERTIFIED,
    DEFINITIONS,
    NAMES,
    PLACES,
    Cell,
    Column,
    Counts,
    Shown,
    counts_of,
    percent,
)
from cissapp.oversight.rules.hiding import Table, table_of

__all__ = [
    "CERTIFIED",
    "DEFINITIONS",
    "NAMES",
    "PLACES",
    "Cell",
    "Column",
    "Counts",
    "Shown",
    "Table",
    "counts_of",
    "percent",
    "table_of",
]
