"""Proves of every hidden cell that it could be another number, and everything shown would be the same.

Two schools of two regions change places: one goes from a place to another one, the other the way back. No
sum changes. Where every cut between the two places is hidden in both regions, and stays within its run, the
same rule hides the same cells of the table with the two changed: nobody can tell one from the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cissapp.oversee.figures.rules.hiding.cuts import Decision, Run
from cissapp.oversee.figures.rules.hiding.tree import WHOLE

# A school goes from one place to another.
Move = tuple[int, int]
Moves = dict[str, frozenset[Move]]
# In so many tables that look alike a cell must be the same before it counts as fixed.
TABLES = 60


def rows_with_fixed_parts(decision: Decision) -> frozenset[str]:
    """List the rows among whose parts a hidden cell is found to be the same in all tables that look alike."""
    ways: Moves = {WHOLE: _moves_of_whole(decision)}
    found, waiting = set(), [WHOLE]
    while waiting:
        row = waiting.pop()
        parts = [part for part in decision.tree.parts[row] if decision.hidden[part]]
        family = Family(decision, row, ways.get(row, frozenset()))
        able = {part: family.moves(part, decision.tree.rows[part].numbers) for part in parts}
        ways.update({part: family.ways(part, able) for part in parts})
        waiting.extend(decision.tree.parts[row])
        if not decision.is_open(row):
            numbers = {part: decision.tree.rows[part].numbers for part in parts}
            if any(not family.opens(cell, numbers) for cell in family.fixed(able)):
                found.add(row)
    return frozenset(found)


@dataclass(frozen=True)
class Family:
    """The parts of a row, and by which moves the row itself could change."""

    decision: Decision
    row: str
    above: frozenset[Move]

    def moves(self, part: str, numbers: tuple[int, ...]) -> frozenset[Move]:
        """List the moves of one school that leave every cut of a part within its run."""
        return frozenset(_moves(numbers, self.decision.hidden[part]))

    def ways(self, part: str, able: Moves) -> frozenset[Move]:
        """List the moves of a part that another part, or the row itself, can make up for."""
        hidden = self.decision.hidden[self.row]
        return frozenset(
            move
            for move in able[part]
            if any(move[::-1] in able[other] for other in able if other != part)
            or (move in self.above and hidden.keys() >= set(_between(move)))
        )

    def fixed(self, able: Moves) -> list[tuple[str, int]]:
        """List the hidden cells that no swap changes."""
        found = []
        for part in able:
            changed = {place for move in self.ways(part, able) for place in move}
            cuts = self.decision.hidden[part]
            places = {cut - 1 for cut in cuts} | set(cuts)
            found.extend((part, place) for place in sorted(places - changed))
        return found

    def opens(self, cell: tuple[str, int], numbers: Mapping[str, tuple[int, ...]]) -> bool:
        """Return whether a cell can change after some swaps of others."""
        tables, seen = [dict(numbers)], {tuple(numbers.values())}
        for table in tables:
            able = {part: self.moves(part, row) for part, row in table.items()}
            if cell not in self.fixed(able):
                return True
            for after in self._after_a_swap(table, able):
                if len(tables) < TABLES and tuple(after.values()) not in seen:
                    seen.add(tuple(after.values()))
                    tables.append(after)
        return False

    def _after_a_swap(
        self, numbers: Mapping[str, tuple[int, ...]], able: Moves
    ) -> Iterator[dict[str, tuple[int, ...]]]:
        for part in able:
            for move in sorted(able[part]):
                for other in able:
                    if part < other and move[::-1] in able[other]:
                        yield {
                            **numbers,
                            part: _moved(numbers[part], move),
                            other: _moved(numbers[other], move[::-1]),
                        }


def _moves_of_whole(decision: Decision) -> frozenset[Move]:
    """List the moves of the whole; how far the first school has come is shown, so its place is not left empty."""
    numbers = decision.tree.rows[WHOLE].numbers
    last = len(numbers) - 1
    moves = _moves(numbers, decision.hidden[WHOLE])
    return frozenset(move for move in moves if move[0] != last or numbers[last] > 1)


def _moves(numbers: tuple[int, ...], runs: Mapping[int, Run]) -> Iterator[Move]:
    """List the moves of one school over hidden cuts after which each is still within its run."""
    at = [sum(numbers[cut:]) for cut in range(len(numbers))]
    for start, number in enumerate(numbers):
        if not number:
            continue
        end = start + 1
        while end in runs and at[end] < runs[end][1]:
            yield start, end
            end += 1
        end = start
        while end in runs and at[end] > runs[end][0]:
            yield start, end - 1
            end -= 1


def _between(move: Move) -> range:
    """Return the cuts between two places."""
    return range(min(move) + 1, max(move) + 1)


def _moved(numbers: tuple[int, ...], move: Move) -> tuple[int, ...]:
    after = list(numbers)
    after[move[0]] -= 1
    after[move[1]] += 1
    return tuple(after)
