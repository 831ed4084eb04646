"""What stands in a person's calendar on a day."""

from datetime import date, datetime

from msgspec import Struct


class CalendarEntry(Struct, frozen=True):
    """An entry of a whole day: its sign that never changes, when it was last changed, what it says, and where it leads."""

    uid: str
    changed_at: datetime
    day: date
    summary: str
    address: str
