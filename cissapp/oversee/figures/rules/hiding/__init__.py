"""Hides small figures of regions, so that nothing shown anywhere, or on another day, reveals one.

`docs/adr/0023-small-figures.md` explains against whom, and why this is enough; `docs/small-figures.md`
explains it to readers of the figures.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache

from cissapp.oversee.figures.rules.hiding.cuts import Decision, Places
from cissapp.oversee.figures.rules.hiding.swaps import rows_with_fixed_parts
from cissapp.oversee.figures.rules.hiding.tree import WHOLE, Row, Tree, tree_of

__all__ = ["WHOLE", "Places", "Row", "hidden_cells", "hidden_parts"]

# A part of a whole, whose remainder is not shown as a figure of its own.
PART = Places(2, cuts=(1,), figures=((1, 2),))

# To compare and keep more rows than these takes about as long as to decide them, and much memory.
MOST_CACHED = 2000

# A country with this many times `least` schools shows which places are empty.
MANY = 6

Rows = Mapping[str, Row]


def hidden_cells(
    rows: Rows, parents: Mapping[str, str], places: Places, *, least: int
) -> frozenset[tuple[str, int]]:
    """Decide which cells are hidden, by row (including the whole) and number of the figure.

    A row counts what its parts count; if it counts more, the rest is an unnamed part.
    """
    above = {part: parent for part, parent in parents.items() if part in rows}
    if len(rows) > MOST_CACHED:
        return _hidden(rows, above, places, least)
    return _hidden_again(tuple(sorted(rows.items())), tuple(sorted(above.items())), places, least)


def hidden_parts(
    parts: Mapping[str, int],
    wholes: Mapping[str, int],
    parents: Mapping[str, str],
    *,
    least: int,
    reformed: Collection[str] = (),
) -> frozenset[str]:
    """Decide in which rows a part of a publicly known number is hidden."""
    rows = {
        name: Row((wholes[name] - part, part), reformed=name in reformed)
        for name, part in parts.items()
    }
    return frozenset(name for name, _part in hidden_cells(rows, parents, PART, least=least))


@lru_cache(maxsize=64)
def _hidden_again(
    rows: tuple[tuple[str, Row], ...],
    above: tuple[tuple[str, str], ...],
    places: Places,
    least: int,
) -> frozenset[tuple[str, int]]:
    """Return what is hidden; cached, since figures change rarely and are read often."""
    return _hidden(dict(rows), dict(above), places, least)


def _hidden(
    rows: Rows, above: Mapping[str, str], places: Places, least: int
) -> frozenset[tuple[str, int]]:
    """Decide which cells are hidden."""
    tree = tree_of(rows, above)
    if least <= 1 or not tree.total(WHOLE):
        return frozenset()
    filled = _filled(tree, places, least)
    if len(filled) == 1:
        told = any(filled[0] in range(*figure) for figure in places.figures)
        return _all_cells(tree, places) if told else frozenset()
    decision = _safe_decision(tree.of_places(filled), places.of_places(filled), least)
    return frozenset(decision.hidden_cells())


def _filled(tree: Tree, places: Places, least: int) -> list[int]:
    """List the places treated as filled; the others are shown as empty.

    With fewer schools, only how far the furthest has come is shown, and with very few nothing at all, since
    it would reveal where they are.
    """
    whole, total = tree.rows[WHOLE], tree.total(WHOLE)
    filled = [place for place in places.all if whole.numbers[place]]
    # Places hidden together must count more schools than places, or each would be known to have just one.
    # If certified schools could be at one place only, a small region would reveal them there.
    sure = bool(whole.late) and sum(place >= places.early for place in filled) == 1
    if total >= MANY * least and least >= places.number - 1 and not sure:
        return filled
    if whole.late or total <= 2 * least + 1:
        return list(places.all)
    return list(places.all)[: filled[-1] + 1]


def _safe_decision(tree: Tree, places: Places, least: int) -> Decision:
    """Hide what the rule requires, and all parts of a row in which it would leave a hidden cell fixed."""
    closed: frozenset[str] = frozenset()
    while True:
        decision = Decision(tree, places, least, closed)
        more = rows_with_fixed_parts(decision) - closed
        if not more:
            return decision
        closed |= more


def _all_cells(tree: Tree, places: Places) -> frozenset[tuple[str, int]]:
    """List all cells: if all schools are at one place, each region would reveal where its few are."""
    figures = range(len(places.figures))
    return frozenset((row, figure) for row in tree.named() for figure in figures)
