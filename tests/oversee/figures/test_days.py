"""Whoever reads the figures day by day does not learn from schools that join how few had not begun before."""

import pytest

from cissapp.oversee.figures.rules import Column, table_of
from tests.oversee.figures.days import Reader, Regions, days_of


def small(days: list[Regions], before: Regions | None) -> list[int]:
    """List the small numbers that a reader of every day works out."""
    schools = before and {name: row[Column.SCHOOLS] for name, row in before.items()}
    tables = [table_of(day, before=schools) for day in days]
    return [number for _cell, number in Reader(tables).fixed() if number <= 5]


@pytest.mark.parametrize("seed", range(6))
def test_a_list_of_new_schools_does_not_tell_how_few_had_not_begun(seed):
    days = days_of(seed, regions=25, schools=1500, days=30)

    assert small(days, days[0]) == []


def test_the_reader_works_it_out_where_those_that_joined_are_not_taken_apart():
    """That was the rule before: 3 of a region are hidden, 12 join, nobody begins, and 15 are shown."""
    found = [small(days_of(seed, regions=25, schools=1500, days=30), None) for seed in range(6)]

    assert sum(map(len, found)) > 20
