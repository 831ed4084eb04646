"""Reads of countries, regions and figures, as far as a person's right reaches."""

from collections.abc import Mapping
from datetime import date

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema import Region
from cissapp.foundation.core.errors import Missing
from cissapp.oversee.oversight import queries as oversight
from cissapp.oversee.figures.rules import FigureTable
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
    """List regions of a country by code, from one on."""
    found = [region for code, region in sorted(pack.regions.items()) if code > after]
    return [region for region in found if on is None or _is_there(region, on)][:limit]


def _is_there(region: Region, on: date) -> bool:
    begun = region.from_on is None or region.from_on <= on
    return begun and (region.until_on is None or on <= region.until_on)


def figures(pack: CountryPack, month: date | None) -> FigureTable:
    """Return the figures of a country, now or as a month was frozen; raise `Missing` without such a month."""
    if month is not None:
        raise Missing
    return oversight.table(pack)
