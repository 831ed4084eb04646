"""Months of the calendar: where a certificate ends, and where a year or more counts back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.clock import months_after

DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "other"),
    [
        (date(2026, 11, 25), 24, date(2028, 11, 25)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 12, 31), 14, date(2028, 2, 29)),
        (date(2026, 1, 1), 36, date(2029, 1, 1)),
        (date(2026, 11, 25), -24, date(2024, 11, 25)),
        (date(2026, 2, 28), -24, date(2024, 2, 28)),
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
    ],
)
def test_it_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, other: date):
    assert months_after(day, months) == other


@given(DAYS, st.integers(-600, 600))
def test_months_are_counted_by_the_calendar(day: date, months: int):
    other = months_after(day, months)

    assert (other.year - day.year) * 12 + other.month - day.month == months
    assert other.day == day.day or 28 <= other.day < day.day


@given(DAYS, st.integers(-600, 600))
def test_the_way_back_leads_to_the_day_or_to_an_earlier_one_at_its_end(day: date, months: int):
    back = months_after(months_after(day, months), -months)

    assert (back.year, back.month) == (day.year, day.month)
    assert back.day == day.day or 28 <= back.day < day.day


@given(DAYS, DAYS, st.integers(-600, 600))
def test_a_later_day_leads_nowhere_earlier(first: date, second: date, months: int):
    first, second = sorted((first, second))

    assert months_after(first, months) <= months_after(second, months)
