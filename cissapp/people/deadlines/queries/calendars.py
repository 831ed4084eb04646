"""Working days and hours of a country: the library's public holidays, corrected by the country pack."""

from datetime import date, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.people.deadlines.rules import Calendar, DaysOfYear, WorkingHours

WEEKEND = frozenset({5, 6})


def calendar_of(country: CountryPack) -> Calendar:
    """Build the working days of a country; one that the library does not know has only days of rest."""
    file = country.file
    return _calendar(
        country.code,
        file.time_zone,
        frozenset(one.number for one in file.rest_days),
        frozenset(file.holidays.add),
        frozenset(file.holidays.drop),
    )


def calendar_at(country_code: str) -> Calendar:
    """Build the working days of a country by its code; without a pack, Monday to Friday in UTC."""
    country = content().countries.get(country_code)
    if country is None:
        return _calendar("", "UTC", WEEKEND, frozenset(), frozenset())
    return calendar_of(country)


def hours_of(country: CountryPack) -> WorkingHours:
    """Return the working hours of the schools of a country."""
    hours = country.file.working_hours
    return WorkingHours(time.fromisoformat(hours.starts), time.fromisoformat(hours.ends))


@lru_cache(maxsize=64)
def _calendar(
    code: str, zone: str, rest_days: frozenset[int], add: frozenset[date], drop: frozenset[date]
) -> Calendar:
    """Build the calendar of a pack; cached, so the same pack gets the same calendar."""

    @lru_cache(maxsize=32)
    def of_year(year: int) -> DaysOfYear:
        known = _of_library(code, year)
        off, worked = (frozenset(day for day in days if day.year == year) for days in known)
        # A dropped holiday is a working day, whatever the weekday and the library say.
        return DaysOfYear((off | add) - drop, (worked | drop) - add)

    return Calendar(ZoneInfo(zone), rest_days, of_year)


def _of_library(code: str, year: int) -> DaysOfYear:
    """Return the library's special days of a year and its neighbours: a day may be moved across New Year."""
    import holidays  # noqa: PLC0415 -- slow import

    try:
        known = holidays.country_holidays(code, years=range(year - 1, year + 2))
    except NotImplementedError:
        return DaysOfYear(frozenset(), frozenset())
    return DaysOfYear(frozenset(known), frozenset(known.weekend_workdays))
