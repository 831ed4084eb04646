"""What the queries of the lists have in common: the date that they are for, and the conditions of a search."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, false, or_

from cissapp.foundation.access.scopes import in_region
from cissapp.foundation.content.installed import content
from cissapp.people.schools.models import School
from cissapp.verify.directory.rules import Search, SearchedStatus, searched_words


class ListDay(Struct, frozen=True):
    """The date that a list is for, and how many days before its end a certificate expires soon."""

    today: date
    expiring_days: int = 0

    @property
    def soon(self) -> date:
        """The last date that counts as soon."""
        return self.today + timedelta(days=self.expiring_days)


# Of a search, so many words count.
WORDS = 6


def found_by(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Split typed text into words, each with the codes of the regions that it names and of all below them."""
    known = content()
    return tuple(
        (word, tuple(sorted({below for code in codes for below in known.regions_within(code)})))
        for word, codes in searched_words(text, known.region_search_names)
    )


def named(search: Search) -> Iterator[ColumnElement[bool]]:
    """List the conditions of the words: each must be in the school's name, its place or its region's name."""
    for word, region_codes in search.found_by[:WORDS]:
        here = School.search_text.contains(word, autoescape=True) if word else false()
        yield or_(here, School.region_code.in_(region_codes))


def in_place(search: Search) -> Iterator[ColumnElement[bool]]:
    """List the conditions of country and region."""
    if search.country_code:
        yield School.country_code == search.country_code
    if search.region_code:
        yield School.country_code == search.region_code[:2]
        yield in_region(School.region_code, search.region_code)


def placed(search: Search, day: ListDay) -> Iterator[ColumnElement[bool]]:
    """List the conditions of a search besides its words."""
    yield from in_place(search)
    if search.level:
        yield School.level == search.level
    if search.status is SearchedStatus.VALID:
        yield School.valid_until_on > day.soon
    if search.status is SearchedStatus.EXPIRING:
        yield School.valid_until_on <= day.soon
