"""What every read of the lists has: the day that it is for."""

from datetime import date, timedelta

from msgspec import Struct


class ListDay(Struct, frozen=True):
    """The day that a list is for, and how many days before its end a certificate ends soon."""

    today: date
    expiring_days: int = 0

    @property
    def soon(self) -> date:
        """The last day that is soon."""
        return self.today + timedelta(days=self.expiring_days)
