"""The condition that something is in a region."""

from typing import Any

from sqlalchemy import ColumnElement, or_

from cissapp.foundation.content.installed import content

# Of a region with more below it, the codes are not listed in the statement.
MOST_LISTED = 500


def in_region(column: Any, code: str) -> ColumnElement[bool]:
    """Return the condition that a column names a region, or one below it."""
    reached = content().regions_within(code)
    if len(reached) <= MOST_LISTED:
        listed: ColumnElement[bool] = column.in_(reached)
        return listed
    # The code of each region begins with that of the one above.
    return or_(column == code, column.startswith(f"{code}-", autoescape=True))
