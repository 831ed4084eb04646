"""The tree of rows: the whole, its regions, their parts, and what a region counts beside its parts."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

WHOLE = "*"
# Suffix of a region's row for the schools that name no part of it.
REST = "/rest"


class Row(Struct, frozen=True):
    """The schools at each place, in order; `late` is how many are publicly known to be past the early ones.

    `joined` is how many have come since the figures before, where none of them was past the first place. What
    is `reformed` was shown in other parts before: shown again, it would tell what these hid.
    """

    numbers: tuple[int, ...]
    late: int = 0
    joined: int = 0
    reformed: bool = False


class Tree(Struct, frozen=True):
    """All rows with schools, and the parts of each, the smallest first: their sizes are public."""

    rows: Mapping[str, Row]
    parts: Mapping[str, Sequence[str]]

    def total(self, row: str) -> int:
        """Return how many schools a row has; this is always shown."""
        return sum(self.rows[row].numbers)

    def below(self, row: str) -> Iterator[str]:
        """List the rows below one, from the top down."""
        for part in self.parts[row]:
            yield part
            yield from self.below(part)

    def named(self) -> Iterator[str]:
        """List the rows that are shown."""
        return (row for row in self.rows if not row.endswith(REST))

    def of_places(self, places: Sequence[int]) -> "Tree":
        """Return the same rows with some places only; the others are empty in all of them."""
        rows = {
            name: replace(row, numbers=tuple(row.numbers[place] for place in places))
            for name, row in self.rows.items()
        }
        return Tree(rows, self.parts)


def tree_of(rows: Mapping[str, Row], parents: Mapping[str, str]) -> Tree:
    """Arrange rows in a tree, with the whole at the top; rows without schools are left out."""
    below: dict[str, list[str]] = {name: [] for name in (WHOLE, *rows)}
    for name in rows:
        below[parents.get(name, WHOLE)].append(name)
    found = dict(rows)
    found[WHOLE] = _sum_of([rows[name] for name in below[WHOLE]])
    for name, parts in list(below.items()):
        rest = _less(found[name], _sum_of([rows[part] for part in parts]))
        if parts and sum(rest.numbers):
            found[name + REST], below[name + REST] = rest, []
            parts.append(name + REST)
    filled = {name: row for name, row in found.items() if sum(row.numbers) or name == WHOLE}
    in_order = {
        name: sorted(
            (part for part in below[name] if part in filled),
            key=lambda part: (sum(filled[part].numbers), part),
        )
        for name in filled
    }
    return Tree(filled, in_order)


def _sum_of(rows: Sequence[Row]) -> Row:
    if not rows:
        return Row(())
    numbers = tuple(map(sum, zip(*(row.numbers for row in rows), strict=True)))
    return Row(numbers, sum(row.late for row in rows), sum(row.joined for row in rows))


def _less(row: Row, parts: Row) -> Row:
    """Return what a row has beside its parts."""
    numbers = tuple(
        max(number - part, 0) for number, part in zip(row.numbers, parts.numbers, strict=False)
    )
    return Row(numbers, max(row.late - parts.late, 0), max(row.joined - parts.joined, 0))
