"""Proves that every hidden cell could be another number with everything shown being the same.

Two schools of two regions swap places: one moves from a place to another, the other the opposite way. No
sum changes. If every cut between the two places is hidden in both regions and stays within its run, the
same rule hides the same cells of the changed table: nobody can distinguish the two.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from cissapp.oversee.figures.rules.hiding.cuts import Decision, Run
from cissapp.oversee.figures.rules.hiding.tree import WHOLE

# A school goes from one place to another.
Move = tuple[int, int]
Moves = dict[str, frozenset[Move]]
Numbers = dict[str, tuple[int, ...]]
# The numbers of a row's parts, and the moves by which the row itself could change.
Table = tuple[Numbers, frozenset[Move]]
# A cell counts as fixed if it is the same in this many indistinguishable tables, or in all of them.
TABLES = 60


def rows_with_fixed_parts(decision: Decision) -> frozenset[str]:
    """List the rows with parts in which a hidden cell is the same in all indistinguishable tables."""
    ways: Moves = {WHOLE: _moves_of_whole(decision)}
    found, waiting = set(), [WHOLE]
    while waiting:
        row = waiting.pop()
        waiting.extend(decision.tree.parts[row])
        parts = [part for part in decision.tree.parts[row] if decision.hidden[part]]
        if decision.is_open(row) and not any(decision.tree.parts[part] for part in parts):
            continue
        numbers = {part: decision.tree.rows[part].numbers for part in parts}
        family = Family(decision, row)
        table = numbers, ways.get(row, frozenset())
        moves = family.ways(table)
        ways.update(moves)
        if not decision.is_open(row) and not family.opens(family.fixed(moves), table):
            found.add(row)
    return frozenset(found)


class Family(Struct, frozen=True):
    """The parts of a row, which can swap schools with each other."""

    decision: Decision
    row: str

    def ways(self, table: Table) -> Moves:
        """List the moves of each part that another part, or the row itself, can compensate for."""
        numbers, above = table
        able = self._able(numbers)
        of_row = {move for move in above if self._is_above(move, above)}
        holders: dict[Move, list[str]] = {}
        for part, moves in able.items():
            for move in moves:
                holders.setdefault(move, []).append(part)
        return {
            part: frozenset(
                move
                for move in moves
                if move in of_row
                or self._has_partner(numbers, part, move, holders.get(move[::-1], ()))
            )
            for part, moves in able.items()
        }

    def fixed(self, ways: Moves) -> list[tuple[str, int]]:
        """List the hidden cells that none of the moves of the parts changes."""
        found: list[tuple[str, int]] = []
        for part, moves in ways.items():
            changed = {place for move in moves for place in move}
            cuts = self.decision.hidden[part]
            places = {cut - 1 for cut in cuts} | set(cuts)
            found.extend((part, place) for place in sorted(places - changed))
        return found

    def opens(self, cells: Sequence[tuple[str, int]], table: Table) -> bool:
        """Return whether each of these cells, fixed in this table, can change after some swaps of others."""
        fixed, tables, seen = set(cells), [table], {tuple(table[0].values())}
        for one in tables if fixed else ():
            fixed.intersection_update(self.fixed(self.ways(one)))
            if not fixed:
                break
            for after in self._after_one(one):
                # A row of many parts has thousands of further ones.
                if len(tables) == TABLES:
                    break
                if (numbers := tuple(after[0].values())) not in seen:
                    seen.add(numbers)
                    tables.append(after)
        return not fixed

    def _able(self, numbers: Numbers) -> Moves:
        hidden = self.decision.hidden
        return {part: frozenset(_moves(row, hidden[part])) for part, row in numbers.items()}

    def _is_above(self, move: Move, above: frozenset[Move]) -> bool:
        """Return whether the row itself can make a move: it hides all the cuts that the move crosses."""
        return move in above and self.decision.hidden[self.row].keys() >= set(_between(move))

    def _has_partner(self, numbers: Numbers, part: str, move: Move, holders: Sequence[str]) -> bool:
        """Return whether another part can make the opposite move."""
        # Nearly always the first is one: a generator would take longer than the check.
        for other in holders:
            if other != part and self._has_reason(numbers, part, other, move):
                return True
        return False

    def _has_reason(self, numbers: Numbers, part: str, other: str, move: Move) -> bool:
        """Return whether after a swap some part still gives a reason for the smallest to hide their cuts."""
        own = self.decision.own_reason.get(self.row)
        cuts = own.intersection(_between(move)) if own else ()
        if not cuts:
            return True
        after = {
            **numbers,
            part: _moved(numbers[part], move),
            other: _moved(numbers[other], move[::-1]),
        }
        hidden = self.decision.hidden
        return all(
            any(
                self.decision.run_at(name, cut, sum(row[cut:]))
                for name, row in after.items()
                if cut in hidden[name]
            )
            for cut in cuts
        )

    def _after_one(self, table: Table) -> Iterator[Table]:
        """List the tables after one swap, or one move of a part and the row itself."""
        numbers, above = table
        able = self._able(numbers)
        for part, moves in able.items():
            for move in sorted(moves):
                moved = {**numbers, part: _moved(numbers[part], move)}
                if self._is_above(move, above):
                    yield moved, frozenset({move[::-1]})
                for other in able:
                    back = part < other and move[::-1] in able[other]
                    if back and self._has_reason(numbers, part, other, move):
                        yield {**moved, other: _moved(numbers[other], move[::-1])}, above


def _moves_of_whole(decision: Decision) -> frozenset[Move]:
    """List the moves of the whole that leave the same places empty, since it is public which ones are."""
    numbers = decision.tree.rows[WHOLE].numbers
    moves = _moves(numbers, decision.hidden[WHOLE])
    return frozenset(move for move in moves if numbers[move[0]] > 1 and numbers[move[1]])


def _moves(numbers: tuple[int, ...], runs: Mapping[int, Run]) -> Iterator[Move]:
    """List the moves of one school over hidden cuts that keep each of them within its run."""
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
