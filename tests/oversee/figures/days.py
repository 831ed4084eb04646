"""One who reads the figures on every day, and works out how many schools had not begun.

He knows how many schools each region has, that no school goes back to "registered", and how many begin in
all regions together: where nobody does, a number that is shown later tells the one before.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from msgspec import Struct, field

from cissapp.oversee.figures.rules import PLACES, Column, FigureTable

COUNTRY = "*"
Regions = Mapping[str, Mapping[Column, int]]
Cell = tuple[int, str]
FIRST, SECOND = PLACES[:2]


def days_of(seed: int, *, regions: int, schools: int, days: int) -> list[Regions]:
    """Let a few schools a day go a step further, and some join: one, or a whole list of them."""
    random = Random(seed)
    sizes = [random.random() ** 2 + 0.05 for _region in range(regions)]
    names = [f"R{number}" for number in range(regions)]
    places = {name: [0] * len(PLACES) for name in names}
    for name in random.choices(names, sizes, k=schools):
        places[name][random.choices(range(6), (22, 27, 17, 8, 7, 19))[0]] += 1
    found = [_counted(places)]
    while len(found) < days:
        for name in random.choices(names, sizes, k=random.choice([0, 1, 2, 4, 6])):
            filled = [place for place in range(5) if places[name][place]]
            if random.random() < 0.12 or not filled:
                places[name][0] += random.choice([1, 2, 5, 12])
                continue
            place = random.choice(filled)
            places[name][place] -= 1
            places[name][place + 1] += 1
        found.append(_counted(places))
    return found


def _counted(places: Mapping[str, Sequence[int]]) -> Regions:
    return {
        name: {
            **dict.fromkeys(Column, 0),
            **dict(zip(PLACES, numbers, strict=True)),
            Column.SCHOOLS: sum(numbers),
        }
        for name, numbers in places.items()
    }


class Reader(Struct):
    """The lowest and the highest number of schools that have not begun, by day and region."""

    tables: Sequence[FigureTable]
    low: dict[Cell, int] = field(default_factory=dict)
    high: dict[Cell, int] = field(default_factory=dict)
    hidden: dict[Cell, int] = field(default_factory=dict)

    def fixed(self) -> list[tuple[Cell, int]]:
        """List the hidden numbers that only one value is left for."""
        for day, table in enumerate(self.tables):
            for name, row in {**table.regions, COUNTRY: table.whole}.items():
                cell = row[FIRST]
                is_hidden = row[SECOND].is_later_hidden
                self.low[day, name] = 0 if is_hidden else cell.count
                self.high[day, name] = row[Column.SCHOOLS].count if is_hidden else cell.count
                if is_hidden:
                    self.hidden[day, name] = cell.count
        while any([*self._by_sums(), *self._by_days()]):
            pass
        return [
            (cell, number)
            for cell, number in self.hidden.items()
            if self.low[cell] == self.high[cell] == number
        ]

    def _narrow(self, cell: Cell, low: int, high: int) -> bool:
        """Narrow the range of a number; return whether anything was new."""
        before = self.low[cell], self.high[cell]
        self.low[cell], self.high[cell] = max(before[0], low), min(before[1], high)
        assert self.low[cell] <= self.high[cell]
        return before != (self.low[cell], self.high[cell])

    def _by_sums(self) -> Iterator[bool]:
        for day, table in enumerate(self.tables):
            lows = sum(self.low[day, name] for name in table.regions)
            highs = sum(self.high[day, name] for name in table.regions)
            yield self._narrow((day, COUNTRY), lows, highs)
            for name in table.regions:
                least = self.low[day, COUNTRY] - (highs - self.high[day, name])
                most = self.high[day, COUNTRY] - (lows - self.low[day, name])
                yield self._narrow((day, name), least, most)

    def _by_days(self) -> Iterator[bool]:
        for day, (before, after) in enumerate(pairwise(self.tables), start=1):
            joined = {
                name: row[Column.SCHOOLS].count - before.regions[name][Column.SCHOOLS].count
                for name, row in after.regions.items()
            }
            begun = self.high[day - 1, COUNTRY] + sum(joined.values()) - self.low[day, COUNTRY]
            least = {
                name: max(self.low[day - 1, name] + number - self.high[day, name], 0)
                for name, number in joined.items()
            }
            for name, number in joined.items():
                # As many began in this region as did not in the others.
                most = begun - sum(least.values()) + least[name]
                low, high = self.low[day - 1, name], self.high[day - 1, name]
                yield self._narrow((day, name), low + number - most, high + number)
                low, high = self.low[day, name], self.high[day, name]
                yield self._narrow((day - 1, name), low - number, high - number + most)
