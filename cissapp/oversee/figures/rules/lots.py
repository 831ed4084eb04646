"""Adds levels in lots of ten schools, so that no change of a share tells the levels of a single school."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from msgspec import Struct, field

from cissapp.oversee.figures.rules.numbers import SCHOOLS_LEAST

# One byte for each school and criterion, as a country may have tens of thousands of schools.
NO_LEVEL, SOUND, BELOW = range(3)


class _Criterion(Struct):
    """The levels of a criterion that count, and those that wait for a lot, by the number of the school."""

    counted: bytearray = field(default_factory=bytearray)
    waiting: dict[int, int] = field(default_factory=dict)

    def level_of(self, number: int) -> int:
        """Return the newest level of a school, which may not count yet."""
        counted = self.counted[number] if number < len(self.counted) else NO_LEVEL
        return self.waiting.get(number, counted)

    def add(self, number: int, level: int) -> None:
        """Add a level of a school to the lot, which counts once it is of ten different schools."""
        self.waiting[number] = level
        if len(self.waiting) < SCHOOLS_LEAST:
            return
        self.counted.extend(bytes(max(0, max(self.waiting) + 1 - len(self.counted))))
        for one, newest in self.waiting.items():
            self.counted[one] = newest
        self.waiting.clear()


class Lots(Struct):
    """The levels of the latest decisions of a country; each criterion has lots of its own.

    Had all criteria the same lots, a criterion that applies to one school of a lot would tell its level. A level
    that an appeal panel has changed, or that a newer decision leaves out, waits for a lot as well.
    """

    numbers: dict[UUID, int] = field(default_factory=dict)
    latest: dict[int, UUID] = field(default_factory=dict)
    criteria: dict[str, _Criterion] = field(default_factory=dict)

    def decide(self, school_id: UUID, decision_id: UUID, below: Mapping[str, bool]) -> None:
        """Add a decision: by criterion, whether the school is below level 2. Call it in order of time."""
        is_first = school_id not in self.numbers
        number = self.numbers.setdefault(school_id, len(self.numbers))
        self.latest[number] = decision_id
        if not is_first:
            for key, criterion in self.criteria.items():
                if key not in below and criterion.level_of(number) != NO_LEVEL:
                    criterion.add(number, NO_LEVEL)
        self._add(number, below)

    def alter(self, school_id: UUID, decision_id: UUID, below: Mapping[str, bool]) -> None:
        """Add what a panel changed in a decision, unless a newer one has taken its place."""
        number = self.numbers.get(school_id)
        if number is not None and self.latest[number] == decision_id:
            self._add(number, below)

    def counted(self) -> Iterator[tuple[str, UUID, bool]]:
        """Yield each criterion and school that count, and whether the school is below level 2."""
        ids = list(self.numbers)
        for key, criterion in self.criteria.items():
            for number, level in enumerate(criterion.counted):
                if level != NO_LEVEL:
                    yield key, ids[number], level == BELOW

    def _add(self, number: int, below: Mapping[str, bool]) -> None:
        for key, is_below in below.items():
            criterion = self.criteria.setdefault(key, _Criterion())
            criterion.add(number, BELOW if is_below else SOUND)
