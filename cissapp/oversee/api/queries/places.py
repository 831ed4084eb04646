"""Reads of countries, regions and figures, as far as a person's right reaches."""

from collections.abc import Mapping
from datetime import date

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema import Region
from cissapp.foundation.core.errors import Missing
from cissapp.oversee.oversight import queries as oversight
from cissapp.oversee.oversight.rules import FigureTable
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
    found = [pack.regions[code] for code in sorted(pack.regions) if code > after]
    return found[:limit]


def figures(pack: CountryPack, month: str | None) -> FigureTable:
    """Return the figures of a country, now or as a month was frozen; raise `Missing` without such a month."""
    if month is not None:
        raise Missing
    return oversight.table(pack)
