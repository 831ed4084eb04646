"""An integer program that looks for another country which publishes the same.

Its unknowns are the schools of each kind in each region, its conditions all numbers that are shown and the
public register. What it finds is published by the rule itself. Where that looks different, the cuts beside
must stay as they are, and it looks again. A number counts as fixed if nothing is left, or if it was looked for
often enough: which cut must stay is a choice, so what is found is a suspicion to look into, and no proof.
"""

from collections.abc import Iterator, Mapping
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from cissapp.oversee.figures.rules import PLACES, Cell
from tests.oversee.figures.kinds import COUNTED, KINDS, Area, Country, Leaves, published

TURNS, WAYS = 20, 8
# A sum of unknowns, and the range in which it must be.
Condition = tuple[frozenset[int], float, float]
# The cuts on both sides of what is shown of places: how many schools are at a place or a later one.
CUTS = {
    **{place.value: (number, number + 1) for number, place in enumerate(PLACES)},
    "at in_training": (1, 3),
    "cases": (3, 5),
    "days in_training": (1,),
    "days submitted": (3,),
    "days in_review": (4,),
}
PUBLIC = ("schools", "certified", "expiring")


class Program:
    """The search for other countries that look like one."""

    def __init__(self, country: Country, seed: int = 1) -> None:
        """Publish the country."""
        self.country, self.random = country, Random(seed)
        self.at = {
            key: number
            for number, key in enumerate((name, kind) for name in country.leaves for kind in KINDS)
        }
        self.found = published(country, country.leaves)
        self.look = _look(self.found)
        self.now = np.array([country.leaves[name][kind] for name, kind in self.at])
        self.known = list(self._known())

    def fixed(self) -> list[Area]:
        """List the hidden cells of which no other number is found."""
        left = {
            key: cell.count
            for key, cell in self.found.items()
            if isinstance(cell, Cell) and cell.reason
        }
        for key in list(left):
            for side in (1, -1) * WAYS:
                other = self._other(key, side) if key in left else None
                for one, cell in (other or {}).items():
                    if isinstance(cell, Cell) and left.get(one, cell.count) != cell.count:
                        del left[one]
        return sorted(left)

    def _known(self) -> Iterator[Condition]:
        for name in self.country.leaves:
            for public in PUBLIC:
                yield self._as_it_is(frozenset(self.at[name, kind] for kind in COUNTED[public]))
        for (area, name), cell in self.found.items():
            if isinstance(cell, Cell) and not cell.reason:
                yield self._as_it_is(self._sum(area, COUNTED[name]))

    def _sum(self, area: str, kinds: frozenset[str]) -> frozenset[int]:
        return frozenset(
            self.at[name, kind] for name in self.country.within(area) for kind in kinds
        )

    def _as_it_is(self, unknowns: frozenset[int]) -> Condition:
        number = float(sum(self.now[one] for one in unknowns))
        return unknowns, number, number

    def _other(self, key: Area, side: int) -> Mapping[Area, Cell | int | None] | None:
        """Find a country that looks the same with a larger or smaller number in a cell."""
        unknowns, number, _same = self._as_it_is(self._sum(key[0], COUNTED[key[1]]))
        more = (unknowns, number + 1, np.inf) if side > 0 else (unknowns, 0, number - 1)
        conditions = [*self.known, more]
        # As few schools as possible change; with some chance, as there are many ways.
        prices = np.array([1 + self.random.random() for _unknown in self.at])
        for _turn in range(TURNS):
            leaves = self._solve(conditions, prices)
            if leaves is None:
                return None
            cells = published(self.country, leaves)
            look = _look(cells)
            if look == self.look:
                return cells
            conditions.append(self._mended([one for one in look if look[one] != self.look[one]]))
        return None

    def _mended(self, cells: list[Area]) -> Condition:
        """Let one of the cells that look different stay as it is, or a cut beside it."""
        area, name = self.random.choice(sorted(cells))
        if name not in CUTS:
            return self._as_it_is(self._sum(area, COUNTED[name.replace("days", "reached")]))
        behind = PLACES[self.random.choice(CUTS[name]) :]
        kinds = frozenset[str]().union(*(COUNTED[place.value] for place in behind))
        return self._as_it_is(self._sum(area, kinds))

    def _solve(self, conditions: list[Condition], prices: np.ndarray) -> Leaves | None:
        """Solve for the schools of each kind, and how many they differ from those that there are."""
        size = len(self.at)
        matrix = np.zeros((len(conditions), 2 * size))
        for number, (unknowns, _low, _high) in enumerate(conditions):
            matrix[number, list(unknowns)] = 1
        one = np.identity(size)
        answer = milp(
            np.concatenate([np.zeros(size), prices]),
            constraints=[
                LinearConstraint(
                    matrix, [one[1] for one in conditions], [one[2] for one in conditions]
                ),
                LinearConstraint(np.hstack([one, -one]), -np.inf, self.now),
                LinearConstraint(np.hstack([one, one]), self.now, np.inf),
            ],
            integrality=np.ones(2 * size),
            bounds=Bounds(0, np.inf),
            options={"time_limit": 5, "mip_rel_gap": 0.1},
        )
        if answer.x is None:
            return None
        leaves = {name: type(found)() for name, found in self.country.leaves.items()}
        for (name, kind), number in self.at.items():
            leaves[name][kind] = round(answer.x[number])
        return leaves


def _look(found: Mapping[Area, Cell | int | None]) -> dict[Area, str]:
    return {key: cell.text if isinstance(cell, Cell) else str(cell) for key, cell in found.items()}
