"""The life of a drill, its code, its messages, and what is measured."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.unicode import CODE_LETTERS
from cissapp.people.deadlines.rules import Calendar, DaysOfYear, WorkingHours, working_minutes
from cissapp.prepare.drills.rules import (
    DrillAction,
    DrillState,
    MessageTemplate,
    NextStepChoice,
    ResponseStep,
    advance,
    new_code,
    next_step,
    normalise_code,
)
from cissapp.prepare.drills.rules.answer_key import is_right
from cissapp.prepare.drills.rules.codes import PREFIX
from cissapp.prepare.drills.rules.lifecycle import DrillStartFacts, moment_problems, start_problems
from cissapp.prepare.drills.rules.messages import MESSAGES, write_message
from cissapp.prepare.drills.rules.results import DrillResult, measure_response, to_mend, went_well
from cissapp.prepare.mechanism.rules import ChannelMedium

TABLE = """
            prepared    running    finished  no_answer  called_off
deliver     running     -          -         -          -
record      -           running    -         -          -
close       -           finished   -         -          -
time_out    -           no_answer  -         -          -
call_off    called_off  -          -         -          -
"""

HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [
    (action, state, target)
    for action, *targets in LINES
    for state, target in zip(HEAD, targets, strict=True)
]

CALENDAR = Calendar(
    ZoneInfo("Europe/Chisinau"),
    frozenset({5, 6}),
    lambda year: DaysOfYear(frozenset({date(year, 12, 25)}), frozenset()),
)
HOURS = WorkingHours(time(8), time(16))
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 10:00 in Chișinău


def test_the_table_has_every_cell():
    assert {(action, state) for action, state, _target in CELLS} == {
        (action.value, state.value) for action in DrillAction for state in DrillState
    }


@pytest.mark.parametrize(("action", "state", "target"), CELLS)
def test_each_action_leads_where_the_table_says(action, state, target):
    if target == "-":
        with pytest.raises(Refused, match="state"):
            advance(DrillAction(action), DrillState(state))
    else:
        assert advance(DrillAction(action), DrillState(state)).value == target


@given(st.lists(st.sampled_from(DrillAction), max_size=12))
def test_whatever_is_tried_an_ended_drill_stays_ended(actions):
    state, ended = DrillState.PREPARED, None
    for action in actions:
        try:
            state = advance(action, state)
        except Refused:
            continue
        assert ended is None
        if state in {DrillState.FINISHED, DrillState.NO_ANSWER, DrillState.CALLED_OFF}:
            ended = state
    assert ended in {None, state}


@given(st.integers(0, 5))
def test_the_steps_come_in_their_order(number):
    recorded = list(ResponseStep)[:number]

    assert next_step(recorded) is (
        list(ResponseStep)[number] if number < len(ResponseStep) else None
    )


@given(st.integers(0, 6), st.booleans(), st.booleans(), st.booleans())
def test_a_drill_starts_only_on_a_declared_way_inside_once_and_four_times_a_year(
    before, declared, outside, running
):
    found = start_problems(
        DrillStartFacts(
            declared=declared,
            outside=outside,
            open_already=running,
            in_last_year=before,
        )
    )

    assert {one.code for one in found} == {
        code
        for code, wrong in (
            ("channel", not declared or outside),
            ("open", running),
            ("yearly", before >= 4),
        )
        if wrong
    }


# --- codes -------------------------------------------------------------------------------------


def test_a_code_is_short_and_can_be_read_out():
    codes = {new_code() for _ in range(500)}

    assert len(codes) > 400
    assert all(
        len(code) == len(PREFIX) + 4 and set(code.removeprefix(PREFIX)) <= set(CODE_LETTERS)
        for code in codes
    )


@given(
    st.text(CODE_LETTERS, min_size=4, max_size=4),
    st.booleans(),
    st.sampled_from(["", " ", "-", " – "]),
)
def test_a_code_is_read_however_it_is_typed(marks, lower, between):
    typed = f"Drill{between}{marks[:2]}{between}{marks[2:]}"

    assert normalise_code(typed.lower() if lower else typed) == PREFIX + marks


@given(st.text(max_size=200))
def test_any_text_can_be_typed(text):
    assert normalise_code(text).startswith(PREFIX)


# --- messages ----------------------------------------------------------------------------------


def test_every_message_exists_in_every_language_and_begins_with_its_code():
    for template in MessageTemplate:
        assert set(MESSAGES[template]) == {"en", "ro", "uk", "ru", "be"}
        for language in MESSAGES[template]:
            assert write_message(template, language, "DRILL-7Q4K").startswith("DRILL-7Q4K: ")


def test_the_usual_message_is_the_one_of_the_programme():
    said = write_message(MessageTemplate.PUPIL_TALK, "en", "DRILL-7Q4K")

    assert said == "DRILL-7Q4K: a pupil wishes to speak to someone about something online."


def test_each_message_has_one_right_step_and_all_differ():
    right = {
        template: [step for step in NextStepChoice if is_right(template, step)]
        for template in MessageTemplate
    }

    assert [len(steps) for steps in right.values()] == [1, 1, 1]
    assert len({steps[0] for steps in right.values()}) == len(MessageTemplate)


# --- moments and minutes -----------------------------------------------------------------------


def test_a_moment_is_neither_before_what_came_before_nor_to_come():
    hour = timedelta(hours=1)

    assert moment_problems(MONDAY, not_before=MONDAY, now=MONDAY) == []
    early = moment_problems(MONDAY - hour, not_before=MONDAY, now=MONDAY + hour)
    late = moment_problems(MONDAY + hour, not_before=MONDAY, now=MONDAY)
    assert [one.values for one in early] == [{"before": MONDAY}]
    assert [one.message for one in late] == ["This time is in the future."]


def at(days: int, hours: int = 0) -> datetime:
    return MONDAY + timedelta(days=days, hours=hours)


IN_TIME = {
    ResponseStep.RECEIVED: at(0, 1),
    ResponseStep.ACKNOWLEDGED: at(1),
    ResponseStep.PASSED: at(1),
    ResponseStep.NEXT_STEP: at(3),
    ResponseStep.CLOSED: at(9),
}


@pytest.mark.parametrize(
    ("changed", "in_time"),
    [
        ({}, True),
        ({ResponseStep.ACKNOWLEDGED: at(1, 12)}, True),
        ({ResponseStep.ACKNOWLEDGED: at(2)}, False),
        ({ResponseStep.NEXT_STEP: at(4)}, False),
        ({ResponseStep.CLOSED: None}, False),
        ({ResponseStep.NEXT_STEP: None, ResponseStep.CLOSED: None}, False),
    ],
)
def test_in_time_is_the_next_working_day_and_the_third(changed, in_time):
    moments = {step: when for step, when in {**IN_TIME, **changed}.items() if when}

    assert measure_response(MONDAY, moments, hours=HOURS, calendar=CALENDAR).in_time is in_time


def test_a_weekend_and_a_holiday_do_not_count():
    thursday = datetime(2026, 12, 24, 8, 0, tzinfo=UTC)  # the 25th is free, then a weekend
    monday = datetime(2026, 12, 28, 8, 0, tzinfo=UTC)
    moments = dict.fromkeys(ResponseStep, monday)

    found = measure_response(thursday, moments, hours=HOURS, calendar=CALENDAR)

    assert (found.in_time, set(found.minutes.values())) == (True, {6 * 60 + 2 * 60})


@given(
    st.lists(st.integers(0, 60 * 24 * 14), min_size=1, max_size=5).map(sorted),
    st.integers(0, 60 * 24 * 7),
)
def test_the_minutes_of_each_step_are_those_of_the_one_clock(offsets, began):
    delivered = MONDAY + timedelta(minutes=began)
    moments = {
        step: delivered + timedelta(minutes=offset)
        for step, offset in zip(ResponseStep, offsets, strict=False)
    }

    found = measure_response(delivered, moments, hours=HOURS, calendar=CALENDAR)

    assert found.minutes == {
        step: working_minutes(delivered, when, HOURS, CALENDAR) for step, when in moments.items()
    }
    assert list(found.minutes.values()) == sorted(found.minutes.values())


# --- words -------------------------------------------------------------------------------------


def result(**values) -> DrillResult:
    return DrillResult(
        **{
            "medium": ChannelMedium.MAIL,
            "announced": False,
            "finished_on": date(2026, 11, 25),
            "answered": True,
            "in_time": True,
            "to_received": 5,
            "to_acknowledged": 10,
            "to_passed": 20,
            "to_next_step": 30,
            "to_closed": 40,
            "right_person": True,
            "right_step": True,
            **values,
        }
    )


def test_a_good_drill_has_nothing_to_mend_and_an_unanswered_one_nothing_that_went_well():
    nothing = dict.fromkeys(
        (
            "to_received",
            "to_acknowledged",
            "to_passed",
            "to_next_step",
            "to_closed",
            "right_person",
            "right_step",
        )
    )
    silent = result(answered=False, in_time=False, **nothing)

    assert (len(went_well(result())), to_mend(result())) == (5, [])
    assert (went_well(silent), len(to_mend(silent))) == ([], 1)


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_whatever_went_wrong_is_said(answered, in_time, person, step):
    found = result(
        answered=answered,
        in_time=answered and in_time,
        right_person=person,
        right_step=step,
        to_closed=40 if answered else None,
    )

    perfect = answered and in_time and person and step
    assert (to_mend(found) == []) is perfect
