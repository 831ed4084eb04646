"""An entry in a person's calendar."""

from datetime import date, datetime

from msgspec import Struct


class CalendarEntry(Struct, frozen=True):
    """An all-day entry: its permanent identifier, when it last changed, its text and its link."""

    uid: str
    changed_at: datetime
    day: date
    summary: str
    address: str
