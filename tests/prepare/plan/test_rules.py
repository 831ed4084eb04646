"""Which criteria ask for an action, which day is good, and which dates a school year has."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.plan.rules import (
    Office,
    PlanDate,
    PlanKind,
    SchoolYear,
    below_target,
    day_problem,
    put_together,
    safer_internet_day,
    standing_dates,
    suggested_day,
    suggested_office,
    with_done,
)
from tests.shipped import SHIPPED

TODAY, BEFORE, LATER = date(2026, 11, 25), date(2026, 11, 24), date(2026, 11, 26)


@dataclass(frozen=True)
class Said:
    level: int | None
    not_applicable: bool = False
    text: str = ""
    document_ids: frozenset = frozenset()


def test_what_was_scored_below_level_2_asks_for_an_action():
    scores = {"A1": Said(1), "A2": Said(2), "A12": Said(None, True), "C1": Said(0), "Z1": Said(0)}

    assert [one.id for one in below_target(SHIPPED.standard, scores)] == ["A1", "C1"]


@pytest.mark.parametrize(
    ("due_on", "was", "good"),
    [(TODAY, None, True), (LATER, BEFORE, True), (BEFORE, None, False), (BEFORE, BEFORE, True)],
)
def test_a_new_day_is_not_over(due_on, was, good):
    assert (day_problem(due_on, TODAY, was) is None) == good


YEAR = SchoolYear(2026)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 9, 1), 2026),
        (date(2026, 8, 31), 2025),
        (date(2027, 2, 1), 2026),
        (date(2026, 12, 31), 2026),
    ],
)
def test_a_school_year_begins_in_september(day, first):
    year = SchoolYear.of(day)

    assert (year.first, year.has(day)) == (first, True)
    assert not year.has(year.ends_on.replace(month=9, day=1))


@pytest.mark.parametrize(
    ("first", "day"),
    [
        (2023, date(2024, 2, 13)),
        (2024, date(2025, 2, 11)),
        (2025, date(2026, 2, 10)),
        (2026, date(2027, 2, 9)),
        (2030, date(2031, 2, 11)),
    ],
)
def test_safer_internet_day_is_the_second_tuesday_of_february(first, day):
    assert safer_internet_day(SchoolYear(first)) == day


@given(st.integers(2020, 2100))
def test_the_standing_dates_lie_in_their_year_outside_the_holidays_with_keys_of_their_own(first):
    year = SchoolYear(first)
    dates = standing_dates(year)

    assert all(year.has(one.day) and one.day.month not in {7, 8} for one in dates)
    assert len({one.key for one in dates}) == len(dates) == 13
    assert {one.kind for one in dates if "C5" in one.criteria} == {PlanKind.TRAINING}
    assert sum(one.kind is PlanKind.DRILL for one in dates) == 2


def test_what_a_room_knows_stands_in_place_of_what_is_suggested():
    known = PlanDate(PlanKind.DRILL, "x", "Drill", date(2026, 10, 1), Office.HEAD)
    elsewhere = PlanDate(PlanKind.TRAINING, "x", "Train", date(2027, 10, 1), Office.HEAD)
    found = list(put_together(standing_dates(YEAR), [known, elsewhere], YEAR))

    assert [one for one in found if one.kind is PlanKind.DRILL] == [known]
    assert [one.key for one in found if one.kind is PlanKind.TRAINING] == ["training-2026-1"]
    assert len(found) == 12


def test_what_was_done_is_done_in_the_order_of_the_year():
    days = [date(2027, 1, 9), date(2026, 10, 1), date(2027, 5, 1)]
    done = [one.done_on for one in with_done(PlanKind.DRILL, YEAR, days)]

    assert done == [date(2026, 10, 1), date(2027, 1, 9)]
    assert [one.done_on for one in with_done(PlanKind.DRILL, YEAR, [])] == [None, None]


def test_an_office_and_a_day_are_suggested_for_every_criterion():
    criteria = SHIPPED.standard.by_id
    offices = [suggested_office(criteria[one]) for one in ("A1", "A12", "B3", "C3", "C5", "C12")]

    assert offices == [
        Office.HEAD,
        Office.IT_PERSON,
        Office.DESIGNATED_PERSON,
        Office.CLASS_TEACHERS,
        Office.DEPUTY_HEAD,
        Office.HEAD,
    ]
    days = {suggested_day(one, TODAY) for one in criteria.values()}
    assert days == {date(2027, 1, 6), date(2027, 2, 17)}
    assert suggested_day(criteria["B3"], date(2026, 6, 1)) == date(2026, 9, 15)
