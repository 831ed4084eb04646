"""Reads of countries, regions and figures, as far as a person's right reaches."""

from collections.abc import Mapping
from datetime import date

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema import Region
from cissapp.foundation.core.errors import Missing
from cissapp.oversee.figures import queries as kept
from cissapp.oversee.figures.rules import FigureTable, FrozenMonth
from cissapp.people.schools import queries as schools


def countries(packs: Mapping[str, CountryPack]) -> list[CountryPack]:
    """List the countries of the programme, by code."""
    return [packs[code] for code in sorted(packs) if schools.country(code) is not None]


def country(packs: Mapping[str, CountryPack], code: str) -> CountryPack:
    """Find a country of the programme; raise `Missing`."""
    pack = packs.get(code)
    if pack is None or schools.country(code) is None:
        raise Missing
    return pack


def regions(pack: CountryPack, *, after: str, limit: int, on: date | None) -> list[Region]:
    """List the regions of a country by code, starting after a given one."""
    found = [region for code, region in sorted(pack.regions.items()) if code > after]
    return [region for region in found if on is None or region.is_in_force(on)][:limit]


def figures(pack: CountryPack, month: date | None) -> FigureTable:
    """Return the figures of a country, current or of a frozen month; raise `Missing` without such a month."""
    return kept.table(pack, month=month)


def months(country_code: str, month: date | None) -> list[FrozenMonth]:
    """List the frozen months of a country, newest first; every version, if one month is named."""
    if month is None:
        return kept.frozen_months(country_code)
    return list(reversed(kept.versions_of(country_code, month)))
