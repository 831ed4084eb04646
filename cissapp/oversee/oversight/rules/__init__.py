"""Which figures a ministry sees, and which of them are hidden."""

from cissapp.oversee.oversight.rules.figures import (
    CERTIFIED_FIGURES,
    DEFINITIONS,
    HIDEABLE,
    NAMES,
    PLACES,
    Cell,
    Column,
    Counts,
    Shown,
    counts_of,
    percent,
)
from cissapp.oversee.oversight.rules.hiding import Table, table_of

__all__ = [
    "CERTIFIED_FIGURES",
    "DEFINITIONS",
    "HIDEABLE",
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
