"""Hides small figures of regions, so that nothing that is shown anywhere, or on another day, gives one away.

`docs/adr/0023-small-figures.md` says against whom, and why this is enough; `docs/small-figures.md` says it
to those who read the figures.
"""

from collections.abc import Mapping
from functools import lru_cache

from cissapp.oversee.figures.rules.hiding.cuts import Decision, Places
from cissapp.oversee.figures.rules.hiding.swaps import rows_with_fixed_parts
from cissapp.oversee.figures.rules.hiding.tree import WHOLE, Row, Tree, tree_of

__all__ = ["WHOLE", "Places", "Row", "hidden_cells", "hidden_parts"]

# A part of a whole, where what is left of the whole is not a figure of its own.
PART = Places(cuts=(1,), told=(False, True))

Rows = Mapping[str, Row]


def hidden_cells(
    rows: Rows, parents: Mapping[str, str], places: Places, *, least: int
) -> frozenset[tuple[str, int]]:
    """Decide which cells are hidden: of which row, the whole included, and at which place.

    A row counts what its parts count; where it counts more, the rest is a part without a name.
    """
    above = tuple(sorted((part, parent) for part, parent in parents.items() if part in rows))
    return _hidden(tuple(sorted(rows.items())), above, places, least)


def hidden_parts(
    parts: Mapping[str, int],
    wholes: Mapping[str, int],
    parents: Mapping[str, str],
    *,
    least: int,
) -> frozenset[str]:
    """Decide in which rows a part of a number that everybody knows is hidden."""
    rows = {name: Row((wholes[name] - part, part)) for name, part in parts.items()}
    return frozenset(
        name for name, place in hidden_cells(rows, parents, PART, least=least) if place == 1
    )


@lru_cache(maxsize=64)
def _hidden(
    rows: tuple[tuple[str, Row], ...],
    above: tuple[tuple[str, str], ...],
    places: Places,
    least: int,
) -> frozenset[tuple[str, int]]:
    """Decide; figures change seldom and are read often, so the answer is kept."""
    tree = tree_of(dict(rows), dict(above))
    if least <= 1 or not tree.total(WHOLE):
        return frozenset()
    reached = _reached(tree, places, least)
    if reached == 1:
        return _all_cells(tree, places) if places.told[0] else frozenset()
    return frozenset(
        _safe_decision(tree.up_to(reached), places.up_to(reached), least).hidden_cells()
    )


def _reached(tree: Tree, places: Places, least: int) -> int:
    """Return how many places any school has reached: that nobody is at the others is shown.

    Not of so few schools that it would say where one of them is, nor where some have been further before.
    """
    whole = tree.rows[WHOLE]
    if whole.late or tree.total(WHOLE) <= 2 * least + 1:
        return len(places.all)
    return max(place for place in places.all if whole.numbers[place]) + 1


def _safe_decision(tree: Tree, places: Places, least: int) -> Decision:
    """Hide what the rule asks for; and everything in the parts of a row, where it leaves a cell of them fixed."""
    closed: frozenset[str] = frozenset()
    while True:
        decision = Decision(tree, places, least, closed)
        more = rows_with_fixed_parts(decision) - closed
        if not more:
            return decision
        closed |= more


def _all_cells(tree: Tree, places: Places) -> frozenset[tuple[str, int]]:
    """List all cells, where all schools of a country are at one place: each region would say where its few are."""
    return frozenset((row, place) for row in tree.named() for place in places.all)
