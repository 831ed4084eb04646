"""Adds up the measures of one country along the tree of its regions."""

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from cissapp.oversee.figures.rules import Measure, Step
from cissapp.oversee.figures.rules.numbers import SCHOOLS_LEAST
from cissapp.oversee.figures.rules.tree import PathOf, median_of, merged

# Area (a region with all below it, or "" for the country), measure, detail, number.
MeasureRow = tuple[str, Measure, str, int]
Key = tuple[Measure, str]


class MeasureSums(Struct):
    """The running sums of one country's measures along its tree of regions."""

    path_of: PathOf
    numbers: dict[str, dict[Key, int]] = field(default_factory=dict)
    days: dict[str, dict[Step, list[Mapping[int, int]]]] = field(default_factory=dict)

    def areas(self, region_code: str) -> tuple[str, ...]:
        """Return the areas in which a region counts: the country, and the region with all those above it."""
        return ("", *self.path_of(region_code))

    def add(self, region_code: str, key: Key, number: int) -> None:
        """Add a number of a region's schools to every area that the region belongs to."""
        for area in self.areas(region_code):
            row = self.numbers.setdefault(area, {})
            row[key] = row.get(key, 0) + number

    def add_days(self, region_code: str, step: Step, histogram: Mapping[int, int]) -> None:
        """Add the days that the schools of a region needed for a step."""
        for area in self.areas(region_code):
            self.days.setdefault(area, {}).setdefault(step, []).append(histogram)

    def rows(self) -> Iterator[MeasureRow]:
        """Yield the rows to store, without zeros of schools, and without medians and criteria of few schools."""
        for area, numbers in self.numbers.items():
            for (measure, detail), number in numbers.items():
                # Criteria are stored per country only: a region's figures would reveal those of the rest.
                unseen = measure in {Measure.REVIEWED, Measure.BELOW} and (
                    area != "" or numbers[Measure.REVIEWED, detail] < SCHOOLS_LEAST
                )
                if (number or measure is Measure.REVIEWERS) and not unseen:
                    yield area, measure, detail, number
        for area, steps in self.days.items():
            for step, histograms in steps.items():
                histogram = merged(histograms)
                median = median_of(histogram)
                if median is not None and sum(histogram.values()) >= SCHOOLS_LEAST:
                    yield area, Measure.MEDIAN_DAYS, step.value, median
