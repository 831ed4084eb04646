"""What stands in a person's calendar on a day."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class CalendarEntry:
    """An entry of a whole day: its sign that never changes, when it was last changed, what it says, and where it leads."""

    uid: str
    changed_at: datetime
    day: date
    summary: str
    address: str
