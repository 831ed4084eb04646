"""Holds small groups back, and as many others as it takes that no sum or difference gives a small one away.

Of groups only the whole, the rows and the columns are shown. Tables of regions, where every cell is shown,
have a rule of their own (`oversee/figures/rules/hiding`).
"""

from cissapp.oversee.evaluation.rules.hiding.groups import (
    HiddenGroups,
    hidden,
    hidden_rows,
    may_stand_beside,
)

__all__ = ["HiddenGroups", "hidden", "hidden_rows", "may_stand_beside"]
