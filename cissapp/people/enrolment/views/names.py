"""Names of countries, regions and languages, as forms and pages of the room need them."""

from collections.abc import Iterable
from typing import Any

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages, regions
from cissapp.foundation.web.languages import in_order_of
from cissapp.people.schools import queries
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.queries.standings import standing_today
from cissapp.people.schools.rules import Standing

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


def standing_of(school: School) -> Standing:
    """Return what the newest certificate of a school says today."""
    return standing_today(school, clock.today())


def region_place(code: str) -> str:
    """Name a region with those above it in the language of the page."""
    return content().region_place(code, languages.current())


def ended_region(school: School) -> dict[str, Any] | None:
    """Return what replaced a school's region, and when it ended; None for a region in force."""
    pack = content().countries.get(school.country_code)
    region = pack.regions.get(school.region_code) if pack else None
    if pack is None or region is None or not region.until_on or region.is_in_force(clock.today()):
        return None
    heirs = pack.successors(region.code, clock.today())
    return {
        "until": region.until_on,
        "heirs": [region_place(code) for code in heirs],
        "divided": len(heirs) > 1,
    }


def country_choices(countries: Iterable[CountryPack]) -> Choices:
    """List countries by name."""
    named = [(country.code, country.name(languages.current())) for country in countries]
    by_name = in_order_of(languages.current())
    return sorted(named, key=lambda choice: by_name(choice[1]))


def region_choices(countries: dict[str, CountryPack]) -> Choices:
    """List the regions in force by name, each with those below it."""
    return regions.region_choices(countries.values(), languages.current())


def region_filter_choices(countries: dict[str, CountryPack], chosen: str | None) -> Choices:
    """List the regions to filter schools by."""
    return regions.filter_choices(countries.values(), languages.current(), chosen)


def region_choices_of(school: School) -> Choices:
    """List the regions of a school's country, including the school's own if a reform ended it."""
    countries = packs([school.country_code])
    choices, pack = region_choices(countries), countries.get(school.country_code)
    language = languages.current()
    return regions.with_ended(choices, pack, school.region_code, language) if pack else choices


def language_choices(countries: dict[str, CountryPack]) -> Choices:
    """List the languages of countries by their own names."""
    codes = dict.fromkeys(code for one in countries.values() for code in one.file.languages)
    return [(code, languages.NAMES[code]) for code in codes]


def place_of(school: School) -> str:
    """Write where a school is: its town and region."""
    return f"{school.locality}, {region_place(school.region_code)}"
