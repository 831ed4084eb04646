"""Hides small figures, and as many others as it takes that no sum or difference gives a small one away.

There are two kinds of tables, and what must be hidden differs. In a table of `cells` every cell is shown
with the sums of its row and column. Of `groups` only the whole, the rows and the columns are shown.
"""

from cissapp.oversee.evaluation.rules.hiding.cells import WHOLE, Columns, hidden_cells
from cissapp.oversee.evaluation.rules.hiding.groups import (
    HiddenGroups,
    hidden,
    hidden_rows,
    may_stand_beside,
)

__all__ = [
    "WHOLE",
    "Columns",
    "HiddenGroups",
    "hidden",
    "hidden_cells",
    "hidden_rows",
    "may_stand_beside",
]
