"""What of the measures is shown, and that the definitions say the numbers by which it is chosen."""

import re
from datetime import UTC, date, datetime

import pytest

from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules import (
    INDICATORS,
    PLACES,
    Cell,
    Column,
    FunnelStep,
    Measure,
    Need,
    Step,
)
from cissapp.oversee.figures.rules.briefing import load_of, regions_to_help, renewals_of, weak_of
from cissapp.oversee.figures.rules.funnel import funnel_of, guarded, longest_of, sum_of
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
    ("days", "longest"),
    [
        ((9, 112, 6, 24), Step.SUBMITTED),
        ((9, 0, 9, 1), Step.IN_TRAINING),
        # The days of another step, which are not known, may be more.
        ((None, 50, None, None), None),
        ((9, 112, 6, None), None),
        ((0, 0, 0, 0), None),
    ],
)
def test_no_step_is_called_the_longest_while_another_is_not_known(days, longest):
    steps = [
        FunnelStep(step, Cell(20), number, Cell(6))
        for step, number in zip(Step, (None, *days), strict=True)
    ]
    assert longest_of(steps) == longest


@pytest.mark.parametrize(
    ("part", "whole", "reason"),
    [(0, 9, None), (5, 30, HELD), (6, 30, None), (25, 30, HELD), (30, 30, None), (25, None, None)],
)
def test_a_part_is_shown_if_neither_it_nor_the_rest_is_small(part, whole, reason):
    assert guarded(part, whole, 5) == Cell(part, reason)


def test_a_sum_with_a_hidden_part_is_hidden_unless_the_cuts_on_both_sides_are_shown():
    cases = (Column.SUBMITTED, Column.IN_REVIEW)
    shown = row(submitted=7, in_review=8)
    between = row(submitted=Cell(2, HELD), in_review=Cell(8, HELD, is_later_hidden=True))
    before = row(submitted=Cell(2, HELD, is_later_hidden=True), in_review=Cell(8, HELD))
    behind = between | {Column.DECIDED: Cell(3, HELD, is_later_hidden=True)}

    assert sum_of(shown, cases) == Cell(15)
    assert sum_of(between, cases) == Cell(10)
    assert sum_of(before, cases) == sum_of(behind, cases) == Cell(10, HELD)
    due = {(Measure.DUE, ""): 0}
    assert load_of(between, Cell(0), due, reviewers=1).due_in_30_days == Cell(0)
    assert load_of(before, Cell(0), due, reviewers=1).due_in_30_days == Cell(0, HELD)


# --- the steps --------------------------------------------------------------------------------


def reached(row, measured, of=None):
    return [one.reached for one in funnel_of(row, measured, of=of)]


def measures(*numbers: int):
    """How many schools have reached each step."""
    return {
        (Measure.REACHED, step.value): number for step, number in zip(Step, numbers, strict=True)
    }


def test_the_way_of_a_country_is_told_only_where_every_place_is():
    measured = measures(30, 20, 20, 20, 20)
    hidden = row(schools=30, registered=Cell(2, HELD), in_training=Cell(8, HELD), trained=20)
    begun = row(schools=30, registered=10, submitted=Cell(2, HELD), in_review=Cell(18, HELD))

    assert reached(row(schools=30, registered=10, trained=20), measured) == [
        Cell(30),
        *[Cell(20)] * 4,
    ]
    assert reached(hidden, measures(30, 28, 9, 9, 0)) == [
        Cell(30),
        Cell(28, HELD),
        *[Cell(9, HELD)] * 2,
        Cell(0),
    ]
    assert reached(begun | {Column.EXPIRED: Cell(9, HELD)}, measured) == [
        Cell(30),
        Cell(20),
        Cell(20),
        *[Cell(20, HELD)] * 2,
    ]


def test_a_region_does_not_tell_how_many_have_submitted_ever():
    """The country shows 41, one region 23: the other one has 18, of which three could be hidden."""
    country = row(schools=80, registered=20, trained=30, submitted=30), measures(80, 60, 41, 0, 0)
    region = row(schools=40, registered=10, trained=15, submitted=15)

    assert reached(*country)[2] == Cell(41)
    assert reached(region, measures(40, 30, 23, 0, 0), of=country)[2] == Cell(23, HELD)


@pytest.mark.parametrize(("country", "region"), [(30, 15), (60, 30)])
def test_a_region_tells_how_many_have_submitted_if_that_of_the_country_says_it(country, region):
    """None of the trained schools of the country took an application back, or all of them."""
    whole = row(schools=80, registered=20, trained=30, submitted=30)
    part = row(schools=40, registered=10, trained=15, submitted=15)
    of = whole, measures(80, 60, country, 0, 0)

    assert reached(part, measures(40, 30, region, 0, 0), of=of)[2] == Cell(region)
    hidden = part | {
        Column.TRAINED: Cell(4, HELD, is_later_hidden=True),
        Column.SUBMITTED: Cell(26, HELD, is_later_hidden=True),
    }
    assert reached(hidden, measures(40, 30, 26, 0, 0), of=of)[2].reason is HELD


def test_a_region_tells_what_the_country_says_of_it_where_all_others_are_certified():
    whole = row(schools=80, certified=40, registered=20, trained=15, submitted=5, decided=40)
    part = row(schools=40, registered=20, trained=15, submitted=5)
    of = whole, measures(80, 60, 51, 0, 0)

    assert reached(part, measures(40, 20, 11, 0, 0), of=of)[2] == Cell(11)
    assert reached(whole, measures(80, 60, 51, 0, 0), of=of)[2] == Cell(51)


def test_a_number_of_last_night_that_fits_the_places_of_today_by_chance_is_not_told():
    """Today a school took its application back, or left the register."""
    whole = row(schools=80, registered=20, trained=30, submitted=30)
    part = row(schools=40, registered=10, trained=15, submitted=15)
    fits = whole, measures(80, 60, 30, 0, 0)
    certified = row(schools=79, certified=39, registered=20, trained=15, submitted=5, decided=39)
    rest = row(schools=40, registered=20, trained=15, submitted=5)

    assert reached(part, measures(40, 30, 16, 0, 0), of=fits)[2] == Cell(16, HELD)
    assert reached(rest, measures(40, 20, 11, 0, 0), of=(certified, fits[1]))[2] == Cell(11, HELD)


def test_the_way_of_certified_schools_is_no_secret():
    places = {
        "submitted": Cell(1, HELD, is_later_hidden=True),
        "in_review": Cell(0, HELD, is_later_hidden=True),
        "decided": Cell(2, HELD, is_later_hidden=True),
    }
    whole = row(schools=20, registered=Cell(1, HELD), trained=8, submitted=6, in_review=5)
    country = whole, measures(20, 19, 12, 6, 3)

    all_of_them = reached(row(schools=3, certified=3, **places), measures(3, 3, 3, 3, 3), country)
    but_one = reached(row(schools=4, certified=3, **places), measures(4, 3, 3, 3, 3), country)

    assert all_of_them == [Cell(3)] * 5
    assert but_one[3] == Cell(3, HELD)


def test_a_median_that_would_tell_how_many_made_a_step_is_not_shown():
    """In a region of ten schools it would say that all have begun, where the page hides how many have not."""
    measured = {(Measure.MEDIAN_DAYS, Step.IN_TRAINING.value): 12}
    begun = {Column.IN_TRAINING: Cell(0, HELD, is_later_hidden=True)}
    hidden = row(schools=10, registered=Cell(0, HELD), decided=Cell(10, HELD), certified=9) | begun
    public = hidden | {Column.CERTIFIED: Cell(10)}
    some = row(schools=30, registered=20, in_training=Cell(4, HELD), trained=Cell(6, HELD))

    def days(found):
        return funnel_of(found, measured)[1].median_days

    assert days(hidden) is None
    assert days(row(schools=30, registered=21, in_training=9)) is None
    assert days(public) == days(row(schools=10, in_training=10)) == days(some) == 12


# --- renewals and workload --------------------------------------------------------------------


def begun_of(country, number: int, regions=None):
    measured = {(Measure.RENEWALS_BEGUN, ""): number}
    return renewals_of(country, measured, date(2026, 3, 20), rows=regions or {}).begun


def test_renewals_begun_are_told_with_the_certificates_that_end():
    measured = {(Measure.RENEWALS_BEGUN, ""): 5, (Measure.ENDING, "2026-05"): 3}
    found = renewals_of(
        row(certified=40, decided=50, expiring=30), measured, date(2026, 3, 20), rows={}
    )

    assert found.begun == Cell(5, HELD)
    assert (found.by_month[0], found.by_month[2]) == ((date(2026, 3, 1), 0), (date(2026, 5, 1), 3))
    assert len(found.by_month) == 36


def test_renewals_begun_and_work_ahead_are_told_of_countries_only():
    country = row(certified=40, decided=50, expiring=30, trained=20, submitted=30)
    measured = {
        (Measure.RENEWALS_BEGUN, ""): 9,
        (Measure.EXPECTED, ""): 41,
        (Measure.DUE, ""): 12,
    }

    whole = renewals_of(country, measured, date(2026, 3, 20), rows={})
    load = load_of(country, whole.begun, measured, reviewers=7)
    part = renewals_of(country, measured, date(2026, 3, 20), rows=None)
    below = load_of(country, part.begun, measured, reviewers=7)

    assert (whole.begun, load.reviewers, load.due_in_30_days) == (Cell(9), 7, Cell(12))
    assert load.expected_in_90_days == Cell(41)
    assert (part.begun, below.reviewers) == (None, 7)
    assert below.due_in_30_days is below.expected_in_90_days is None


def test_renewals_begun_are_known_where_no_school_is_at_decided():
    """Certified schools that have not begun would be there."""
    assert begun_of(row(certified=9, expiring=3, trained=9), 3) == Cell(3)
    assert begun_of(row(), 0) == Cell(0)


def test_renewals_begun_do_not_tell_that_few_have_a_decision_and_no_certificate():
    """Of 40 certified schools nine renew, so 31 are at "decided", and with three others 34."""
    few = row(certified=40, decided=34, expiring=30)
    hidden = row(certified=40, decided=Cell(50, HELD), expiring=30)

    assert begun_of(few, 9) == begun_of(hidden, 9) == Cell(9, HELD)
    assert begun_of(few | {Column.DECIDED: Cell(37)}, 9) == Cell(9)


def test_renewals_begun_are_hidden_where_they_would_tell_who_has_not_begun():
    """All schools of a region are certified: if none has begun, all are at "decided", which the page hides."""
    country = row(certified=50, decided=70, expiring=40)
    told = row(schools=12, certified=12, expiring=12, in_review=Cell(2, HELD))
    shown = told | {Column.IN_REVIEW: Cell(8)}
    none_ends = told | {Column.EXPIRING: Cell(0)}
    alone = row(certified=50, decided=70, expiring=12)

    assert begun_of(country, 0, {"A": told}) == Cell(0, HELD)
    assert begun_of(country, 0, {"A": shown}) == begun_of(country, 0, {"A": none_ends}) == Cell(0)
    # Some have begun, but not only those of this region can have.
    assert begun_of(country, 8, {"A": told}) == Cell(8)
    assert begun_of(alone, 6, {"A": told}) == Cell(6, HELD)


def test_what_is_expected_does_not_tell_the_renewals_begun():
    """Of 20 that expire 3 have begun: 17 and the trained ones are expected."""
    figures, measured = row(trained=30, expiring=20), {(Measure.EXPECTED, ""): 47}

    assert load_of(figures, Cell(3, HELD), measured, reviewers=1).expected_in_90_days == Cell(
        47, HELD
    )
    assert load_of(figures, Cell(8), measured, reviewers=1).expected_in_90_days == Cell(47)
    hidden = figures | {Column.TRAINED: Cell(30, HELD)}
    assert load_of(hidden, Cell(8), measured, reviewers=1).expected_in_90_days == Cell(47, HELD)


def test_weak_criteria_do_not_tell_how_many_were_reviewed_where_others_hide_it():
    """Of 12 certified schools all 12 were reviewed: no other has ever had a decision."""
    measured = {
        (Measure.REVIEWED, "A1"): 12,
        (Measure.BELOW, "A1"): 12,
        **measures(60, 50, 30, 20, 12),
    }

    def told(**hidden: Cell):
        counts = {**dict.fromkeys(PLACES, 10), "schools": 60, "certified": 12, **hidden}
        country = row(**counts)
        return weak_of(country, funnel_of(country, measured), measured)

    assert [one.schools for one in told()] == [12]
    assert told(expired=Cell(0, HELD)) == told(registered=Cell(0, HELD)) == ()


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
