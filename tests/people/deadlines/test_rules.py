"""Who may move a deadline, and when somebody is reminded."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.foundation.content.loader import load
from cissapp.people.deadlines.phrases import TO_DO
from cissapp.people.deadlines.queries.calendars import calendar_of
from cissapp.people.deadlines.rules import (
    FIXED,
    SHOWN_TO_SCHOOL,
    WAITS_FOR_SCHOOL,
    ChangeRequest,
    DeadlineKind,
    DeadlineSide,
    ReminderMoment,
    change_problems,
    due_moment,
    last_minute,
    local_day,
    reminder_days,
)
from config import ROOT

CALENDAR = calendar_of(load(ROOT / "modules").countries["MD"])
OPENED, DUE, TODAY = date(2026, 11, 2), date(2026, 11, 30), date(2026, 11, 25)
BY_SCHOOL = ChangeRequest(
    kind=DeadlineKind.CHANGES,
    side=DeadlineSide.SCHOOL,
    opened_on=OPENED,
    first_due_on=DUE,
    due_on=DUE,
    today=TODAY,
    prolonged=False,
    wanted_on=date(2026, 12, 10),
)
BY_GROUP = replace(BY_SCHOOL, side=DeadlineSide.GROUP, kind=DeadlineKind.REVIEW)
LAST = DUE + (DUE - OPENED)  # 28 December 2026: as many days more as there were


def codes(wish: ChangeRequest) -> list[str]:
    return [problem.code for problem in change_problems(wish)]


def messages(wish: ChangeRequest) -> list[str]:
    return [problem.message for problem in change_problems(wish)]


@pytest.mark.parametrize("kind", DeadlineKind)
def test_a_school_moves_only_its_own_deadlines(kind):
    expected = ["fixed"] if kind in FIXED else [] if kind in WAITS_FOR_SCHOOL else ["not_yours"]

    assert codes(replace(BY_SCHOOL, kind=kind)) == expected


@pytest.mark.parametrize("kind", DeadlineKind)
def test_the_group_moves_every_deadline_but_those_of_an_appointment(kind):
    assert codes(replace(BY_GROUP, kind=kind)) == (["fixed"] if kind in FIXED else [])


@pytest.mark.parametrize(
    ("wanted_on", "expected"),
    [
        (DUE + timedelta(days=1), []),
        (LAST, []),
        (
            LAST + timedelta(days=1),
            [
                "You can choose a date up to %(latest)s. If you need longer, ask your national group."
            ],
        ),
        (DUE, ["This is the current date. Choose another one."]),
        (DUE - timedelta(days=1), ["Choose a date after the current one."]),
        (TODAY - timedelta(days=1), ["This date is in the past. Choose today or a later date."]),
    ],
)
def test_a_school_prolongs_by_at_most_its_first_length(wanted_on, expected):
    assert messages(replace(BY_SCHOOL, wanted_on=wanted_on)) == expected


def test_a_school_prolongs_once():
    assert codes(replace(BY_SCHOOL, prolonged=True)) == ["prolonged"]


def test_the_group_moves_as_often_as_it_takes():
    assert codes(replace(BY_GROUP, prolonged=True)) == []


def test_a_school_prolongs_from_the_day_that_the_group_set():
    wish = replace(BY_SCHOOL, due_on=date(2026, 12, 20), wanted_on=date(2027, 1, 17))

    assert codes(wish) == []
    assert codes(replace(wish, wanted_on=date(2027, 1, 18))) == ["due_on"]


@pytest.mark.parametrize(
    ("wanted_on", "expected"),
    [
        (TODAY, []),
        (DUE - timedelta(days=1), []),
        (TODAY - timedelta(days=1), ["This date is in the past. Choose today or a later date."]),
        (TODAY + timedelta(days=730), []),
        (TODAY + timedelta(days=731), ["Choose a date no later than %(latest)s."]),
    ],
)
def test_the_group_names_any_day_from_today_on(wanted_on, expected):
    assert messages(replace(BY_GROUP, wanted_on=wanted_on)) == expected


def test_a_day_that_is_past_can_still_be_prolonged_by_the_school():
    assert codes(replace(BY_SCHOOL, today=DUE + timedelta(days=5))) == []


# --- reminders -------------------------------------------------------------------------------


def test_the_days_of_the_reminders():
    # Half of 28 days; three working days before Monday 30 November are the Wednesday before it.
    assert reminder_days(OPENED, DUE, CALENDAR) == {
        ReminderMoment.HALF: date(2026, 11, 16),
        ReminderMoment.SOON: date(2026, 11, 25),
        ReminderMoment.OVER: date(2026, 12, 1),
    }


def test_a_short_deadline_has_no_reminder_at_half_the_time():
    assert reminder_days(date(2026, 11, 23), date(2026, 11, 27), CALENDAR) == {
        ReminderMoment.SOON: date(2026, 11, 24),
        ReminderMoment.OVER: date(2026, 11, 28),
    }


def test_nobody_is_reminded_of_what_was_just_agreed():
    assert reminder_days(date(2026, 11, 25), date(2026, 11, 26), CALENDAR) == {
        ReminderMoment.OVER: date(2026, 11, 27)
    }


@pytest.mark.parametrize(
    ("today", "sent", "expected"),
    [
        (date(2026, 11, 15), [], None),
        (date(2026, 11, 16), [], ReminderMoment.HALF),
        (date(2026, 11, 16), [ReminderMoment.HALF], None),
        (date(2026, 11, 20), [], ReminderMoment.HALF),  # missed for four days
        (date(2026, 11, 25), [ReminderMoment.HALF], ReminderMoment.SOON),
        (date(2026, 11, 25), [], ReminderMoment.SOON),  # the older one is not sent any more
        (date(2026, 11, 30), [ReminderMoment.HALF, ReminderMoment.SOON], None),  # the day itself
        (date(2026, 12, 1), [ReminderMoment.HALF, ReminderMoment.SOON], ReminderMoment.OVER),
        (date(2027, 3, 1), [], ReminderMoment.OVER),  # after a long outage: one, not three
        (date(2027, 3, 1), [ReminderMoment.OVER], None),
    ],
)
def test_the_newest_reminder_is_sent_once(today, sent, expected):
    assert due_moment(OPENED, DUE, today, sent, CALENDAR) == expected


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 120),
    st.lists(st.integers(0, 200), max_size=40),
)
def test_whatever_days_the_work_is_done_nobody_gets_a_reminder_twice_or_too_early(
    opened, length, run_after
):
    due, sent = opened + timedelta(days=length), []
    for days in sorted(run_after):
        today = opened + timedelta(days=days)
        moment = due_moment(opened, due, today, sent, CALENDAR)
        if moment:
            assert reminder_days(opened, due, CALENDAR)[moment] <= today
            sent.append(moment)

    assert sent == sorted(set(sent), key=list(ReminderMoment).index)


# --- words -----------------------------------------------------------------------------------


def test_what_waits_for_the_school_is_shown_to_it():
    assert WAITS_FOR_SCHOOL <= SHOWN_TO_SCHOOL


def test_what_is_to_be_done_is_asked_not_blamed():
    blame = ("failed", "late", "missed", "overdue", "still have not", "must", "penalty", "!")

    for sentence in TO_DO.values():
        assert sentence.startswith("Please ")
        assert not [word for word in blame if word in sentence.split()]


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Kyiv", date(2026, 12, 14), datetime(2026, 12, 14, 21, 59, tzinfo=UTC)),
        ("Europe/Kyiv", date(2026, 7, 14), datetime(2026, 7, 14, 20, 59, tzinfo=UTC)),
        ("Europe/Minsk", date(2026, 12, 14), datetime(2026, 12, 14, 20, 59, tzinfo=UTC)),
        ("Asia/Tbilisi", date(2026, 12, 14), datetime(2026, 12, 14, 19, 59, tzinfo=UTC)),
        ("America/Bogota", date(2026, 12, 14), datetime(2026, 12, 15, 4, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_by_the_clocks_of_its_country(zone, day, expected):
    calendar = replace(CALENDAR, zone=ZoneInfo(zone))

    assert last_minute(day, calendar) == expected
    assert local_day(expected, calendar) == day
