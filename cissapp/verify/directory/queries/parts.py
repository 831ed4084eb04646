"""What every read of the lists has: the day that it is for, and an order that is the same on both databases."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from cissapp.foundation.core.db import session

Rows: TypeAlias = "Select[*tuple[Any, ...]]"


@dataclass(frozen=True)
class ListDay:
    """The day that a list is for, and how many days before its end a certificate ends soon."""

    today: date
    expiring_days: int = 0

    @property
    def soon(self) -> date:
        """The last day that is soon."""
        return self.today + timedelta(days=self.expiring_days)


def by_mark(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Order a text mark by mark, the same on both databases."""
    postgres = session.get_bind().dialect.name == "postgresql"
    return column.collate("C" if postgres else "BINARY")
