"""Working days and minutes, against a table computed by hand from the wall calendars of 2021 to 2027."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.packs import CountryPack
from cissapp.people.deadlines.queries.calendars import calendar_of, hours_of
from cissapp.people.deadlines.rules import (
    Calendar,
    DaysOfYear,
    WorkingHours,
    working_days_after,
    working_days_before,
    working_days_between,
    working_minutes,
)
from config import ROOT

PACKS = load(ROOT / "modules").countries
DAY = 540  # 08:00 to 17:00
NIGHT = WorkingHours(time(0), time(6))


def without_pack() -> CountryPack:
    """Moldova's pack under a code that no country has."""
    return CountryPack(PACKS["MD"].file.model_copy(update={"code": "XX"}))


CALENDARS = {code: calendar_of(pack) for code, pack in PACKS.items()} | {
    "XX": calendar_of(without_pack())
}
HOURS = hours_of(PACKS["MD"])


def local(code: str, text: str, fold: int = 0) -> datetime:
    """A moment by the clock on the wall of a country."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDARS[code].zone, fold=fold)


# CountryPack, from, to, minutes. 23 to 27 November 2026 are Monday to Friday without a holiday.
TABLE = [
    # Inside one day.
    ("MD", "2026-11-23 09:00", "2026-11-23 09:30", 30),  # half an hour of a lesson morning
    ("MD", "2026-11-23 08:00", "2026-11-23 17:00", DAY),  # the whole working day
    ("MD", "2026-11-23 10:00", "2026-11-23 10:00", 0),  # no time passes
    ("MD", "2026-11-23 16:59", "2026-11-23 17:00", 1),  # the last minute counts
    ("MD", "2026-11-23 17:00", "2026-11-23 17:01", 0),  # the minute after the last does not
    ("MD", "2026-11-23 07:59", "2026-11-23 08:00", 0),  # nor the one before the first
    ("MD", "2026-11-23 07:59", "2026-11-23 08:01", 1),  # one minute on each side of the opening
    ("MD", "2026-11-23 16:59", "2026-11-23 17:01", 1),  # one minute on each side of the closing
    ("MD", "2026-11-23 07:30", "2026-11-23 09:00", 60),  # begins before the school opens
    ("MD", "2026-11-23 16:30", "2026-11-23 19:00", 30),  # ends after it closed
    ("MD", "2026-11-23 06:00", "2026-11-23 22:00", DAY),  # both
    ("MD", "2026-11-23 18:00", "2026-11-23 23:00", 0),  # an evening
    ("MD", "2026-11-23 09:00:59", "2026-11-23 09:01:00", 1),  # seconds are dropped from both ends:
    ("MD", "2026-11-23 09:00:00", "2026-11-23 09:00:59", 0),  # ... a begun minute is not yet one
    # Several days.
    ("MD", "2026-11-23 16:00", "2026-11-24 09:00", 120),  # an hour before the night, one after
    ("MD", "2026-11-23 17:00", "2026-11-24 08:00", 0),  # exactly the night
    ("MD", "2026-11-23 18:00", "2026-11-24 08:10", 10),  # reported in the evening, seen at 08:10
    ("MD", "2026-11-23 08:00", "2026-11-27 17:00", 5 * DAY),  # Monday morning to Friday evening
    ("MD", "2026-11-23 00:00", "2026-11-30 00:00", 5 * DAY),  # from midnight to midnight, a week
    ("MD", "2026-11-25 12:00", "2026-12-02 12:00", 5 * DAY),  # a week from noon to noon
    # Weekends.
    ("MD", "2026-11-27 16:00", "2026-11-30 09:00", 120),  # Friday's last hour, Monday's first
    ("MD", "2026-11-27 17:00", "2026-11-30 08:00", 0),  # exactly the weekend
    ("MD", "2026-11-28 10:00", "2026-11-28 15:00", 0),  # a Saturday
    ("MD", "2026-11-28 10:00", "2026-11-30 10:00", 120),  # begins on a Saturday, ends Monday 10:00
    ("MD", "2026-11-27 10:00", "2026-11-29 12:00", 420),  # Friday from 10:00 on, ends on a Sunday
    # Holidays of Moldova.
    ("MD", "2026-08-27 08:00", "2026-08-27 17:00", 0),  # Independence Day, a Thursday
    ("MD", "2026-08-26 16:00", "2026-08-28 09:00", 120),  # over that holiday
    ("MD", "2026-08-27 10:00", "2026-08-28 08:30", 30),  # begins on it
    ("MD", "2026-08-26 15:00", "2026-08-27 12:00", 120),  # ends on it
    ("MD", "2026-08-28 16:00", "2026-09-01 09:00", 120),  # weekend, then Limba noastra on Monday
    ("MD", "2026-08-24 00:00", "2026-08-31 00:00", 4 * DAY),  # a week with one holiday
    ("MD", "2026-04-10 16:00", "2026-04-14 08:30", 90),  # Orthodox Easter, Monday 13 April off
    ("MD", "2026-04-20 08:00", "2026-04-20 17:00", 0),  # Pastele blajinilor, eight days later
    ("MD", "2026-12-24 16:00", "2026-12-28 08:15", 75),  # 25 December is a Friday
    ("MD", "2026-12-31 16:30", "2027-01-04 08:30", 60),  # over New Year, a Friday
    ("MD", "2027-01-06 16:00", "2027-01-11 09:00", 120),  # 7 and 8 January, then the weekend
    # The clocks change in the night to Sunday; hours on the wall stay hours on the wall.
    ("MD", "2026-10-23 16:00", "2026-10-26 09:00", 120),  # one hour more in between: no difference
    ("MD", "2026-03-27 16:00", "2026-03-30 09:00", 120),  # one hour less: none either
    ("MD", "2026-10-25 00:00", "2026-10-25 06:00", 0),  # the night itself is a Sunday
    ("UA", "2026-03-27 16:00", "2026-03-30 09:00", 120),  # the same in Kyiv
    ("BY", "2026-10-23 16:00", "2026-10-26 09:00", 120),  # Minsk never changes
    # Ukraine: holidays are working days under martial law, since 15 March 2022.
    ("UA", "2021-08-24 08:00", "2021-08-24 17:00", 0),  # Independence Day before the war
    ("UA", "2022-03-08 08:00", "2022-03-08 17:00", 0),  # the last holiday before the law
    ("UA", "2026-08-24 08:00", "2026-08-24 17:00", DAY),  # Independence Day now, a Monday
    ("UA", "2027-01-01 08:00", "2027-01-01 17:00", DAY),  # New Year's Day, a Friday
    ("UA", "2026-11-28 08:00", "2026-11-28 17:00", 0),  # a Saturday is still one
    # Belarus moves working days by decree: Monday 20 April for Saturday 25 April 2026.
    ("BY", "2026-04-20 08:00", "2026-04-20 17:00", 0),  # the day that was freed
    ("BY", "2026-04-25 08:00", "2026-04-25 17:00", DAY),  # the Saturday that is worked for it
    ("BY", "2026-04-17 16:00", "2026-04-22 09:00", 120),  # weekend, freed Monday, Radunitsa Tuesday
    ("BY", "2026-04-24 16:00", "2026-04-27 09:00", 60 + DAY + 60),  # the Saturday in between counts
    ("BY", "2026-11-06 16:00", "2026-11-09 09:00", 120),  # 7 November on a Saturday moves nothing
    # A country that nobody knows has weekends only.
    ("XX", "2026-12-25 08:00", "2026-12-25 17:00", DAY),  # no holiday is known
    ("XX", "2026-12-26 08:00", "2026-12-26 17:00", 0),  # but it is a Saturday
]


@pytest.mark.parametrize(("code", "start", "end", "minutes"), TABLE)
def test_minutes_as_counted_by_hand(code: str, start: str, end: str, minutes: int):
    counted = working_minutes(local(code, start), local(code, end), HOURS, CALENDARS[code])

    assert counted == minutes


# The night of a change with hours that reach over it, and a week without a day of rest.
NIGHTS = [
    ("MD", "2026-10-25", 420),  # an hour more
    ("MD", "2026-03-29", 300),  # an hour less
    ("UA", "2026-10-25", 420),
    ("UA", "2026-03-29", 300),
    ("BY", "2026-10-25", 360),  # no change
    ("BY", "2026-03-29", 360),
]


def every_day(zone: str) -> Calendar:
    return Calendar(ZoneInfo(zone), frozenset(), lambda _year: DaysOfYear(frozenset(), frozenset()))


@pytest.mark.parametrize(("code", "day", "minutes"), NIGHTS)
def test_a_night_on_which_the_clocks_change_has_its_true_length(code, day, minutes):
    calendar = every_day(CALENDARS[code].zone.key)
    start, end = local(code, f"{day} 00:00"), local(code, f"{day} 06:00")

    assert working_minutes(start, end, NIGHT, calendar) == minutes


def test_the_hour_that_comes_twice_counts_twice():
    start, end = local("UA", "2026-10-25 03:30"), local("UA", "2026-10-25 03:30", fold=1)

    assert working_minutes(start, end, NIGHT, every_day("Europe/Kyiv")) == 60


def test_the_hour_that_never_was_does_not_count():
    # The clock in Kyiv goes from 02:59 to 04:00.
    start, end = local("UA", "2026-03-29 02:30"), local("UA", "2026-03-29 04:30")

    assert working_minutes(start, end, NIGHT, every_day("Europe/Kyiv")) == 60


def test_an_end_before_the_start_is_refused():
    start = local("MD", "2026-11-23 10:00")

    with pytest.raises(ValueError, match="does not end before it begins"):
        working_minutes(start, start - timedelta(seconds=1), HOURS, CALENDARS["MD"])


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        working_minutes(
            datetime(2026, 11, 23, 8), datetime(2026, 11, 23, 9), HOURS, CALENDARS["MD"]
        )


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(ValueError, match="end after they begin"):
        WorkingHours(time(17), time(8))


# --- properties ------------------------------------------------------------------------------

codes = st.sampled_from(sorted(CALENDARS))
moments = st.datetimes(
    datetime(2021, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC), allow_imaginary=False
)
spans = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))


@given(codes, moments, spans, spans)
def test_neighbouring_spans_add_up(code, start, one, two):
    def counted(first, last):
        return working_minutes(first, last, HOURS, CALENDARS[code])

    middle, end = start + one, start + one + two

    assert counted(start, middle) + counted(middle, end) == counted(start, end)


@given(codes, moments, spans, spans)
def test_a_longer_span_never_has_fewer_minutes(code, start, one, two):
    def counted(last):
        return working_minutes(start, last, HOURS, CALENDARS[code])

    assert counted(start + one) <= counted(start + one + two)


@given(codes, moments, spans)
def test_never_more_than_the_time_that_passed(code, start, span):
    counted = working_minutes(start, start + span, HOURS, CALENDARS[code])

    assert 0 <= counted <= span // timedelta(minutes=1)


@given(moments)
def test_a_week_without_a_holiday_has_five_days(start):
    calendar, end = CALENDARS["XX"], start + timedelta(days=7)
    # In the week of a change, seven times 24 hours are not seven days on the wall.
    assume(start.astimezone(calendar.zone).utcoffset() == end.astimezone(calendar.zone).utcoffset())

    assert working_minutes(start, end, HOURS, calendar) == 5 * DAY


@given(codes, moments, spans, st.integers(-14 * 60, 14 * 60))
def test_how_a_moment_is_written_makes_no_difference(code, start, span, offset):
    elsewhere, end = timezone(timedelta(minutes=offset)), start + span
    calendar = CALENDARS[code]

    assert working_minutes(
        start.astimezone(elsewhere), end.astimezone(calendar.zone), HOURS, calendar
    ) == working_minutes(start, end, HOURS, calendar)


# --- days ------------------------------------------------------------------------------------

DAYS = [
    ("MD", date(2026, 11, 25), 0, date(2026, 11, 25)),  # no days: the day itself
    ("MD", date(2026, 11, 28), 0, date(2026, 11, 28)),  # even a Saturday
    ("MD", date(2026, 11, 25), 1, date(2026, 11, 26)),
    ("MD", date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday to Monday
    ("MD", date(2026, 11, 28), 1, date(2026, 11, 30)),  # Saturday to Monday
    ("MD", date(2026, 11, 25), 10, date(2026, 12, 9)),  # two weeks without a holiday
    ("MD", date(2026, 12, 24), 10, date(2027, 1, 13)),  # 25 December, 1, 7 and 8 January are off
    ("UA", date(2026, 12, 24), 10, date(2027, 1, 7)),  # the same days are worked
    ("BY", date(2026, 4, 17), 5, date(2026, 4, 27)),  # 20, 21 off; Saturday 25 worked
    ("XX", date(2026, 12, 24), 10, date(2027, 1, 7)),  # weekends only
]


@pytest.mark.parametrize(("code", "start", "days", "expected"), DAYS)
def test_days_as_counted_by_hand(code, start, days, expected):
    assert working_days_after(start, days, CALENDARS[code]) == expected


@given(codes, st.dates(date(2021, 1, 1), date(2027, 6, 1)), st.integers(0, 60))
def test_counting_back_gives_the_number_of_days(code, start, days):
    calendar = CALENDARS[code]
    end = working_days_after(start, days, calendar)

    assert working_days_between(start, end, calendar) == days
    assert working_days_between(end, start, calendar) == -days
    assert days == 0 or calendar.works(end)


@given(codes, st.dates(date(2021, 1, 1), date(2027, 6, 1)), st.integers(1, 60))
def test_before_is_after_seen_from_the_other_end(code, start, days):
    calendar = CALENDARS[code]
    assume(calendar.works(start))

    assert working_days_before(working_days_after(start, days, calendar), days, calendar) == start


def test_fewer_than_no_days_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        working_days_after(date(2026, 11, 25), -1, CALENDARS["MD"])


# --- packs -----------------------------------------------------------------------------------


def corrected(code: str, **values) -> Calendar:
    file = PACKS[code].file
    return calendar_of(CountryPack(file.model_validate(file.model_dump(by_alias=True) | values)))


def test_a_pack_adds_a_day_off_and_drops_another():
    calendar = corrected("MD", holidays={"add": [date(2026, 5, 2)], "drop": [date(2026, 8, 27)]})

    assert not calendar.works(date(2026, 5, 2))
    assert calendar.works(date(2026, 8, 27))
    assert not calendar.works(date(2026, 8, 31))


def test_a_pack_makes_a_saturday_a_working_day():
    calendar = corrected("MD", holidays={"drop": [date(2026, 11, 28)]})

    assert working_days_after(date(2026, 11, 27), 1, calendar) == date(2026, 11, 28)


def test_a_pack_frees_a_saturday_that_is_worked_by_decree():
    assert not corrected("BY", holidays={"add": [date(2026, 4, 25)]}).works(date(2026, 4, 25))


def test_a_pack_names_its_days_of_rest():
    calendar = corrected("MD", rest_days=["sunday"])

    assert calendar.works(date(2026, 11, 28))
    assert not calendar.works(date(2026, 11, 29))


def test_a_pack_names_its_hours():
    file = PACKS["MD"].file
    pack = file.model_validate(
        file.model_dump(by_alias=True) | {"working_hours": {"from": "07:30", "to": "13:00"}}
    )

    assert hours_of(CountryPack(pack)) == WorkingHours(time(7, 30), time(13))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"working_hours": {"from": "17:00", "to": "08:00"}}, "must be later"),
        ({"working_hours": {"from": 1020, "to": "18:00"}}, "valid string"),  # YAML's 17:00
        ({"holidays": {"add": [date(2026, 5, 2)], "drop": [date(2026, 5, 2)]}}, "is in both"),
        ({"rest_days": ["someday"]}, "Input should be"),
        ({"rest_days": []}, "at least 1"),
    ],
)
def test_a_pack_with_a_slip_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        corrected("MD", **values)
