"""When an attempt may begin, when it ends, and how much of it is told."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.foundation.content.schema import Feedback, FeedbackLevel, Policy
from cissapp.learn.learning.rules import (
    HANDED_IN,
    AttemptFacts,
    AttemptPurpose,
    AttemptState,
    ExtraTime,
    is_pass,
    start_problem,
)
from cissapp.learn.learning.rules.attempts import (
    expires_at,
    feedback_level,
    hand_in_problems,
    is_due,
    is_timed,
    opens_at,
    percent_of,
    was_last_failure,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
OPEN, PASSED, FAILED = AttemptState.OPEN, AttemptState.PASSED, AttemptState.FAILED
VOIDED, EXPIRED = AttemptState.VOIDED, AttemptState.EXPIRED
POLICY = Policy(pass_percent=80, retake_after_hours=24)


def attempt(state, closed_at=None, number=1, policy=POLICY):
    started = (closed_at or NOW) - HOUR
    return AttemptFacts(
        UUID(int=number), state, started, started + 30 * DAY, closed_at, None, 10, 10, policy
    )


@pytest.mark.parametrize(
    ("points", "total", "percent", "enough"),
    [
        (800, 10, 80, True),
        (799, 10, 80, False),
        (1000, 10, 100, True),
        (600, 7, 86, False),
        (600, 7, 85, True),
        (0, 0, 80, False),
    ],
)
def test_the_pass_mark_is_never_rounded(points, total, percent, enough):
    assert is_pass(points, total, percent) is enough


@given(st.integers(0, 5000), st.integers(0, 50), st.integers(1, 100))
def test_who_passes_has_the_percent_that_is_shown(points, total, percent):
    if is_pass(points, total, percent):
        assert percent_of(points, total) >= percent
    elif total:
        assert points / total < percent


@pytest.mark.parametrize(
    ("attempts", "code"),
    [
        ([], None),
        ([attempt(OPEN)], None),
        ([attempt(VOIDED, NOW)], None),
        ([attempt(EXPIRED, NOW)], None),
        ([attempt(FAILED, NOW - DAY)], None),
        ([attempt(FAILED, NOW - DAY + timedelta(seconds=1))], "waiting"),
        ([attempt(FAILED, NOW - 3 * DAY), attempt(FAILED, NOW - DAY / 2)], "waiting"),
        ([attempt(PASSED, NOW - 9 * DAY), attempt(FAILED, NOW - 10 * DAY)], "passed"),
    ],
)
def test_a_new_attempt_waits_a_day_and_is_never_needed_after_a_pass(attempts, code):
    problem = start_problem(attempts, NOW)

    assert (problem.code if problem else None) == code


def test_a_changed_module_may_be_tried_again_after_its_pass():
    assert start_problem([attempt(PASSED, NOW - DAY)], NOW, retest=True) is None


def test_the_refusal_says_when_the_next_attempt_opens():
    problem = start_problem([attempt(FAILED, NOW)], NOW)

    assert problem is not None
    assert problem.values == {"when": NOW + DAY}


@pytest.mark.parametrize(
    ("failed", "wait"), [(1, DAY), (2, DAY), (3, 7 * DAY), (4, DAY), (6, 7 * DAY)]
)
def test_after_three_failures_in_a_row_there_is_a_week_of_rest(failed, wait):
    attempts = [attempt(FAILED, NOW - 10 * DAY * number) for number in range(failed)]

    assert opens_at(attempts) == NOW + wait


def test_the_last_failure_before_a_rest_stays_the_last_when_others_follow():
    attempts = [attempt(FAILED, NOW - 10 * DAY * number, number=number) for number in range(4)]

    assert [was_last_failure(attempts, one.id) for one in attempts] == [False, True, False, False]
    assert was_last_failure(attempts, UUID(int=99)) is False


def test_the_policy_of_the_attempt_decides_and_not_that_of_today():
    strict = Policy(pass_percent=80, retake_after_hours=48, attempts=1, rest_days=30)

    assert opens_at([attempt(FAILED, NOW, policy=strict)]) == NOW + 30 * DAY
    assert opens_at([attempt(FAILED, NOW), attempt(FAILED, NOW - DAY, policy=strict)]) == NOW + DAY


def test_failures_before_a_pass_are_forgotten():
    attempts = [
        attempt(FAILED, NOW - 9 * DAY),
        attempt(PASSED, NOW - 5 * DAY),
        attempt(FAILED, NOW),
    ]

    assert opens_at(attempts) == NOW + DAY


@pytest.mark.parametrize(
    ("minutes", "extra", "end"),
    [
        (None, ExtraTime.NONE, 30 * DAY),
        (20, ExtraTime.NONE, timedelta(minutes=20)),
        (20, ExtraTime.QUARTER, timedelta(minutes=25)),
        (20, ExtraTime.HALF, timedelta(minutes=30)),
        (20, ExtraTime.DOUBLE, timedelta(minutes=40)),
        (20, ExtraTime.NO_LIMIT, 30 * DAY),
    ],
)
def test_an_attempt_ends_after_its_days_or_its_minutes_and_extra_time_counts(minutes, extra, end):
    policy = POLICY.model_copy(update={"minutes": minutes})

    found = expires_at(NOW, policy, extra)

    assert found == NOW + end
    assert is_timed(policy, NOW, found) is (end < 30 * DAY)
    assert is_due(OPEN, found, found)
    assert not is_due(OPEN, found, found - timedelta(microseconds=1))
    assert not is_due(PASSED, found, found)


N, S, Q = FeedbackLevel.NONE, FeedbackLevel.SCORE, FeedbackLevel.QUESTION


def test_what_is_told_by_policy_state_and_place_in_the_row():
    for one, two, three in product((N, S, Q), repeat=3):
        told = Feedback(after_pass=one, after_fail=two, after_last_fail=three)
        policy = POLICY.model_copy(update={"feedback": told})

        def level(
            state,
            *,
            last=False,
            another=False,
            passed=False,
            purpose=AttemptPurpose.QUIZ,
            policy=policy,
        ):
            return feedback_level(
                purpose,
                state,
                policy,
                last_failure=last,
                another_open=another,
                passed_since=passed,
            )

        assert level(PASSED) is one
        assert level(FAILED) is two
        assert level(FAILED, last=True) is three
        assert level(FAILED, last=True, passed=True) is one
        assert level(FAILED, another=True) is (S if two is Q else two)
        assert level(AttemptState.CLOSED, purpose=AttemptPurpose.AFTER) is one
        assert level(AttemptState.CLOSED, purpose=AttemptPurpose.BEFORE) is N


def test_after_a_failure_the_score_is_told_and_no_key():
    assert Feedback() == Feedback(after_pass=Q, after_fail=S, after_last_fail=S)


@pytest.mark.parametrize("state", [one for one in AttemptState if one not in HANDED_IN])
@pytest.mark.parametrize("purpose", list(AttemptPurpose))
def test_nothing_is_told_of_what_was_not_handed_in(state, purpose):
    for last, another in product((True, False), repeat=2):
        assert feedback_level(purpose, state, POLICY, last_failure=last, another_open=another) is N


def test_each_question_without_an_answer_is_named_with_its_page():
    assert [(one.values, one.link) for one in hand_in_problems("children-online", [2, 9])] == [
        (
            {"position": position},
            ("learning.question", {"module_id": "children-online", "position": position}),
        )
        for position in (2, 9)
    ]


def test_the_try_gives_its_percent_never_rounded_up():
    attempts = [replace(attempt(FAILED, NOW), points=points) for points in (None, 799, 1000)]

    assert [one.percent for one in attempts] == [0, 79, 100]
    assert attempts[1].earned == 7.99
