"""Names of countries, regions and languages, as forms and pages of the room need them."""

from collections.abc import Iterable
from typing import Any

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.web import languages
from cissapp.foundation.web.languages import in_order_of
from cissapp.people.schools import queries
from cissapp.people.schools.models import NationalGroup, School

Choices = list[tuple[str, Any]]


def packs(codes: Iterable[str]) -> dict[str, CountryPack]:
    """Map the codes of countries to their packs."""
    known = content().countries
    return {code: known[code] for code in sorted(set(codes)) if code in known}


def open_packs() -> dict[str, CountryPack]:
    """Map the countries that the programme works in to their packs."""
    return packs(country.code for country in queries.countries())


def packs_of(group: NationalGroup) -> dict[str, CountryPack]:
    """Map the countries that a group covers to their packs."""
    return packs(group.country_codes)


def region_name(code: str) -> str:
    """Name a region in the language of the page."""
    return content().region_name(code, languages.current())


def country_choices(countries: Iterable[CountryPack]) -> Choices:
    """List countries by name."""
    named = [(country.code, country.name(languages.current())) for country in countries]
    by_name = in_order_of(languages.current())
    return sorted(named, key=lambda choice: by_name(choice[1]))


def region_choices(countries: dict[str, CountryPack]) -> Choices:
    """List the regions by name; with several countries each stands after its country."""
    choices, by_name = [], in_order_of(languages.current())
    for code, country in country_choices(countries.values()):
        before = f"{country} – " if len(countries) > 1 else ""
        named = [(region, f"{before}{region_name(region)}") for region in countries[code].regions]
        choices += sorted(named, key=lambda choice: by_name(choice[1]))
    return choices


def language_choices(countries: dict[str, CountryPack]) -> Choices:
    """List the languages of countries by their own names."""
    codes = dict.fromkeys(code for one in countries.values() for code in one.file.languages)
    return [(code, languages.NAMES[code]) for code in codes]


def place_of(school: School) -> str:
    """Write where a school is: its town and region."""
    return f"{school.locality}, {region_name(school.region_code)}"
