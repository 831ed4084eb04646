"""One who knows the published tables, the public register and the rule that hides, and looks for what is fixed.

He takes two schools of two regions, lets them change places (or moves one, where its country hides it too),
asks the rule itself what it would publish then, and keeps the table if it looks the same to the letter. A
hidden cell with the same number in all tables that he can find is fixed.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random

Places = tuple[int, ...]
Cell = tuple[str, int]
Leaves = Mapping[str, Places]
# Shows of all rows, by row and place, what is published.
Publish = Callable[[Mapping[str, Places]], Mapping[Cell, Hashable]]

COUNTRY = "*"
HIDDEN = "–"


@dataclass(frozen=True)
class Country:
    """Regions of which each counts its own schools, and what lies above them; `sums` of places count as places."""

    leaves: Leaves
    parents: Mapping[str, str]
    sums: tuple[range, ...] = ()

    def rows(self, leaves: Leaves | None = None) -> dict[str, Places]:
        """Add the regions up, the country included."""
        found: dict[str, Places] = {}
        for leaf, places in (leaves or self.leaves).items():
            for row in self.above(leaf):
                found[row] = tuple(
                    map(sum, zip(found.get(row, (0,) * len(places)), places, strict=True))
                )
        return {
            row: (*places, *(sum(places[place] for place in one) for one in self.sums))
            for row, places in found.items()
        }

    def above(self, leaf: str) -> list[str]:
        """List the region, all above it, and the country."""
        rows = [leaf]
        while rows[-1] in self.parents:
            rows.append(self.parents[rows[-1]])
        return [*rows, COUNTRY]


def hidden_of(shown: Mapping[Cell, Hashable]) -> list[Cell]:
    """List the cells that show a mark instead of a number."""
    return sorted(cell for cell, text in shown.items() if text == HIDDEN)


def fixed_cells(country: Country, publish: Publish, *, tries: int, seed: int = 1) -> list[Cell]:
    """List the hidden cells of which no other number is found."""
    random, leaves = Random(seed), dict(country.leaves)
    rows = country.rows()
    shown = publish(rows)
    every = hidden_of(shown)
    left = {cell: rows[cell[0]][cell[1]] for cell in every}
    for _number in range(tries):
        if not left:
            break
        # Others have to move as well, or the way to a table may be barred.
        cell = random.choice(sorted(left) if random.random() < 0.6 else every)
        other = _changed(country, leaves, random, cell)
        if other is None:
            continue
        rows = country.rows(other)
        if publish(rows) == shown:
            leaves = other
            left = {
                cell: number for cell, number in left.items() if rows[cell[0]][cell[1]] == number
            }
    return sorted(left)


def _changed(
    country: Country, leaves: dict[str, Places], random: Random, cell: Cell
) -> dict[str, Places] | None:
    """Move one school, or two against each other, so that the number of a cell may change."""
    row, place = cell
    places = len(next(iter(leaves.values())))
    if place >= places:
        place = random.choice(country.sums[place - places])
    inside = [leaf for leaf in leaves if row in country.above(leaf)]
    other_place = random.choice([one for one in range(places) if one != place])
    start, end = random.choice([(place, other_place), (other_place, place)])
    first = [leaf for leaf in inside if leaves[leaf][start]]
    second = [leaf for leaf in leaves if leaves[leaf][end]]
    if not first:
        return None
    leaf = random.choice(first)
    found = {**leaves, leaf: moved(leaves[leaf], start, end)}
    second = [other for other in second if other != leaf]
    if second and random.random() < 0.8:
        other = random.choice(second)
        found[other] = moved(found[other], end, start)
    return found


def moved(places: Places, start: int, end: int) -> Places:
    """Return the places of a region after one school went from one to another."""
    after = list(places)
    after[start] -= 1
    after[end] += 1
    return tuple(after)


def fixed_in_any_table(
    sizes: Mapping[str, int], parents: Mapping[str, str], places: int, publish: Publish
) -> list[tuple[Cell, Hashable]]:
    """Publish every table with regions of these sizes; list what is fixed in all that look the same."""
    seen: dict[Hashable, dict[Cell, set[int]]] = {}
    for tables in product(*(list(_all_places(size, places)) for size in sizes.values())):
        rows = Country(dict(zip(sizes, tables, strict=True)), parents).rows()
        shown = publish(rows)
        values = seen.setdefault(tuple(sorted(shown.items(), key=str)), {})
        for cell in hidden_of(shown):
            values.setdefault(cell, set()).add(rows[cell[0]][cell[1]])
    return [
        (cell, look)
        for look, values in seen.items()
        for cell, numbers in values.items()
        if len(numbers) == 1
    ]


def _all_places(schools: int, places: int) -> Iterator[Places]:
    if places == 1:
        yield (schools,)
        return
    for number in range(schools + 1):
        for rest in _all_places(schools - number, places - 1):
            yield (number, *rest)
