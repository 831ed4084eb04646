"""Hides the small figures of a table that shows every cell, and the sums of its rows and columns.

A row's places add up to a sum that is always shown, and a column's rows to the whole. A small figure is
safe, if it could be one more or one less and everything that is shown would still be the same: then a
closed walk leads from it over hidden cells, along rows and columns in turn, and back, on which one is
added and taken away by turns. Where there is no such walk, the one that costs least is hidden.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappop, heappush
from typing import TypeVar

from cissapp.oversee.evaluation.rules.reasons import NoFigureReason

WHOLE = "*"

# The row (or the whole) and column of a cell.
Key = tuple[str, str]
# A row or a column, as a place that a walk passes.
Node = tuple[str, str]
Counts = Mapping[str, int]
Column = TypeVar("Column", bound=str)


@dataclass(frozen=True)
class Columns:
    """Which columns may be hidden: `places` add up along a row, `alone` do not.

    `most` says which number a cell can have at most, by what is always shown of its row. Nothing is told
    of a figure below `least`, but that it is one.
    """

    places: tuple[str, ...]
    alone: tuple[str, ...]
    most: Callable[[Counts, str], int]
    least: int


@dataclass
class HidingSheet:
    """The figures while it is decided what to hide; what is `freed` may be of any size behind its mark."""

    counts: Mapping[str, Counts]
    columns: Columns
    hidden: set[Key] = field(default_factory=set)
    freed: set[Key] = field(default_factory=set)

    def count(self, key: Key) -> int:
        """Return the number in a cell."""
        return self.counts[key[0]][key[1]]

    def is_small(self, key: Key) -> bool:
        """Return whether the number must not be shown."""
        return 0 < self.count(key) < self.columns.least

    def can_move(self, key: Key, step: int) -> bool:
        """Return whether the number, once hidden, could be one more (1) or one less (-1) behind its mark.

        The whole stands on the other side of a column's sum, so there it is the other way round.
        """
        row, column = key
        moved = self.count(key) + (-step if row == WHOLE else step)
        if not 0 <= moved <= self.columns.most(self.counts[row], column):
            return False
        least = self.columns.least
        return key in self.freed or (moved < least) == (self.count(key) < least)

    def reason(self, key: Key) -> NoFigureReason:
        """Return why a cell is hidden: it is small, or one that is small could be computed from it."""
        held = key in self.freed or self.count(key) >= self.columns.least
        return NoFigureReason.HELD if held else NoFigureReason.FEW


def hidden_cells(
    rows: Mapping[str, Mapping[Column, int]], columns: Columns
) -> Mapping[Key, NoFigureReason]:
    """Decide which cells are hidden, and why; the row `WHOLE` holds the sums of all others."""
    in_order = sorted(rows, key=lambda row: (row == WHOLE, row))
    return _hidden(tuple((row, tuple(rows[row].items())) for row in in_order), columns)


@lru_cache(maxsize=64)
def _hidden(
    rows: tuple[tuple[str, tuple[tuple[str, int], ...]], ...], columns: Columns
) -> Mapping[Key, NoFigureReason]:
    """Compute the table; figures change seldom and are read often, so the answer is cached."""
    sheet = HidingSheet({row: dict(cells) for row, cells in rows}, columns)
    small = [key for key in _keys(sheet) if sheet.is_small(key)]
    sheet.hidden.update(small)
    for key in small:
        sheet.hidden.update(_cover(sheet, key))
    return {key: sheet.reason(key) for key in sheet.hidden}


def _keys(sheet: HidingSheet) -> Iterator[Key]:
    columns = (*sheet.columns.places, *sheet.columns.alone)
    return ((row, column) for row in sheet.counts for column in columns)


def _cover(sheet: HidingSheet, key: Key) -> list[Key]:
    """List the cells that must be hidden so that this one cannot be computed."""
    for free in (True, False):
        walks = [found for step in (1, -1) if (found := _walk(sheet, key, step, free=free))]
        if walks:
            return min(walks)[1]
    freed = _free(sheet, key)
    sheet.freed.update(freed)
    return freed


def _free(sheet: HidingSheet, key: Key) -> list[Key]:
    """List cells that show nothing but a dash, for the rare case that all are as full as they can be."""
    row, column = key
    if column not in sheet.columns.places:
        return [(WHOLE, column)]
    if row == WHOLE:
        row = next(one for one in sheet.counts if one != WHOLE and sheet.count((one, column)))
    return [(one, place) for one in (row, WHOLE) for place in sheet.columns.places]


def _walk(sheet: HidingSheet, key: Key, step: int, *, free: bool) -> tuple[int, list[Key]] | None:
    """Find the cheapest closed walk that begins with a step in this cell, and what it costs to hide it.

    With `free` it goes over hidden cells only, which costs nothing and is found sooner.
    """
    if not sheet.can_move(key, step):
        return None
    end, best = _row_node(sheet, key), {_column_node(key): 0}
    heap: list[tuple[int, Node, list[Key]]] = [(0, _column_node(key), [])]
    while heap:
        cost, node, walked = heappop(heap)
        if node == end:
            return cost, walked
        for other in _steps(sheet, node, step, free=free):
            after, there = cost + _price(sheet, other), _across(sheet, node, other)
            if other != key and after < best.get(there, after + 1):
                best[there] = after
                heappush(heap, (after, there, [*walked, other]))
    return None


def _steps(sheet: HidingSheet, node: Node, step: int, *, free: bool) -> Iterator[Key]:
    """List the cells over which a walk can go on: away from a column the opposite of the first step."""
    back = -step if node[0] == "column" else step
    for key in _cells_of(sheet, node):
        if (key in sheet.hidden or not free) and sheet.can_move(key, back):
            yield key


def _price(sheet: HidingSheet, key: Key) -> int:
    """Return what is lost by hiding a cell: little for a small number, much for a sum of all rows."""
    return 0 if key in sheet.hidden else 1 + sheet.count(key)


def _row_node(sheet: HidingSheet, key: Key) -> Node:
    """Return the row of a cell; where nothing in the row adds up, all rows are as one."""
    return ("row", key[0] if key[1] in sheet.columns.places else "")


def _column_node(key: Key) -> Node:
    return ("column", key[1])


def _across(sheet: HidingSheet, node: Node, key: Key) -> Node:
    return _row_node(sheet, key) if node[0] == "column" else _column_node(key)


def _cells_of(sheet: HidingSheet, node: Node) -> Iterator[Key]:
    kind, name = node
    if kind == "row":
        return ((name, place) for place in sheet.columns.places)
    return ((row, name) for row in sheet.counts)
