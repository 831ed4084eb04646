"""What of the measures is shown, and that the definitions say the numbers by which it is chosen."""

import re
from datetime import UTC, date, datetime

import pytest

from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules import INDICATORS, Cell, Column, Measure, Need, Step
from cissapp.oversee.figures.rules.briefing import (
    are_renewals_hidden,
    funnel_of,
    guarded,
    load_of,
    regions_to_help,
    renewals_of,
    sum_of,
)
from cissapp.oversee.figures.rules.numbers import LONG_DAYS
from cissapp.oversee.figures.rules.tree import (
    add_up,
    end_of,
    end_of_last_quarter,
    median_of,
    months_between,
)

HELD = NoFigureReason.HELD


def row(**counts: int | Cell):
    """A row of figures; what is not named is 0."""
    found = {Column(name): value for name, value in counts.items()}
    cells = {
        name: value if isinstance(value, Cell) else Cell(value) for name, value in found.items()
    }
    return {column: cells.get(column, Cell(0)) for column in Column}


@pytest.mark.parametrize(
    ("part", "whole", "reason"),
    [(0, 9, None), (4, 30, HELD), (5, 30, None), (26, 30, HELD), (30, 30, None), (25, None, None)],
)
def test_a_part_is_shown_if_neither_it_nor_the_rest_is_small(part, whole, reason):
    assert guarded(part, whole, 5) == Cell(part, reason)


def test_a_sum_with_a_hidden_part_is_hidden_unless_all_other_places_leave_it():
    cases = (Column.SUBMITTED, Column.IN_REVIEW)
    shown = row(submitted=7, in_review=8)
    left = row(submitted=Cell(2, HELD), in_review=Cell(8, HELD))
    hidden = left | {Column.TRAINED: Cell(3, HELD)}

    assert sum_of(shown, cases) == Cell(15)
    assert sum_of(left, cases) == Cell(10)
    assert sum_of(hidden, cases) == Cell(10, HELD)
    due = {(Measure.DUE, ""): 5}
    assert load_of(left, Cell(0), due, of=None).due_in_30_days == Cell(5)
    assert load_of(hidden, Cell(0), due, of=None).due_in_30_days == Cell(5, HELD)


def test_the_way_is_told_only_where_every_place_is():
    measured = {(Measure.REACHED, step.value): 20 for step in Step}
    hidden = row(schools=30, registered=Cell(2, HELD), in_training=28)
    begun = row(schools=30, registered=10, submitted=Cell(2, HELD), in_review=Cell(18, HELD))

    shown = funnel_of(row(schools=30, registered=10, in_training=20), measured)

    assert [one.reached for one in shown] == [Cell(30), *[Cell(20)] * 4]
    assert [one.reached for one in funnel_of(hidden, measured)] == [
        Cell(30),
        *[Cell(20, HELD)] * 3,
        Cell(20),
    ]
    assert [
        one.reached for one in funnel_of(begun | {Column.EXPIRED: Cell(9, HELD)}, measured)
    ] == [
        Cell(30),
        Cell(20),
        *[Cell(20, HELD)] * 3,
    ]


def test_the_way_of_certified_schools_is_no_secret():
    measured = {(Measure.REACHED, step.value): 3 for step in Step}
    places = {"submitted": Cell(1, HELD), "decided": Cell(2, HELD)}

    all_of_them = funnel_of(row(schools=3, certified=3, **places), measured)
    but_one = funnel_of(row(schools=4, certified=3, **places), measured)

    assert [one.reached for one in all_of_them] == [Cell(3)] * 5
    assert but_one[3].reached == Cell(3, HELD)


def test_a_median_that_would_tell_how_many_made_a_step_is_not_shown():
    """In a region of ten schools it would say that all have begun, where the page hides how many have not."""
    measured = {(Measure.MEDIAN_DAYS, Step.IN_TRAINING.value): 12}
    hidden = row(schools=10, registered=Cell(0, HELD), decided=Cell(10, HELD), certified=9)
    public = hidden | {Column.CERTIFIED: Cell(10)}

    assert funnel_of(hidden, measured)[1].median_days is None
    assert funnel_of(public, measured)[1].median_days == 12
    assert funnel_of(row(schools=10, in_training=10), measured)[1].median_days == 12


def test_renewals_begun_are_told_with_the_certificates_that_end():
    measured = {(Measure.RENEWALS_BEGUN, ""): 5, (Measure.ENDING, "2026-05"): 3}
    found = renewals_of(row(expiring=10), measured, date(2026, 3, 20), is_hidden=True)

    assert found.begun == Cell(5, HELD)
    assert (found.by_month[0], found.by_month[2]) == ((date(2026, 3, 1), 0), (date(2026, 5, 1), 3))
    assert len(found.by_month) == 36


def test_renewals_begun_of_a_region_cannot_be_worked_out_from_the_others():
    begun = {"A": 20, "B": 15, "C": 3, "D": 8}
    rows = {code: row(expiring=30) for code in begun}
    measured = {code: {(Measure.RENEWALS_BEGUN, ""): number} for code, number in begun.items()}

    def hidden(measured):
        areas = (None, *begun)
        return [area for area in areas if are_renewals_hidden(area, rows, measured, {})]

    assert hidden(measured) == ["A", "B", "C"]
    assert hidden({}) == []


def test_renewals_begun_are_hidden_where_they_would_tell_who_has_not_begun():
    """All 20 are certified and 8 have begun: the other 12 are at "decided", and that leaves the rest."""
    begun = {code: {(Measure.RENEWALS_BEGUN, ""): 8} for code in ("A", "B")}
    other = row(schools=40, certified=30, expiring=20)
    told = row(schools=20, certified=20, expiring=20, in_review=Cell(2, HELD))
    shown = told | {Column.IN_REVIEW: Cell(8)}

    def hidden(first):
        rows = {"A": first, "B": other}
        return [one for one in (None, "A", "B") if are_renewals_hidden(one, rows, begun, {})]

    none_ends = row(schools=1, certified=1, in_review=Cell(0, HELD))

    assert hidden(told) == [None, "A", "B"]
    assert hidden(shown) == hidden(none_ends) == []


def test_what_is_expected_does_not_tell_the_renewals_begun():
    """Of 20 that expire 3 have begun: 17 and the trained ones are expected."""
    figures, measured = row(trained=30, expiring=20), {(Measure.EXPECTED, ""): 47}

    assert load_of(figures, Cell(3, HELD), measured, of=None).expected_in_90_days == Cell(47, HELD)
    assert load_of(figures, Cell(8), measured, of=None).expected_in_90_days == Cell(47)


def test_what_is_due_is_told_of_a_country_only():
    country = {(Measure.REVIEWERS, ""): 7, (Measure.DUE, ""): 9}
    found = load_of(row(submitted=30), Cell(0), {(Measure.DUE, ""): 9}, of=country)

    assert (found.reviewers, found.due_in_30_days) == (7, None)
    assert load_of(row(submitted=30), Cell(0), country, of=None).due_in_30_days == Cell(9)


def test_a_reason_that_would_tell_a_hidden_figure_is_none():
    rows = {
        "A": row(schools=20, in_training=Cell(10, HELD)),
        "B": row(schools=20, in_training=12),
        "C": row(schools=20, in_training=30),
        "D": row(),
        "E": row(),
    }
    waiting = (Measure.WAITING, Need.LONG_TRAINING.value)
    measured = {"A": {waiting: 10}, "B": {waiting: 10}, "C": {waiting: 9}}

    found = regions_to_help(rows, measured, {}, {"D": 3, "E": 40})

    assert [(one.region_code, one.need, one.number) for one in found] == [
        ("E", Need.NO_SCHOOL, None),
        ("C", Need.LONG_TRAINING, 9),
        ("D", Need.NO_SCHOOL, None),
    ]


def test_districts_that_need_help_do_not_tell_how_many_schools_of_another_one_wait():
    """Of the region the page above says 12, of two districts 9: three are left for the other one."""
    waiting = (Measure.WAITING, Need.LONG_TRAINING.value)
    rows = {name: row(schools=40, in_training=30) for name in "AB"}
    measured = {"A": {waiting: 9}, "B": {waiting: 3}}

    def told(of):
        return [one.region_code for one in regions_to_help(rows, measured, {}, {}, of)]

    assert told(None) == ["A"]
    assert told({waiting: 12}) == []
    assert told({waiting: 9}) == told({waiting: 14}) == ["A"]


def test_the_definition_of_regions_to_help_says_the_days_by_which_they_are_chosen():
    said = [int(number) for number in re.findall(r"over (\d+) days", INDICATORS["to_help"].counts)]

    assert said == list(LONG_DAYS.values())
    assert all(one.name and one.source and one.moment for one in INDICATORS.values())


def test_figures_are_added_up_to_every_region_above():
    own = {"A-1": row(schools=2), "A": row(schools=1), "B": row()}
    counts = {
        code: {name: cell.count for name, cell in cells.items()} for code, cells in own.items()
    }

    found = add_up(counts, lambda code: ("A", "A-1") if code == "A-1" else (code,))

    assert {code: row[Column.SCHOOLS] for code, row in found.items()} == {"A": 3, "A-1": 2, "B": 0}


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 11, 28), date(2026, 9, 1)),
        (date(2026, 10, 1), date(2026, 9, 1)),
        (date(2026, 9, 30), date(2026, 6, 1)),
        (date(2026, 2, 1), date(2025, 12, 1)),
    ],
)
def test_the_last_quarter_ended_with_a_month(day, month):
    assert end_of_last_quarter(day) == month


def test_months_and_medians():
    assert end_of(date(2026, 12, 9)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert months_between(date(2025, 11, 30), date(2026, 1, 2)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]
    assert [median_of(one) for one in ({}, {7: 1}, {1: 1, 9: 1}, {1: 1, 5: 1, 9: 1})] == [
        None,
        7,
        1,
        5,
    ]
