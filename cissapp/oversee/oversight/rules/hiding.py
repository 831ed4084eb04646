"""Hides small figures, and as many others as it takes that no sum gives a small one away.

A row's places add up to its schools, and a column's regions to the whole country. A small figure is
safe, if it could be one more or one less and everything that is shown would still be the same: then a
closed walk leads from it over hidden cells, along rows and columns in turn, and back, on which one is
added and taken away by turns. Where there is no such walk, the one that costs least is hidden.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappop, heappush

from cissapp.oversee.oversight.rules.figures import HIDEABLE, PLACES, Cell, Column, Counts, Shown

SMALL = 5
WHOLE = "*"

# The row (a region, or the whole country) and column of a cell.
Key = tuple[str, Column]
# A row or a column, as a place that a walk passes.
Node = tuple[str, str]


@dataclass(frozen=True)
class Table:
    """The figures of a country as they are shown: by region, and of all regions together."""

    regions: Mapping[str, Mapping[Column, Cell]]
    whole: Mapping[Column, Cell]


@dataclass
class Sheet:
    """The figures while it is decided what to hide; what is `freed` may be of any size behind its mark."""

    counts: Mapping[str, Counts]
    hidden: set[Key] = field(default_factory=set)
    freed: set[Key] = field(default_factory=set)

    def count(self, key: Key) -> int:
        """Give the number in a cell."""
        return self.counts[key[0]][key[1]]

    def is_small(self, key: Key) -> bool:
        """Say whether the number must not be shown."""
        return 0 < self.count(key) < SMALL

    def can_move(self, key: Key, step: int) -> bool:
        """Say whether the number, once hidden, could be one more (1) or one less (-1) behind its mark.

        The whole country stands on the other side of a column's sum, so there it is the other way round.
        """
        row, column = key
        moved = self.count(key) + (-step if row == WHOLE else step)
        if not 0 <= moved <= self._most(row, column):
            return False
        return key in self.freed or (moved < SMALL) == (self.count(key) < SMALL)

    def _most(self, row: str, column: Column) -> int:
        """Give the number that a cell can have at most, by what is always shown beside it."""
        shown = self.counts[row]
        if column is Column.EXPIRING:
            return shown[Column.CERTIFIED]
        if column is Column.EXPIRED:
            return shown[Column.SCHOOLS] - shown[Column.CERTIFIED]
        return shown[Column.SCHOOLS]

    def cell(self, key: Key) -> Cell:
        """Give the cell as it is shown."""
        if key not in self.hidden:
            return Cell(self.count(key))
        held = key in self.freed or self.count(key) >= SMALL
        return Cell(self.count(key), Shown.HELD if held else Shown.SMALL)


def table_of(regions: Mapping[str, Counts]) -> Table:
    """Hide what must not be seen in the figures of all regions of a country."""
    return _table(
        tuple((row, tuple(regions[row][column] for column in Column)) for row in sorted(regions))
    )


@lru_cache(maxsize=64)
def _table(numbers: tuple[tuple[str, tuple[int, ...]], ...]) -> Table:
    """Do the work; figures change seldom and are looked at often, so the answer is remembered."""
    regions = {row: dict(zip(Column, counts, strict=True)) for row, counts in numbers}
    whole = {column: sum(row[column] for row in regions.values()) for column in Column}
    sheet = Sheet({**regions, WHOLE: whole})
    small = [key for key in _keys(sheet) if sheet.is_small(key)]
    sheet.hidden.update(small)
    for key in small:
        sheet.hidden.update(_cover(sheet, key))
    return Table(
        {row: {column: sheet.cell((row, column)) for column in Column} for row in regions},
        {column: sheet.cell((WHOLE, column)) for column in Column},
    )


def _keys(sheet: Sheet) -> Iterator[Key]:
    return ((row, column) for row in sheet.counts for column in HIDEABLE)


def _cover(sheet: Sheet, key: Key) -> list[Key]:
    """List the cells that must be hidden so that this one cannot be computed."""
    for free in (True, False):
        walks = [found for step in (1, -1) if (found := _walk(sheet, key, step, free=free))]
        if walks:
            return min(walks)[1]
    freed = _free(sheet, key)
    sheet.freed.update(freed)
    return freed


def _free(sheet: Sheet, key: Key) -> list[Key]:
    """List cells that show nothing but a dash, for the rare case that all are as full as they can be."""
    row, column = key
    if column not in PLACES:
        return [(WHOLE, column)]
    if row == WHOLE:
        row = next(one for one in sheet.counts if one != WHOLE and sheet.count((one, column)))
    return [(one, place) for one in (row, WHOLE) for place in PLACES]


def _walk(sheet: Sheet, key: Key, step: int, *, free: bool) -> tuple[int, list[Key]] | None:
    """Find the cheapest closed walk that begins with a step in this cell, and what it costs to hide it.

    With `free` it goes over hidden cells only, which costs nothing and is found sooner.
    """
    if not sheet.can_move(key, step):
        return None
    end, best = _row_node(key), {_column_node(key): 0}
    heap: list[tuple[int, Node, list[Key]]] = [(0, _column_node(key), [])]
    while heap:
        cost, node, walked = heappop(heap)
        if node == end:
            return cost, walked
        for other in _steps(sheet, node, step, free=free):
            after, there = cost + _price(sheet, other), _across(node, other)
            if other != key and after < best.get(there, after + 1):
                best[there] = after
                heappush(heap, (after, there, [*walked, other]))
    return None


def _steps(sheet: Sheet, node: Node, step: int, *, free: bool) -> Iterator[Key]:
    """List the cells over which a walk can go on: away from a column the opposite of the first step."""
    back = -step if node[0] == "column" else step
    for key in _cells_of(sheet, node):
        if (key in sheet.hidden or not free) and sheet.can_move(key, back):
            yield key


def _price(sheet: Sheet, key: Key) -> int:
    """Say what is lost by hiding a cell: little for a small number, much for a sum of the country."""
    return 0 if key in sheet.hidden else 1 + sheet.count(key)


def _row_node(key: Key) -> Node:
    """Give the row of a cell; where nothing in the row adds up, all rows are as one."""
    return ("row", key[0] if key[1] in PLACES else "")


def _column_node(key: Key) -> Node:
    return ("column", key[1])


def _across(node: Node, key: Key) -> Node:
    return _row_node(key) if node[0] == "column" else _column_node(key)


def _cells_of(sheet: Sheet, node: Node) -> Iterator[Key]:
    kind, name = node
    if kind == "row":
        return ((name, place) for place in PLACES)
    return ((row, Column(name)) for row in sheet.counts)
