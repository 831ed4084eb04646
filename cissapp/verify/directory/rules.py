"""What the public list is searched for, and which certificates a bulk holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cissapp.certify.certificates.rules import Status

LEVELS = (1, 2, 3)


class SearchedStatus(StrEnum):
    """Which of the certificates in force are looked for."""

    VALID = "valid"
    EXPIRING = "expiring"


@dataclass(frozen=True)
class Search:
    """What a visitor looks for in the list of certified schools; `districts` are the regions that a word names."""

    words: str = ""
    country_code: str = ""
    region_code: str = ""
    level: int | None = None
    status: SearchedStatus | None = None
    districts: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class BulkSelection:
    """Which certificates are fetched together; the days are those of the issue, both included."""

    country_code: str = ""
    region_code: str = ""
    level: int | None = None
    status: Status | None = None
    from_on: date | None = None
    to_on: date | None = None

    def includes(self, issued_on: date, status: Status) -> bool:
        """Return whether a certificate with this day of issue and this status is among them."""
        return (
            (self.status is None or self.status is status)
            and (self.from_on is None or self.from_on <= issued_on)
            and (self.to_on is None or issued_on <= self.to_on)
        )
