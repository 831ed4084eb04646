"""The way of a school: the one next thing, and the marks of its parts."""

from datetime import date

import pytest

from cissapp.people.schools.rules import Standing
from cissapp.prepare.applications.rules import Before, Facts, Missing, Outcome, State
from cissapp.prepare.applications.way import (
    MARK_KINDS,
    MARK_NAMES,
    STANDING_KINDS,
    Begun,
    Mark,
    Part,
    Step,
    legs,
    next_step,
)


def lack(kind: str) -> list[Missing]:
    return [Missing(kind, "is missing", ("somewhere", {}))]


NOTHING_LEFT = Facts()
TRAINING = Facts(training_left=lack("head-deputy"))
ALL = Facts(lack("head-deputy"), lack("POL"), lack("persons"), lack("A1"))
CERTIFIED = Before(State.DECIDED, Outcome.CERTIFIED, Standing.VALID, date(2028, 8, 31))


def test_every_mark_and_standing_is_worded():
    assert set(MARK_NAMES) == set(MARK_KINDS) == set(Mark)
    assert set(STANDING_KINDS) == set(Standing)


@pytest.mark.parametrize("state", [None, State.DRAFT, State.WITHDRAWN])
@pytest.mark.parametrize(
    ("facts", "own_training", "step"),
    [
        (ALL, True, Step.TRAIN),
        (ALL, False, Step.ADD_DOCUMENTS),
        (Facts(lack("head"), (), lack("persons"), lack("A1")), False, Step.DESCRIBE_MECHANISM),
        (Facts(lack("head"), (), (), lack("A1")), False, Step.ASSESS),
        (TRAINING, False, Step.ASK_COLLEAGUES),
        (TRAINING, True, Step.TRAIN),
        (NOTHING_LEFT, False, Step.SUBMIT),
    ],
)
def test_before_handing_in_one_thing_follows_the_other(
    state: State | None, facts: Facts, own_training: bool, step: Step
):
    before = Before(state)

    assert next_step(before, facts, own_training=own_training, answered=True, may_open=True) is step


@pytest.mark.parametrize(
    ("before", "may_open", "step"),
    [
        (Before(State.SUBMITTED), False, Step.WAIT),
        (Before(State.IN_REVIEW), False, Step.WAIT),
        (Before(State.CHANGES_REQUESTED), False, Step.ANSWER),
        (Before(State.DECIDED, Outcome.MAJOR_GAPS), True, Step.START_AGAIN),
        (CERTIFIED, False, Step.CERTIFICATE),
        (CERTIFIED, True, Step.RENEW),
    ],
)
def test_after_handing_in_the_state_says_what_is_next(before: Before, may_open: bool, step: Step):
    assert next_step(before, ALL, own_training=True, answered=True, may_open=may_open) is step


@pytest.mark.parametrize(
    ("facts", "answered", "step"),
    [
        (NOTHING_LEFT, True, Step.SUBMIT),
        (NOTHING_LEFT, False, Step.ANSWER),
        (Facts(criteria_left=lack("A1")), True, Step.ANSWER),
    ],
)
def test_what_came_back_is_changed_before_it_is_handed_in(facts: Facts, answered: bool, step: Step):
    before = Before(State.CHANGES_REQUESTED)

    assert next_step(before, facts, own_training=True, answered=answered, may_open=False) is step


def marks(before: Before, facts: Facts, begun: Begun = Begun()) -> str:
    return " ".join(leg.mark for leg in legs(before, facts, begun))


ALL_BEGUN = Begun(training=True, documents=True, mechanism=True, criteria=True)


@pytest.mark.parametrize(
    ("before", "facts", "begun", "expected"),
    [
        (Before(), ALL, Begun(), "to_do to_do to_do to_do later later later"),
        (Before(), ALL, ALL_BEGUN, "started started started started later later later"),
        (Before(), TRAINING, ALL_BEGUN, "started done done done later later later"),
        (Before(State.DRAFT), NOTHING_LEFT, ALL_BEGUN, "done done done done to_do later later"),
        (Before(State.SUBMITTED), ALL, ALL_BEGUN, "done done done done done waiting later"),
        (Before(State.IN_REVIEW), ALL, ALL_BEGUN, "done done done done done running later"),
        (
            Before(State.CHANGES_REQUESTED),
            NOTHING_LEFT,
            ALL_BEGUN,
            "done done done done to_do back later",
        ),
        (CERTIFIED, NOTHING_LEFT, ALL_BEGUN, "done done done done done done done"),
        (
            Before(State.DECIDED, Outcome.MAJOR_GAPS),
            NOTHING_LEFT,
            ALL_BEGUN,
            "done done done done done not_met later",
        ),
    ],
)
def test_each_part_of_the_way_has_its_mark(
    before: Before, facts: Facts, begun: Begun, expected: str
):
    assert marks(before, facts, begun) == expected


def test_what_is_left_says_how_long_it_takes():
    found = legs(Before(), Facts((), (), (), [*lack("A1"), *lack("A1"), *lack("B2")]), Begun())

    assert {leg.part: leg.minutes for leg in found if leg.minutes} == {
        Part.CRITERIA: 16,
        Part.SUBMIT: 10,
    }
