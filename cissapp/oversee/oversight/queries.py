"""Reads of figures; of a single school, only what the public register contains."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from cissapp.foundation.access.guard import reaches
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.pages import KeyPage, PagePlace
from cissapp.oversee.figures.rules import CERTIFIED_FIGURES
from cissapp.people.schools import queries as schools
from cissapp.people.schools.queries import tallies
from cissapp.people.schools.rules import Figure
from cissapp.verify.directory import queries as directory
from cissapp.verify.directory.queries import CertifiedSchool as PublicSchool
from cissapp.verify.directory.queries import ListDay
from cissapp.verify.directory.rules import Search


class Area(Struct, frozen=True):
    """A country, or a region of it, as the object of an access check."""

    country_code: str
    region_code: str | None = None


class CountryTotal(Struct, frozen=True):
    """The number of schools in a country, and how many are certified."""

    code: str
    schools: int
    certified: int


def area(
    packs: Mapping[str, CountryPack], country_code: str, region_code: str | None = None
) -> Area:
    """Find a country of the programme, or a region of it, ignoring case; raise `Missing`."""
    country_code = country_code.upper()
    region_code = region_code.upper() if region_code else None
    pack = packs.get(country_code)
    if pack is None or schools.country(country_code) is None:
        raise Missing
    if region_code is not None and region_code not in pack.regions:
        raise Missing
    return Area(country_code, region_code)


def sees_country(person: Actor, area: Area) -> bool:
    """Return whether a person may see the figures of the whole country that an area belongs to."""
    return reaches(person, Permission.OVERSIGHT_READ, Area(area.country_code))


def certified_schools(area: Area, place: PagePlace | None, *, today: date) -> KeyPage[PublicSchool]:
    """List the schools of an area with a certificate in force, as anyone may see them."""
    wanted = Search(country_code=area.country_code, region_code=area.region_code or "")
    return directory.register_page(wanted, ListDay(today), place)


def country_totals() -> list[CountryTotal]:
    """Return for each country of the programme how many schools it has, and how many are certified."""
    totals = tallies.totals_by_country()

    def total(code: str) -> CountryTotal:
        found = totals.get(code, {})
        certified = sum(found.get(figure, 0) for figure in CERTIFIED_FIGURES)
        return CountryTotal(code, found.get(Figure.SCHOOLS, 0), certified)

    return [total(country.code) for country in schools.countries()]
