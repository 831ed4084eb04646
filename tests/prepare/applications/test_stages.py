"""The way of a school: the one next thing, and the marks of its parts."""

from datetime import date

import pytest
from msgspec import structs

from cissapp.people.schools.rules import Standing
from cissapp.prepare.applications.rules import (
    ApplicationFacts,
    ApplicationOutcome,
    ApplicationState,
    LastApplication,
    MissingItem,
)
from cissapp.prepare.applications.rules.stages import (
    SchoolStep,
    StageKind,
    StartedStages,
    choose_next_step,
    list_stages,
)


def lack(kind: str) -> list[MissingItem]:
    return [MissingItem(kind, "is missing", ("somewhere", {}))]


NOTHING_LEFT = ApplicationFacts()
TRAINING = ApplicationFacts(training_left=lack("head-deputy"))
ALL = ApplicationFacts(lack("head-deputy"), lack("POL"), lack("persons"), lack("A1"))
CERTIFIED = LastApplication(
    ApplicationState.DECIDED, ApplicationOutcome.CERTIFIED, Standing.VALID, date(2028, 8, 31)
)
SUSPENDED = LastApplication(
    ApplicationState.DECIDED, ApplicationOutcome.CERTIFIED, Standing.SUSPENDED, date(2028, 8, 31)
)


@pytest.mark.parametrize("state", [None, ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
@pytest.mark.parametrize(
    ("facts", "own_training", "step"),
    [
        (ALL, True, SchoolStep.TRAIN),
        (ALL, False, SchoolStep.ADD_DOCUMENTS),
        (
            ApplicationFacts(lack("head"), (), lack("persons"), lack("A1")),
            False,
            SchoolStep.DESCRIBE_MECHANISM,
        ),
        (ApplicationFacts(lack("head"), (), (), lack("A1")), False, SchoolStep.ASSESS),
        (TRAINING, False, SchoolStep.ASK_COLLEAGUES),
        (TRAINING, True, SchoolStep.TRAIN),
        (NOTHING_LEFT, False, SchoolStep.SUBMIT),
    ],
)
def test_before_handing_in_one_thing_follows_the_other(
    state: ApplicationState | None, facts: ApplicationFacts, own_training: bool, step: SchoolStep
):
    before = LastApplication(state)

    assert (
        choose_next_step(before, facts, own_training=own_training, answered=True, may_open=True)
        is step
    )


@pytest.mark.parametrize(
    ("before", "may_open", "step"),
    [
        (LastApplication(ApplicationState.SUBMITTED), False, SchoolStep.WAIT),
        (LastApplication(ApplicationState.IN_REVIEW), False, SchoolStep.WAIT),
        (LastApplication(ApplicationState.CHANGES_REQUESTED), False, SchoolStep.ANSWER),
        (
            LastApplication(ApplicationState.DECIDED, ApplicationOutcome.MAJOR_GAPS),
            True,
            SchoolStep.START_AGAIN,
        ),
        (CERTIFIED, True, SchoolStep.RENEW),
        (SUSPENDED, False, SchoolStep.END_SUSPENSION),
        (SUSPENDED, True, SchoolStep.END_SUSPENSION),
    ],
)
def test_after_handing_in_the_state_says_what_is_next(
    before: LastApplication, may_open: bool, step: SchoolStep
):
    assert (
        choose_next_step(before, ALL, own_training=True, answered=True, may_open=may_open) is step
    )


@pytest.mark.parametrize(
    ("facts", "own_training", "step"),
    [
        (NOTHING_LEFT, False, SchoolStep.CERTIFICATE),
        (TRAINING, True, SchoolStep.TRAIN),
        (TRAINING, False, SchoolStep.ASK_COLLEAGUES),
    ],
)
def test_a_certified_school_is_told_first_who_has_to_be_trained(
    facts: ApplicationFacts, own_training: bool, step: SchoolStep
):
    found = choose_next_step(
        CERTIFIED, facts, own_training=own_training, answered=True, may_open=False
    )

    assert found is step


@pytest.mark.parametrize(
    ("facts", "answered", "step"),
    [
        (NOTHING_LEFT, True, SchoolStep.SUBMIT),
        (NOTHING_LEFT, False, SchoolStep.ANSWER),
        (ApplicationFacts(criteria_left=lack("A1")), True, SchoolStep.ANSWER),
    ],
)
def test_what_came_back_is_changed_before_it_is_handed_in(
    facts: ApplicationFacts, answered: bool, step: SchoolStep
):
    before = LastApplication(ApplicationState.CHANGES_REQUESTED)

    assert (
        choose_next_step(before, facts, own_training=True, answered=answered, may_open=False)
        is step
    )


def marks(
    before: LastApplication, facts: ApplicationFacts, begun: StartedStages = StartedStages()
) -> str:
    return " ".join(stage.status for stage in list_stages(before, facts, begun))


ALL_BEGUN = StartedStages(training=True, documents=True, mechanism=True, criteria=True)
CAME_BACK = structs.replace(ALL_BEGUN, unchanged=True)


@pytest.mark.parametrize(
    ("before", "facts", "begun", "expected"),
    [
        (LastApplication(), ALL, StartedStages(), "to_do to_do to_do to_do later later later"),
        (LastApplication(), ALL, ALL_BEGUN, "started started started started later later later"),
        (LastApplication(), TRAINING, ALL_BEGUN, "started done done done later later later"),
        (
            LastApplication(ApplicationState.DRAFT),
            NOTHING_LEFT,
            ALL_BEGUN,
            "done done done done to_do later later",
        ),
        (
            LastApplication(ApplicationState.SUBMITTED),
            ALL,
            ALL_BEGUN,
            "done done done done done waiting later",
        ),
        (
            LastApplication(ApplicationState.IN_REVIEW),
            ALL,
            ALL_BEGUN,
            "done done done done done running later",
        ),
        (
            LastApplication(ApplicationState.CHANGES_REQUESTED),
            NOTHING_LEFT,
            ALL_BEGUN,
            "done done done done to_do back later",
        ),
        (
            LastApplication(ApplicationState.CHANGES_REQUESTED),
            NOTHING_LEFT,
            CAME_BACK,
            "done done done back to_do back later",
        ),
        (CERTIFIED, NOTHING_LEFT, ALL_BEGUN, "done done done done done done done"),
        (
            LastApplication(ApplicationState.DECIDED, ApplicationOutcome.MAJOR_GAPS),
            NOTHING_LEFT,
            ALL_BEGUN,
            "done done done done done not_met later",
        ),
    ],
)
def test_each_part_of_the_way_has_its_mark(
    before: LastApplication, facts: ApplicationFacts, begun: StartedStages, expected: str
):
    assert marks(before, facts, begun) == expected


def test_what_is_left_says_how_long_it_takes():
    found = list_stages(
        LastApplication(),
        ApplicationFacts((), (), (), [*lack("A1"), *lack("A1"), *lack("B2")]),
        StartedStages(),
    )

    assert {stage.kind: stage.minutes for stage in found if stage.minutes} == {
        StageKind.CRITERIA: 8,
        StageKind.SUBMIT: 10,
    }
