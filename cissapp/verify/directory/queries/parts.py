"""The date that every query of the lists is for."""

from datetime import date, timedelta

from msgspec import Struct


class ListDay(Struct, frozen=True):
    """The date that a list is for, and how many days before its end a certificate expires soon."""

    today: date
    expiring_days: int = 0

    @property
    def soon(self) -> date:
        """The last date that counts as soon."""
        return self.today + timedelta(days=self.expiring_days)
