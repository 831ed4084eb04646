"""Who is reminded to learn, and when: seldom, never after a stop, anew after every activity."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.foundation.content.schema import Policy
from cissapp.learn.learning.rules import (
    AttemptFacts,
    AttemptPurpose,
    AttemptState,
    LearningOverview,
    ModuleProgress,
    NextTaskKind,
)
from cissapp.learn.learning.rules.reminders import (
    AT_MOST,
    LastActivity,
    ReminderHistory,
    coarse_activity,
    due_reminder,
    last_activity,
)
from tests.factories import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
POLICY = Policy(pass_percent=80, retake_after_hours=24)
TIMED = Policy(pass_percent=80, retake_after_hours=24, minutes=45)


def module(number):
    lessons = [
        SimpleNamespace(
            id=f"l{number}{place}", plan=SimpleNamespace(minutes=10, reread_from=1), number=place
        )
        for place in (1, 2)
    ]
    file = SimpleNamespace(retest_from=1)
    return SimpleNamespace(id=f"m{number}", number=number, lessons=lessons, file=file)


FIRST, SECOND = module(1), module(2)


def attempt(started=NOW, state=AttemptState.OPEN, **values):
    facts = {
        "expires_at": started + 30 * DAY,
        "closed_at": None,
        "points": None,
        "total": 10,
        "answered": 0,
        "policy": POLICY,
        **values,
    }
    return AttemptFacts(id=uuid4(), state=state, started_at=started, **facts)


def overview(at, first=None, second=None):
    parts = ((FIRST, first or {}), (SECOND, second or {}))
    return LearningOverview(tuple(ModuleProgress(one, at=at, **values) for one, values in parts))


def read(at=NOW):
    return {"opened": {"l11": at}, "read": {"l11": at}}


def asked(found, at, before=ReminderHistory(), *, is_open=True, is_needed=True):
    """What a person is reminded of: kind of step, count in a row, whether an attempt closes."""
    reminder = due_reminder(found, before, at, is_open=is_open, is_needed=is_needed)
    if reminder is None:
        return None
    return reminder.next.step, reminder.in_row, reminder.closing is not None


# --- without activity ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, None),
        (13, None),
        (14, (NextTaskKind.LESSON, 1, False)),
        (400, (NextTaskKind.LESSON, 1, False)),
    ],
)
def test_the_first_comes_after_two_weeks(days, expected):
    assert asked(overview(NOW, read()), NOW + days * DAY) == expected


@pytest.mark.parametrize(
    ("in_row", "days", "expected"),
    [
        (1, 29, None),
        (1, 30, (NextTaskKind.LESSON, 2, False)),
        (2, 29, None),
        (2, 30, (NextTaskKind.LESSON, 3, False)),
        (3, 30, None),
        (3, 3000, None),
    ],
)
def test_the_next_ones_come_every_thirty_days_and_three_at_most(in_row, days, expected):
    before = ReminderHistory(last_at=NOW + 14 * DAY, in_row=in_row)

    assert asked(overview(NOW, read()), before.last_at + days * DAY, before) == expected


def test_the_third_says_that_it_is_the_last():
    before = ReminderHistory(last_at=NOW + 44 * DAY, in_row=2)

    found = due_reminder(
        overview(NOW, read()), before, NOW + 80 * DAY, is_open=True, is_needed=True
    )

    assert (found.in_row, found.is_last) == (3, True)


def test_activity_begins_the_count_anew():
    before = ReminderHistory(last_at=NOW - DAY, in_row=3)
    found = overview(NOW, read())

    asked_on = [day for day in range(20) if asked(found, NOW + day * DAY, before)]

    assert asked_on[0] == 14
    assert asked(found, NOW + 14 * DAY, before) == (NextTaskKind.LESSON, 1, False)


@pytest.mark.parametrize(
    "values", [{"is_open": False}, {"is_needed": False}, {"before": ReminderHistory(stopped=True)}]
)
def test_nobody_is_reminded_who_is_gone_not_needed_or_stopped_it(values):
    assert asked(overview(NOW, read()), NOW + 20 * DAY, **values) is None


def test_who_did_not_begin_or_has_passed_all_is_left_in_peace():
    passed = {**read(), "passed_at": NOW}

    assert asked(overview(NOW), NOW + 50 * DAY) is None
    assert asked(overview(NOW, passed, passed), NOW + 50 * DAY) is None
    assert asked(overview(NOW, passed), NOW + 50 * DAY) == (NextTaskKind.LESSON, 1, False)


def test_nobody_is_reminded_of_an_attempt_that_is_not_open_yet():
    """All that is left waits for a rest of 40 days."""
    policy = Policy(pass_percent=80, retake_after_hours=960, rest_days=0)
    failed = attempt(state=AttemptState.FAILED, closed_at=NOW, points=0, policy=policy)
    lessons = {"l11": NOW, "l12": NOW}
    found = overview(
        NOW, {"opened": lessons, "read": lessons, "attempts": (failed,)}, {"passed_at": NOW}
    )

    assert asked(found, NOW + 39 * DAY) is None
    assert asked(found, NOW + 40 * DAY) == (NextTaskKind.START_QUIZ, 1, False)


# --- an attempt that closes ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours_left", "is_told"), [(73, False), (72, True), (1, True), (0, False)]
)
def test_an_attempt_is_told_of_within_three_days_of_its_end(hours_left, is_told):
    one = attempt()
    before = ReminderHistory(last_at=one.expires_at - 5 * DAY, in_row=1)
    found = asked(overview(NOW, {"attempts": (one,)}), one.expires_at - hours_left * HOUR, before)

    assert found == ((NextTaskKind.CONTINUE_QUIZ, 1, True) if is_told else None)


@pytest.mark.parametrize(
    "values",
    [
        {"reminded_at": NOW + 27 * DAY},
        {"policy": TIMED, "expires_at": NOW + 29 * DAY},
        {"state": AttemptState.EXPIRED, "closed_at": NOW + 29 * DAY},
        {"saved_at": NOW + 28 * DAY},
    ],
)
def test_an_attempt_is_not_told_of_twice_nor_when_it_is_closed_or_at_work(values):
    one = attempt(**values)
    before = ReminderHistory(last_at=NOW + 14 * DAY, in_row=1)

    assert asked(overview(NOW, {"attempts": (one,)}), NOW + 28 * DAY, before) is None


def test_of_two_attempts_the_first_to_close_is_told_and_the_other_on_another_day():
    later, sooner = attempt(NOW + DAY), attempt(NOW)
    found = overview(NOW, {"attempts": (later,)}, {"attempts": (sooner,)})
    at = NOW + 29 * DAY

    reminder = due_reminder(found, ReminderHistory(), at, is_open=True, is_needed=True)

    assert reminder.closing is sooner
    assert asked(found, at + HOUR, ReminderHistory(last_at=at)) is None


# --- the last activity -----------------------------------------------------------------------


def test_the_last_activity_is_the_newest_of_all():
    closed = attempt(
        NOW - 9 * DAY, AttemptState.FAILED, closed_at=NOW - 2 * DAY, points=0, answered=1
    )
    parts = {"opened": {"l11": NOW - 5 * DAY}, "read": {"l11": NOW - 4 * DAY}}
    steps = [
        {"opened": parts["opened"]},
        parts,
        {**parts, "short_tests": (attempt(NOW - 3 * DAY, purpose=AttemptPurpose.BEFORE),)},
        {**parts, "attempts": (closed,)},
        {**parts, "attempts": (closed, attempt(NOW - 8 * DAY, saved_at=NOW - DAY))},
    ]

    found = [last_activity(overview(NOW, values)) for values in steps]

    assert found == [NOW - days * DAY for days in (5, 4, 3, 2, 1)]
    assert last_activity(overview(NOW)) is None


def test_what_closed_by_itself_is_nobodys_activity():
    expired = attempt(state=AttemptState.EXPIRED, closed_at=NOW + 30 * DAY)
    graded = attempt(
        state=AttemptState.FAILED,
        points=0,
        policy=TIMED,
        expires_at=NOW + HOUR,
        closed_at=NOW + 3 * DAY,
    )

    assert last_activity(overview(NOW, {"attempts": (expired, graded)})) == NOW


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, LastActivity.WEEK),
        (7, LastActivity.WEEK),
        (8, LastActivity.MONTH),
        (30, LastActivity.MONTH),
        (31, LastActivity.LONGER),
        (900, LastActivity.LONGER),
    ],
)
def test_activity_is_told_coarsely(days, expected):
    assert coarse_activity(NOW, NOW + days * DAY) is expected
    assert coarse_activity(None, NOW) is LastActivity.NOT_BEGUN


# --- whole lives -----------------------------------------------------------------------------


@dataclass
class Life:
    """A person who learns now and then, and a daily run that is sometimes missed or made twice."""

    active: list[datetime] = field(default_factory=list)
    attempts: list[AttemptFacts] = field(default_factory=list)
    stopped_at: datetime | None = None
    before: ReminderHistory = field(default_factory=ReminderHistory)
    idle: list[datetime] = field(default_factory=list)
    closing: list[tuple[datetime, AttemptFacts]] = field(default_factory=list)

    def overview(self, at):
        first = {"opened": {"l11": self.active[-1]}} if self.active else {}
        return overview(at, first, {"attempts": tuple(self.attempts)})

    def do(self, what, at):
        if what == "stop":
            self.stopped_at = self.stopped_at or at
            self.before = ReminderHistory(True, self.before.last_at, self.before.in_row)
        elif what == "read":
            self.active.append(at)
        elif what == "quiz" and not any(at < one.expires_at for one in self.attempts):
            self.attempts.append(attempt(at))
            self.active.append(at)

    def run(self, at):
        found = due_reminder(self.overview(at), self.before, at, is_open=True, is_needed=True)
        if found is None:
            return
        self.before = ReminderHistory(self.before.stopped, at, found.in_row)
        if found.closing is None:
            self.idle.append(at)
            return
        self.closing.append((at, found.closing))
        place = self.attempts.index(found.closing)
        self.attempts[place] = attempt(found.closing.started_at, reminded_at=at)


DAYS = st.lists(
    st.tuples(
        st.sampled_from(["nothing"] * 24 + ["read", "read", "quiz", "stop"]),
        st.sampled_from([1] * 6 + [0, 2]),
    ),
    min_size=100,
    max_size=260,
)


@settings(max_examples=40)
@given(DAYS)
def test_in_no_life_come_more_reminders_than_allowed(days):
    life = Life()
    for number, (what, runs) in enumerate(days):
        morning = NOW + number * DAY
        life.do(what, morning)
        for once_more in range(runs):
            life.run(morning + HOUR + once_more * HOUR)

    mails = sorted([*life.idle, *(at for at, _one in life.closing)])
    assert len({at.date() for at in mails}) == len(mails)
    assert not life.stopped_at or all(at < life.stopped_at for at in mails)
    assert all(at - max(one for one in life.active if one < at) >= 14 * DAY for at in life.idle)
    for begun, ended in pairwise([*life.active, NOW + 999 * DAY]):
        within = [at for at in life.idle if begun < at < ended]
        assert len(within) <= AT_MOST
        assert all(b - a >= 30 * DAY for a, b in pairwise(within))
    assert all(timedelta() < one.expires_at - at <= 3 * DAY for at, one in life.closing)
    started = [one.started_at for _at, one in life.closing]
    assert len(set(started)) == len(started)


@given(st.lists(st.integers(1, 120), min_size=1, max_size=6))
def test_whoever_comes_back_is_reminded_as_at_the_first_time(pauses):
    """A daily run and no attempt: after each activity the reminders come on days 14, 44 and 74."""
    life, day, expected = Life(), 0, []
    for pause in pauses:
        life.do("read", NOW + day * DAY)
        for later in range(pause):
            life.run(NOW + (day + later) * DAY + HOUR)
        expected += [day + later for later in (14, 44, 74) if later < pause]
        day += pause

    assert [(at - NOW) // DAY for at in life.idle] == expected
