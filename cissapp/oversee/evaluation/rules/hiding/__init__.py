"""Hides small groups, and as many others as needed so that no sum or difference reveals one.

Only the whole, the rows and the columns are shown. Tables of regions, in which every cell is shown,
have a rule of their own (`oversee/figures/rules/hiding`).
"""

from cissapp.oversee.evaluation.rules.hiding.groups import (
    HiddenGroups,
    hidden,
    hidden_rows,
    may_stand_beside,
)

__all__ = ["HiddenGroups", "hidden", "hidden_rows", "may_stand_beside"]
