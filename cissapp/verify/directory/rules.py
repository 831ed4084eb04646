"""What the public list is searched for, and which certificates a bulk holds."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from cissapp.certify.certificates.rules import Status
from cissapp.foundation.core.unicode import folded

LEVELS = (1, 2, 3)
# Nobody means a region by a shorter word.
SHORTEST = 3


class SearchedStatus(StrEnum):
    """Which of the certificates in force are looked for."""

    VALID = "valid"
    EXPIRING = "expiring"


class Search(Struct, frozen=True):
    """What a visitor looks for in the list of certified schools.

    `found_by` holds the folded words (`unicode.folded`), each with the codes of the regions that it names.
    """

    words: str = ""
    country_code: str = ""
    region_code: str = ""
    level: int | None = None
    status: SearchedStatus | None = None
    found_by: tuple[tuple[str, tuple[str, ...]], ...] = ()


def searched_words(
    text: str, region_names: Iterable[tuple[str, str]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Split typed text into folded words, each with the codes of regions that have a word beginning with it.

    `region_names` are codes with folded names. A word without letters or digits becomes empty, and no name
    contains it.
    """
    if not text.strip():  # most lists: a country may have thousands of names to look at
        return ()
    named = [(code, f" {name}") for code, name in region_names]
    found = []
    for typed in text.split():
        for word in folded(typed).split() or [""]:
            codes = {code for code, name in named if len(word) >= SHORTEST and f" {word}" in name}
            found.append((word, tuple(sorted(codes))))
    return tuple(found)


class BulkSelection(Struct, frozen=True):
    """Which certificates are fetched together; the dates are dates of issue, both inclusive."""

    country_code: str = ""
    region_code: str = ""
    level: int | None = None
    status: Status | None = None
    from_on: date | None = None
    to_on: date | None = None

    def includes(self, issued_on: date, status: Status) -> bool:
        """Return whether a certificate with this date of issue and this status is selected."""
        return (
            (self.status is None or self.status is status)
            and (self.from_on is None or self.from_on <= issued_on)
            and (self.to_on is None or issued_on <= self.to_on)
        )
