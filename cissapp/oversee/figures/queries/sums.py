"""Adds the measures of one country up along the tree of its regions."""

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from cissapp.oversee.figures.rules import Measure, Step
from cissapp.oversee.figures.rules.numbers import SCHOOLS_LEAST
from cissapp.oversee.figures.rules.tree import PathOf, median_of, merged

# A measure of an area: its region with all below (empty: the country), the measure, of what, how much.
MeasureRow = tuple[str, Measure, str, int]
Key = tuple[Measure, str]


class MeasureSums(Struct):
    """The measures of one country while they are added up along its tree."""

    path_of: PathOf
    numbers: dict[str, dict[Key, int]] = field(default_factory=dict)
    days: dict[str, dict[Step, list[Mapping[int, int]]]] = field(default_factory=dict)

    def areas(self, region_code: str) -> tuple[str, ...]:
        """Return the areas in which a region counts: the country, and all above it."""
        return ("", *self.path_of(region_code))

    def add(self, region_code: str, key: Key, number: int) -> None:
        """Add a number of the schools of a region to every area that it belongs to."""
        for area in self.areas(region_code):
            row = self.numbers.setdefault(area, {})
            row[key] = row.get(key, 0) + number

    def add_days(self, region_code: str, step: Step, histogram: Mapping[int, int]) -> None:
        """Add the days that the schools of a region needed for a step."""
        for area in self.areas(region_code):
            self.days.setdefault(area, {}).setdefault(step, []).append(histogram)

    def rows(self) -> Iterator[MeasureRow]:
        """List what is kept: nothing of 0, no median and no criterion of few schools."""
        for area, numbers in self.numbers.items():
            for (measure, detail), number in numbers.items():
                # Criteria are told of a country only: a region would tell of the rest of it, too.
                unseen = measure in {Measure.REVIEWED, Measure.BELOW} and (
                    area != "" or numbers[Measure.REVIEWED, detail] < SCHOOLS_LEAST
                )
                if number and not unseen:
                    yield area, measure, detail, number
        for area, steps in self.days.items():
            for step, histograms in steps.items():
                histogram = merged(histograms)
                median = median_of(histogram)
                if median is not None and sum(histogram.values()) >= SCHOOLS_LEAST:
                    yield area, Measure.MEDIAN_DAYS, step.value, median
