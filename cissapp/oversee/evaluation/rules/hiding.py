"""Hides small groups, and as many others as needed so that no sum reveals one.

People are counted in a table of rows (languages) and columns (regions); the whole, the rows and the
columns are shown. Consider a graph: rows and columns are nodes, and each filled cell is an edge between
its row and its column, weighted by its number of people. All hidden rows are one node, and so are all
hidden columns. A sum or difference of shown figures then assigns a height to each node, and describes
exactly the people whose edge joins two different heights. So it can describe few people only if few
edges separate the nodes: if a cut is narrower than 10. Nodes are merged until there is no such cut.

Tables of regions, in which every cell is shown, have a rule of their own (`oversee/figures/rules/hiding`).
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from cissapp.oversee.evaluation.rules.reasons import LEAST, NoFigureReason

if TYPE_CHECKING:
    import networkx as nx

# The row (0) or column (1) of a table, by name; None stands for all hidden ones.
Place = tuple[int, str | None]
Counts = Mapping[tuple[str, str], int]


class HiddenGroups(Struct, frozen=True):
    """Which figures are not shown, and why: of the whole, of rows, of columns."""

    whole: NoFigureReason | None
    rows: Mapping[str, NoFigureReason]
    columns: Mapping[str, NoFigureReason]


def hidden(people: Counts) -> HiddenGroups:
    """Decide which figures of a table of people are hidden, by row and column; empty cells are ignored."""
    return _hidden(tuple(sorted((*key, count) for key, count in people.items() if count)))


@lru_cache(maxsize=256)
def _hidden(cells: tuple[tuple[str, str, int], ...]) -> HiddenGroups:
    sums = _sums(cells)
    small = {place for place, count in sums.items() if count < LEAST}
    if sum(count for _, _, count in cells) < LEAST:
        return _told(sums, small=sums, held=sums, whole=NoFigureReason.FEW)
    held = set(small)
    while cut := _narrow_cut(_ways(cells, held)):
        held |= _joined(cut, sums, held)
    return _told(sums, small=small, held=held, whole=None)


def hidden_rows(
    people: Mapping[str, int],
) -> tuple[NoFigureReason | None, Mapping[str, NoFigureReason]]:
    """Decide which figures of a single row of groups are hidden: of the whole, and of each group."""
    found = hidden({(name, ""): count for name, count in people.items()})
    return found.whole, found.rows


def may_stand_beside(count: int, parts: Iterable[int]) -> bool:
    """Return whether a figure of `count` people may be shown beside figures of some of them.

    Small parts are not shown. The people in none of the shown parts must not be few either.
    """
    left = count - sum(part for part in parts if part >= LEAST)
    return count >= LEAST and (left == 0 or left >= LEAST)


def _sums(cells: Iterable[tuple[str, str, int]]) -> dict[Place, int]:
    sums: dict[Place, int] = {}
    for row, column, count in cells:
        for place in ((0, row), (1, column)):
            sums[place] = sums.get(place, 0) + count
    return sums


def _told(
    sums: Iterable[Place],
    *,
    small: Iterable[Place],
    held: Iterable[Place],
    whole: NoFigureReason | None,
) -> HiddenGroups:
    few, kept = set(small), set(held)
    reasons: tuple[dict[str, NoFigureReason], dict[str, NoFigureReason]] = ({}, {})
    for side, name in sums:
        if (side, name) in kept and name is not None:
            reasons[side][name] = NoFigureReason.FEW if (side, name) in few else NoFigureReason.HELD
    return HiddenGroups(whole, *reasons)


def _ways(cells: Iterable[tuple[str, str, int]], held: set[Place]) -> "nx.Graph":
    import networkx as nx  # noqa: PLC0415 -- slow import

    graph = nx.Graph()
    for row, column, count in cells:
        ends = [
            place if place not in held else (place[0], None) for place in ((0, row), (1, column))
        ]
        wide = graph.get_edge_data(*ends, {"weight": 0})["weight"]
        graph.add_edge(*ends, weight=wide + count)
    return graph


def _narrow_cut(graph: "nx.Graph") -> tuple[set[Place], set[Place]] | None:
    """Find the two sides of a cut that separates fewer than 10 people; None if there is none."""
    everywhere = set(graph)
    for place in sorted(graph, key=str):
        if graph.degree(place, weight="weight") < LEAST:
            return {place}, everywhere - {place}
    import networkx as nx  # noqa: PLC0415 -- slow import

    for part in nx.connected_components(graph):
        width, (side, _other) = nx.stoer_wagner(graph.subgraph(part))
        if width < LEAST:
            return set(side), everywhere - set(side)
    return None


def _joined(
    cut: tuple[set[Place], set[Place]], sums: Mapping[Place, int], held: set[Place]
) -> set[Place]:
    """Choose what else to hide so that two places from both sides are merged, with the fewest people."""

    def cost(place: Place) -> tuple[int, str]:
        return (0, "") if place[1] is None else (sums[place], str(place[1]))

    choices = []
    for kind in (0, 1):
        sides = [[place for place in side if place[0] == kind] for side in cut]
        if all(sides):
            pair = [min(side, key=cost) for side in sides]
            choices.append((sum(cost(place)[0] for place in pair), kind, pair))
    return {place for place in min(choices)[2] if place[1] is not None} - held
