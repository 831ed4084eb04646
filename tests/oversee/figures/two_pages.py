"""One who keeps the page of before a reform, when nothing else happened until the page of after it.

He writes both pages as conditions on how many schools of each part are at each place: parts are what both
trees of regions are made of. A hidden number that can be only one is told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random

import numpy as np
from msgspec import Struct
from scipy.optimize import Bounds, LinearConstraint, milp

from cissapp.oversee.figures.rules import PLACES, Column, FigureTable, table_of

COUNTRY = "*"
TRAINED = PLACES.index(Column.TRAINED)
# The schools at each place of a part, and how many of the last ones are certified.
Parts = Mapping[str, tuple[list[int], int]]
# The region above each, if any, and the parts it consists of.
Tree = Mapping[str, tuple[str | None, frozenset[str]]]
Unknowns = set[tuple[str, int]]


def parts_of(random: Random) -> Parts:
    """Invent the parts of a small country."""
    weights = [random.random() ** 2 + 0.02 for _place in PLACES]
    found = {}
    for number in range(random.randint(4, 9)):
        size = random.choice([4, 10, 20, 40])
        at = Counter(random.choices(range(6), weights, k=random.randint(size // 2, size)))
        places = [at[place] for place in range(6)]
        found[f"P{number}"] = (places, random.randint(0, places[5]))
    return found


def merged(random: Random, parts: Parts) -> tuple[Tree, Tree]:
    """Let two regions become one."""
    two = frozenset(random.sample([*parts], 2))
    alone: Tree = {part: (None, frozenset({part})) for part in parts}
    rest = {part: found for part, found in alone.items() if part not in two}
    return alone, {**rest, "new": (None, two)}


def divided(random: Random, parts: Parts) -> tuple[Tree, Tree]:
    """Let one region become two."""
    before, after = merged(random, parts)
    return after, before


def moved(random: Random, parts: Parts) -> tuple[Tree, Tree]:
    """Let a district go to another region."""
    home = {part: "ABC"[number % 3] for number, part in enumerate(parts)}
    one = random.choice([*parts])
    other = random.choice(sorted({*"ABC"} - {home[one]}))
    return _districts(home), _districts({**home, one: other})


def _districts(home: Mapping[str, str]) -> Tree:
    regions: Tree = {
        name: (None, frozenset(part for part in home if home[part] == name)) for name in "ABC"
    }
    return {**regions, **{f"{home[part]}-{part}": (home[part], frozenset({part})) for part in home}}


def page_of(parts: Parts, tree: Tree, before: Tree | None = None) -> FigureTable:
    """Publish a tree of regions; those that consist of other parts than `before` are known to."""
    rows = {}
    for name, (_above, own) in tree.items():
        places = [sum(parts[part][0][place] for part in own) for place in range(6)]
        certified = sum(parts[part][1] for part in own)
        rows[name] = {
            **dict.fromkeys(Column, 0),
            **dict(zip(PLACES, places, strict=True)),
            Column.SCHOOLS: sum(places),
            Column.CERTIFIED: certified,
        }
    above = {name: parent for name, (parent, _own) in tree.items() if parent}
    other = {name for name in tree if before and before.get(name) != tree[name]}
    return table_of(rows, above, reformed=other)


class PagesReader(Struct):
    """The conditions of all pages read."""

    parts: Parts
    pages: list[tuple[FigureTable, Tree]]

    def told(self) -> list[tuple[str, str, int]]:
        """List the hidden numbers that can be only one, with region and place."""
        conditions = [*self._public(), *self._shown()]
        hidden = {
            (name, place.value, row[place].count): {(part, at) for part in own}
            for page, tree in self.pages
            for name, row, own in _rows(page, tree)
            for at, place in enumerate(PLACES)
            if row[place].reason
        }
        return [cell for cell, unknowns in hidden.items() if self._is_told(unknowns, conditions)]

    def _public(self) -> Iterator[tuple[Unknowns, float, float]]:
        for part, (places, certified) in self.parts.items():
            total = sum(places)
            yield {(part, at) for at in range(6)}, total, total
            yield {(part, at) for at in range(TRAINED, 6)}, certified, np.inf

    def _shown(self) -> Iterator[tuple[Unknowns, float, float]]:
        for page, tree in self.pages:
            for _name, row, own in _rows(page, tree):
                for at, place in enumerate(PLACES):
                    number = row[place].count
                    later = sum(row[one].count for one in PLACES[at:])
                    if not row[place].reason:
                        yield {(part, at) for part in own}, number, number
                    if not row[place].is_later_hidden:
                        yield {(part, one) for part in own for one in range(at, 6)}, later, later

    def _is_told(self, unknowns: Unknowns, conditions: list[tuple[Unknowns, float, float]]) -> bool:
        rule = LinearConstraint(
            np.array([self._vector(of) for of, _low, _high in conditions]),
            [low for _of, low, _high in conditions],
            [high for _of, _low, high in conditions],
        )
        wanted, whole = self._vector(unknowns), np.ones(6 * len(self.parts))
        found = [
            milp(side * wanted, constraints=rule, integrality=whole, bounds=Bounds(0, np.inf))
            for side in (1, -1)
        ]
        return round(found[0].fun) == round(-found[1].fun)

    def _vector(self, unknowns: Unknowns) -> np.ndarray:
        names, vector = [*self.parts], np.zeros(6 * len(self.parts))
        for part, at in unknowns:
            vector[6 * names.index(part) + at] = 1
        return vector


def _rows(page: FigureTable, tree: Tree):
    yield COUNTRY, page.whole, frozenset[str]().union(*(own for _above, own in tree.values()))
    for name, row in page.regions.items():
        yield name, row, tree[name][1]
