"""Which figures a ministry sees, and which of them are hidden."""

from cissapp.oversee.oversight.rules.figures import (
    CERTIFIED_FIGURES,
    DEFINITIONS,
    NAMES,
    PLACES,
    Cell,
    Column,
    Counts,
    FigureTable,
    counts_of,
    percent,
    table_of,
)

__all__ = [
    "CERTIFIED_FIGURES",
    "DEFINITIONS",
    "NAMES",
    "PLACES",
    "Cell",
    "Column",
    "Counts",
    "FigureTable",
    "counts_of",
    "percent",
    "table_of",
]
