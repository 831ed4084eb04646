"""Compares regions across a reform: which regions of an earlier month are a region of today."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct, field

from cissapp.foundation.content.packs import CountryPack
from cissapp.oversee.figures.rules.columns import Cell, Column, FigureTable, Row


class Reformed(Struct):
    """Regions that took over whole others by a date, and those whose schools of before are not known."""

    taken_over: dict[str, list[str]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


class Gain(Struct, frozen=True):
    """A region that became another one, in whole or in part, and the day since when.

    Only if `is_compared` are the figures of before put together with those of now.
    """

    code: str
    since_on: date
    is_whole: bool
    is_compared: bool


def reformed(pack: CountryPack, ended: Mapping[str, tuple[str, ...]]) -> Reformed:
    """Return what the `ended` regions, each with its successors, mean for all others above and below these."""
    found = Reformed()
    for code, heirs in ended.items():
        before = frozenset(pack.path(code))
        after = [frozenset(pack.path(heir)) for heir in heirs]
        gained = frozenset.intersection(*after)
        for other in gained - before:
            found.taken_over.setdefault(other, []).append(code)
        found.unknown |= (before | frozenset().union(*after)) - gained
        if len(heirs) > 1:
            # Only its group knows where in its successors a school of a divided region is.
            found.unknown |= {below for heir in heirs for below in pack.within(heir) - gained}
    for other, codes in found.taken_over.items():
        # Part of a region that came over may have gone elsewhere.
        if any({*pack.path(code)[:-1]} & {*codes} for code in ended.keys() - {*codes}):
            found.unknown.add(other)
    return found


def compared(
    pack: CountryPack, now: FigureTable, other: FigureTable, days: tuple[date, date]
) -> FigureTable:
    """Return the figures of another month for the regions that can be compared with those shown.

    `days` are the last days of the table that is shown and of the other. A region that has taken over whole
    regions since is compared with their sum; one that gave or got a part of a region is left out.
    """
    is_earlier = days[1] <= days[0]
    ended = _ended(pack, other if is_earlier else now, max(days))
    if not ended:
        return other
    found = reformed(pack, ended)
    left_out = found.unknown if is_earlier else found.unknown | found.taken_over.keys()
    rows = {code: row for code, row in other.regions.items() if code not in left_out}
    for code in found.taken_over.keys() - left_out:
        parts = (one for one in _parts(pack, found, code) if one in other.regions)
        rows[code] = _sum_of([other.regions[one] for one in parts])
    return FigureTable(rows, other.whole)


def parts_before(pack: CountryPack, before: FigureTable, on: date, code: str) -> tuple[str, ...]:
    """Return the regions of an earlier month that make up one that can be compared: itself and those it took over."""
    return _parts(pack, reformed(pack, _ended(pack, before, on)), code)


def _parts(pack: CountryPack, found: Reformed, code: str) -> tuple[str, ...]:
    codes = found.taken_over.get(code, [])
    return (code, *(one for one in codes if not {*pack.path(one)[:-1]} & {*codes}))


def without_share(pack: CountryPack, table: FigureTable, on: date) -> set[str]:
    """List the successors, and all above and below, of divided regions that still have schools."""
    return reformed(pack, _ended(pack, table, on)).unknown


def made_anew(pack: CountryPack, with_schools: Iterable[str], on: date) -> set[str]:
    """List the regions of other parts than before, if some ended ones had schools in the month before, or have."""
    ended = {*pack.ended(on)}.intersection(with_schools)
    found = reformed(pack, {code: pack.successors(code, on) for code in ended})
    return found.unknown | found.taken_over.keys()


def within_since(pack: CountryPack, code: str, on: date) -> tuple[frozenset[str], date]:
    """Return a region with all it took over whole, and the date from which its figures are complete."""
    ended = {one: pack.successors(one, on) for one in pack.ended(on)}
    found = reformed(pack, ended)
    whole = [] if code in found.unknown else found.taken_over.get(code, [])
    codes = pack.within(code).union(*map(pack.within, whole))
    return codes, date.min if whole else pack.regions[code].first_on


def gains(pack: CountryPack, code: str, on: date) -> list[Gain]:
    """List what a region got by a date, as `within_since` counts it."""
    ended = {one: pack.successors(one, on) for one in pack.ended(on)}
    found = reformed(pack, ended)
    whole, is_compared = found.taken_over.get(code, []), code not in found.unknown
    return [
        Gain(former, _got_on(pack, former, code, on), former in whole, is_compared)
        for former, heirs in ended.items()
        if code in heirs
    ]


def _got_on(pack: CountryPack, former: str, code: str, on: date) -> date:
    """Return the day since which a region has what was another one: that of the last of several reforms."""
    region = pack.regions[former]
    # A region that has ended has its last day.
    days = [(region.until_on or on) + timedelta(days=1)] if code in region.into else []
    between = (one for one in region.into if one != code and code in pack.successors(one, on))
    return max(days + [_got_on(pack, one, code, on) for one in between])


def _ended(pack: CountryPack, table: FigureTable, on: date) -> dict[str, tuple[str, ...]]:
    """Map each ended region with schools to its successors."""
    return {
        code: pack.successors(code, on)
        for code in pack.ended(on)
        if code in table.regions and table.regions[code][Column.SCHOOLS].count
    }


def _sum_of(rows: list[Row]) -> Row:
    """Add rows up; a sum is hidden if a part of it is."""
    return {
        column: Cell(
            sum(row[column].count for row in rows),
            next((row[column].reason for row in rows if row[column].reason), None),
            rows[0][column].least,
            any(row[column].is_later_hidden for row in rows),
        )
        for column in Column
    }
