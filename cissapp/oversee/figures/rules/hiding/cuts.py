"""Divides the places of a row by cuts, and decides which cuts are hidden.

A cut is the number of schools at a place or a later one; a number between two shown cuts is shown.
A cut is hidden if it is close to another shown one, as few schools, or none, are then between them in the
region or, of those of the area above, in all its other parts.
The region's two smallest parts then hide the same cut, and so do all parts of a part that hides it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

from cissapp.oversee.figures.rules.hiding.tree import WHOLE, Tree

# The range of numbers that a cut could be and be hidden for the same reason.
Run = tuple[int, int]
# As soon as one part of a region hides a cut, this many of the smallest parts hide it.
SMALLEST = 2


class Places(Struct, frozen=True):
    """The `number` of places of a table, the `cuts` before them, most important first, and what is shown.

    Each of the `figures` counts the schools from one place up to, but not at, another. Schools that are
    publicly known to be late are at none of the `early` places, which come first.
    """

    number: int
    cuts: tuple[int, ...]
    figures: tuple[tuple[int, int], ...]
    early: int = 0

    @property
    def all(self) -> range:
        """All places, by number."""
        return range(self.number)

    def of_places(self, places: Sequence[int]) -> "Places":
        """Return the places and cuts reduced to some of the places."""
        cuts = tuple(places.index(cut) for cut in self.cuts if cut in places[1:])
        before = [sum(one < place for one in places) for place in range(self.number + 1)]
        figures = tuple((before[start], before[end]) for start, end in self.figures)
        return Places(len(places), cuts, figures, before[self.early])


class Decision(Struct, dict=True):
    """The hidden cuts of each row, with their runs; the parts of rows that are `closed` show nothing."""

    tree: Tree
    places: Places
    least: int
    closed: frozenset[str]

    def __post_init__(self) -> None:
        """Decide cut by cut."""
        last = self.places.number
        self.at: dict[str, list[int]] = {
            name: list(accumulate(reversed(row.numbers), initial=0))[::-1]
            for name, row in self.tree.rows.items()
        }
        self.hidden: dict[str, dict[int, Run]] = {name: {} for name in self.tree.rows}
        # By row, the cuts hidden in its smallest parts only because of the figures of these parts.
        self.own_reason: dict[str, set[int]] = {}
        self._limits: dict[tuple[str, int], Run] = {}
        self._shown = {name: [True, *[False] * (last - 1), True] for name in self.tree.rows}
        for cut in self.places.cuts:
            self._decide(cut)

    def hidden_cells(self) -> Iterator[tuple[str, int]]:
        """List the figures of named rows that begin or end at a hidden cut, and count any place."""
        for row in self.tree.named():
            cuts = self.hidden[row]
            for number, (start, end) in enumerate(self.places.figures):
                if start < end and (start in cuts or end in cuts):
                    yield row, number

    def shows_nothing(self, row: str) -> bool:
        """Return whether all cuts of a row are hidden, and could be anything that its size allows."""
        most = self.tree.total(row)
        return all(
            self.hidden[row].get(cut) == (self._late(row, cut), most) for cut in self.places.cuts
        )

    def is_open(self, row: str) -> bool:
        """Return whether the parts of a row are as free as it is: there is only one, or all show nothing."""
        parts = self.tree.parts[row]
        return len(parts) < SMALLEST or all(self.shows_nothing(part) for part in parts)

    def _decide(self, cut: int) -> None:
        self._limits[WHOLE, cut] = self._bounds(WHOLE, cut)
        run = self.run_at(WHOLE, cut, self.at[WHOLE][cut])
        if run:
            self._hide(WHOLE, cut, run)
            return
        self._shown[WHOLE][cut] = True
        waiting = [WHOLE]
        while waiting:
            waiting.extend(self._decide_parts(waiting.pop(), cut))

    def _decide_parts(self, row: str, cut: int) -> list[str]:
        """Decide a cut in the parts of a row that shows it; return those that show it too."""
        parts = self.tree.parts[row]
        self._limits |= {(part, cut): self._limits_of(part, row, cut) for part in parts}
        close = {part: run for part in parts if (run := self.run_at(part, cut, self.at[part][cut]))}
        free = self._smallest(row, cut, close) if close or row in self.closed else {}
        shown = []
        for part in parts:
            if part in free:
                self._hide(part, cut, free[part])
            elif part in close:
                self._hide(part, cut, close[part])
            else:
                self._shown[part][cut] = True
                shown.append(part)
        return shown

    def _smallest(self, row: str, cut: int, close: Mapping[str, Run]) -> dict[str, Run]:
        """Choose the smallest parts, by their public size, that hide a cut whatever its value is.

        There are at least two, with enough schools to make a large number; in a closed row, all parts.
        """
        bounds = {part: self._bounds(part, cut) for part in self.tree.parts[row]}
        may = [part for part, (low, high) in bounds.items() if low < high]
        found: dict[str, Run] = {}
        # A single one could be worked out from the row, which is shown.
        for part in may if len(may) >= SMALLEST else ():
            many = sum(high - low for low, high in found.values()) > 2 * self.least + 1
            if len(found) >= SMALLEST and many and row not in self.closed:
                break
            found[part] = bounds[part]
        if row not in self.closed and not any(
            part not in found or close[part] == bounds[part] for part in close
        ):
            self.own_reason.setdefault(row, set()).add(cut)
        return found

    def _hide(self, row: str, cut: int, run: Run) -> None:
        """Hide a cut in a row and in all rows below it, of which only the size is known."""
        self.hidden[row][cut] = run
        for part in self.tree.below(row):
            low, high = self._bounds(part, cut)
            if low < high:
                self.hidden[part][cut] = (low, high)
            else:
                self._shown[part][cut] = True

    def _bounds(self, row: str, cut: int) -> Run:
        """Return the range of a cut, given what is already shown of the row."""
        at = self.at[row]
        before, after = self._beside(row, cut)
        return max(at[after], self._late(row, cut)), at[before]

    def _beside(self, row: str, cut: int) -> tuple[int, int]:
        """Return the shown cuts next to a cut, before and after it."""
        # The first and the last are always shown. This runs for each cut of each region.
        shown, before, after = self._shown[row], cut - 1, cut + 1
        while not shown[before]:
            before -= 1
        while not shown[after]:
            after += 1
        return before, after

    def _late(self, row: str, cut: int) -> int:
        """Return how many schools of a row are publicly known to be behind a cut."""
        return self.tree.rows[row].late if cut <= self.places.early else 0

    def _limits_of(self, part: str, row: str, cut: int) -> Run:
        """Return the range of a cut, given also how many schools are left for the other parts of the row."""
        before, after = self._beside(part, cut)
        own, whole, late = self.at[part], self.at[row], self._late(part, cut)
        others_late = self._late(row, cut) - late
        return (
            max(own[after], late, whole[cut] - whole[before] + own[before]),
            min(own[before], whole[cut] - max(whole[after] - own[after], others_late)),
        )

    def run_at(self, row: str, cut: int, at: int) -> Run | None:
        """Return the run that hides a cut for its own number; None if that is far from its limits, or certain.

        Those that joined are before it. Where nobody crosses it, the others tell how many there were before.
        """
        low, high = self._limits[row, cut]
        if self.tree.rows[row].reformed:
            return (low, high) if low < high else None
        # That there were none in the whole was shown.
        old = self.tree.total(row) - self.tree.rows[row].joined - (row == WHOLE)
        if cut <= self.places.early and max(low + 1, at) <= old:
            high = min(high, old)
        return self._run_of((low, high), at)

    def _run_of(self, bounds: Run, at: int) -> Run | None:
        """Return the run that hides a number between two shown ones; None if it is not hidden."""
        low, high = bounds
        # One more than the largest small number: a number that vanishes from view is not yet small.
        near = self.least
        if low >= high:
            return None
        if high - low <= 2 * near + 1:
            return bounds
        if at - low <= near:
            return low, low + near
        return (high - near, high) if high - at <= near else None
