"""Reads what a brief is made of, once for the page and for the files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial

from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.values import Content
from cissapp.foundation.core import clock
from cissapp.foundation.core.replica import read_at
from cissapp.foundation.web import languages
from cissapp.oversee.figures import queries as figures
from cissapp.oversee.figures.rules import Brief, Cell, Column, FigureTable, FrozenMonth
from cissapp.oversee.oversight.phrases import last_day
from cissapp.oversee.oversight.queries import Area
from cissapp.oversee.oversight.views.asking import Asked, read_asked

Row = Mapping[Column, Cell]


class Reading(Struct, frozen=True, dict=True):
    """The brief of an area, what was asked for, and the language of the reader."""

    area: Area
    pack: CountryPack
    content: Content
    language: str
    asked: Asked
    kept: tuple[FrozenMonth, ...]
    brief: Brief

    @property
    def row(self) -> Row:
        """The figures of the area itself."""
        return row_of(self.brief.table, self.area.region_code) or self.brief.table.whole

    @cached_property
    def before(self) -> Row | None:
        """The figures of the area in the month compared with; None if there are none."""
        table = self.brief.before
        return row_of(table, self.area.region_code) if table else None

    @property
    def name(self) -> str:
        """The name of the area."""
        if self.area.region_code:
            return self.pack.region_name(self.area.region_code, self.language)
        return self.pack.name(self.language)

    @property
    def day(self) -> date:
        """The date of the figures."""
        return last_day(self.brief.on) if self.brief.on else clock.today()

    @cached_property
    def below(self) -> list[str]:
        """The regions directly below the area on the date of the figures, and former ones with schools."""
        code, day, rows = self.area.region_code, self.day, self.brief.table.regions
        in_force = self.pack.children(code, day) if code else self.pack.top(day)
        others = (
            other
            for other in sorted([*self.pack.ever_below(code or ""), *self._lost])
            if other in rows and rows[other][Column.SCHOOLS].count
        )
        return list(dict.fromkeys([*in_force, *others]))

    def levels(self) -> Iterator[Iterable[str]]:
        """Yield the regions below the area level by level: in force on the date of the figures, or with schools.

        A level is read only as far as the caller needs it: the lowest may have thousands.
        """
        level = [*self.pack.ever_below(self.area.region_code or ""), *self._lost]
        while level:
            yield filter(self._counts, level)
            level = [lower for code in level for lower in self.pack.ever_below(code)]

    def has_below(self, code: str) -> bool:
        """Return whether a region is below the area, of any level and any time."""
        own = self.area.region_code
        return (code in self.pack.regions or code in self.brief.table.regions) and (
            own is None or own in self.pack.path(code)[:-1]
        )

    @cached_property
    def _lost(self) -> list[str]:
        """The codes with schools that the pack of a country has lost."""
        codes = () if self.area.region_code else self.brief.table.regions
        return [code for code in codes if code not in self.pack.regions]

    def _counts(self, code: str) -> bool:
        """Return whether a region is in force on the date of the figures, or has schools."""
        if self.pack.in_force(code, self.day):
            return True
        row = self.brief.table.regions.get(code)
        return row is not None and row[Column.SCHOOLS].count > 0

    @cached_property
    def ever_within(self) -> list[str]:
        """All regions below the area, of every level and every time: one that ended says what it became."""
        code = self.area.region_code
        reached = self.pack.within(code) - {code} if code else None
        return [one for one in self.brief.table.regions if reached is None or one in reached]

    @cached_property
    def within(self) -> list[str]:
        """All regions below the area, of every level: in force on the date of the figures, or with schools."""
        return list(filter(self._counts, self.ever_within))

    @cached_property
    def months(self) -> list[FrozenMonth]:
        """The kept months in which the area existed."""
        code = self.area.region_code
        first_on = self.pack.regions[code].first_on if code else date.min
        return [one for one in self.kept if last_day(one.month) >= first_on]

    @cached_property
    def comparable(self) -> list[FrozenMonth]:
        """The kept months with which the figures shown can be compared."""
        months = _comparable(self.area, self.pack, self.kept, self.asked.month)
        return [one for one in self.kept if one.month in months]

    def before_of(self, region_code: str) -> Row | None:
        """Return the figures of a region in the month compared with; None if there are none."""
        table = self.brief.before
        return table.regions.get(region_code) if table else None

    @cached_property
    def level_names(self) -> dict[int, str]:
        """The names of the levels of a certificate."""
        words = self.content.standard.decision_text(self.language).levels
        return {one.level: words[one.name].name for one in self.content.standard.decision.levels}

    def region_name(self, code: str) -> str:
        """Return the name of a region; the code itself if the pack has lost it."""
        return self.content.region_name(code, self.language)


def row_of(table: FigureTable, region_code: str | None) -> Row | None:
    """Return the figures of a region, or of the whole country; None if a region has none."""
    return table.regions.get(region_code) if region_code else table.whole


def read(area: Area, address: Mapping[str, str]) -> Reading:
    """Read the brief that an address asks for."""
    known = content()
    pack = known.countries[area.country_code]
    kept = figures.frozen_months(area.country_code)
    first_on = pack.regions[area.region_code].first_on if area.region_code else date.min
    asked = read_asked(address, kept, first_on, partial(_comparable, area, pack, kept))
    brief = figures.brief(
        pack, area.region_code, month=asked.month, against=asked.against, at=read_at()
    )
    return Reading(area, pack, known, languages.current(), asked, tuple(kept), brief)


def _comparable(
    area: Area, pack: CountryPack, kept: Sequence[FrozenMonth], month: date | None
) -> set[date]:
    """Return the kept months that the figures of an area in a month, or those of today, can be compared with."""
    day = last_day(month) if month else clock.today()
    return {
        one.month for one in kept if figures.is_comparable(pack, area.region_code, one.month, day)
    }
