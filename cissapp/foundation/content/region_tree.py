"""The rules for a country's tree of regions, over all its levels and reforms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from cissapp.foundation.content import schema

Fault = tuple[str, str]
Regions = Mapping[str, schema.Region]


def tree_faults(file: schema.CountryFile) -> Iterator[Fault]:
    """Yield what is wrong with a country's regions, as key and message."""
    regions = {region.code: region for region in file.regions}
    for region in file.regions:
        at = f"regions.{region.code}"
        for fault in _place_fault(region, regions):
            yield f"{at}.parent", fault
        for fault in _reform_faults(region, regions):
            yield f"{at}.into", fault
    yield from _map_faults(file.regions)
    yield from _statistics_faults(file.statistics, regions)


def _place_fault(region: schema.Region, regions: Regions) -> Iterator[str]:
    """Yield what is wrong with a region's place below another one."""
    if region.parent is None:
        # What begins with the code of a region is within it, where it has very many below it.
        if region.code.count("-") > 1:
            above_it = region.code.rpartition("-")[0]
            yield f"{region.code} has more than one hyphen: name its parent, {above_it}"
        return
    above = regions.get(region.parent)
    if above is None:
        yield f"{region.parent} is not a region of the country"
    elif _is_below_itself(region, regions):
        yield f"{region.code} is below itself"
    elif region.code.rpartition("-")[0] != region.parent:
        yield (
            f"{region.code} is not the code of {region.parent}, a hyphen and one more part, such as"
            f" {region.parent}-01"
        )
    elif region.first_on < above.first_on or _last(region) > _last(above):
        yield f"it must not be in force longer than {region.parent}"


def _is_below_itself(region: schema.Region, regions: Regions) -> bool:
    seen: set[str] = set()
    above: schema.Region | None = region
    while above is not None and above.code not in seen:
        seen.add(above.code)
        above = regions.get(above.parent) if above.parent else None
    return above is not None


def _reform_faults(region: schema.Region, regions: Regions) -> Iterator[str]:
    """Yield the successors of a region that do not exist on the day after its end."""
    if region.until_on is None:
        return
    day = region.until_on + timedelta(days=1)
    for code in region.into:
        if code not in regions:
            yield f"{code} is not a region of the country"
        elif not regions[code].is_in_force(day):
            yield f"{code} is not in force on {day}, the day after this region ends"


def _map_faults(regions: Sequence[schema.Region]) -> Iterator[Fault]:
    """Yield the tiles and the short names of a language that two regions share at the same time."""
    tops = [one for one in regions if one.parent is None]
    for tile in _used_twice(tops, lambda one: one.tile):
        yield "regions.tile", f"{tile} is used twice"
    for short in _used_twice(tops, lambda one: one.short):
        yield "regions.short", f"{short} is used twice"
    for language in sorted({language for one in tops for language in one.short_in}):
        for short in _used_twice(tops, partial(_short_in, language)):
            yield f"regions.short_in.{language}", f"{short} is used twice"


def _short_in(language: str, region: schema.Region) -> str | None:
    return region.short_in.get(language, region.short)


def _used_twice(
    regions: Sequence[schema.Region], key_of: Callable[[schema.Region], Any]
) -> Iterator[Any]:
    """Yield the keys that two regions have while both are in force."""
    keyed = [(key_of(one), one) for one in regions if key_of(one) is not None]
    keyed.sort(key=lambda pair: (pair[0], pair[1].first_on))
    for (key, earlier), (next_key, later) in pairwise(keyed):
        if key == next_key and later.first_on <= _last(earlier):
            yield key


def _statistics_faults(
    statistics: list[schema.SchoolStatistics], regions: Regions
) -> Iterator[Fault]:
    """Yield statistics for regions that the country does not have, and duplicates for one date."""
    seen = set()
    for one in statistics:
        if one.region is not None and one.region not in regions:
            yield "statistics", f"{one.region} is not a region of the country"
        if (one.region, one.counted_on) in seen:
            yield (
                "statistics",
                f"{one.region or 'the country'} is listed twice for {one.counted_on}",
            )
        seen.add((one.region, one.counted_on))


def _last(region: schema.Region) -> date:
    return region.until_on or date.max
