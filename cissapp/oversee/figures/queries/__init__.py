"""Reads of current and monthly figures, with a constant number of statements for any number of schools."""

from cissapp.oversee.figures.queries.briefs import brief, is_comparable
from cissapp.oversee.figures.queries.tables import frozen_months, table, versions_of

__all__ = ["brief", "frozen_months", "is_comparable", "table", "versions_of"]
