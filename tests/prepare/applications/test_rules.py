"""The rules of applications: the machine as a table, what a step needs, when the next one opens."""

from datetime import date

import pytest
from msgspec.structs import replace

from cissapp.foundation.core.errors import Refused
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.rules import Standing
from cissapp.prepare.applications.rules import (
    MACHINE,
    ApplicationAction,
    ApplicationCourse,
    ApplicationFacts,
    ApplicationOutcome,
    ApplicationState,
    LastApplication,
    MissingItem,
    advance,
    draw_machine,
    opening_problems,
    opens_by_itself,
    problems,
)
from config import ROOT

GRID = """
                   submit     return             start_review  ask                request_changes    certify  reject   withdraw   alter    reopen     close
draft              submitted  -                  -             -                  -                  -        -        withdrawn  -        -          -
submitted          -          changes_requested  in_review     -                  -                  -        -        withdrawn  -        -          -
in_review          -          -                  -             changes_requested  changes_requested  decided  decided  -          -        -          withdrawn
changes_requested  submitted  -                  -             -                  -                  -        -        withdrawn  decided  submitted  -
decided            -          -                  -             -                  -                  -        -        -          decided  submitted  -
withdrawn          -          -                  -             -                  -                  -        -        -          -        -          -
"""  # fmt: skip

SIFTED = ApplicationCourse(completeness_checked=True, rounds_left=4)
COMPLETE = ApplicationFacts(statement_signed=True, signed_as=Duty.HEAD, course=SIFTED)
TO_SIFT = replace(COMPLETE, course=ApplicationCourse(rounds_left=4))


def facts_for(action: ApplicationAction) -> ApplicationFacts:
    """Facts with which nothing but the state stands in the way."""
    if action is ApplicationAction.CLOSE:
        return replace(COMPLETE, calibration=True)
    return TO_SIFT if action is ApplicationAction.RETURN else COMPLETE


def table() -> list[tuple[ApplicationState, ApplicationAction, str]]:
    head, *rows = [line.split() for line in GRID.strip().splitlines()]
    return [
        (ApplicationState(row[0]), ApplicationAction(action), target)
        for row in rows
        for action, target in zip(head, row[1:], strict=True)
    ]


def test_the_table_has_every_cell():
    cells = {(state, action) for state, action, _target in table()}

    assert cells == {(state, action) for state in ApplicationState for action in ApplicationAction}


@pytest.mark.parametrize(("state", "action", "target"), table())
def test_each_step_leads_where_the_table_says(
    state: ApplicationState, action: ApplicationAction, target: str
):
    if target == "-":
        with pytest.raises(Refused) as refused:
            advance(action, state, facts_for(action))
        assert [one.code for one in refused.value.problems] == ["state"]
    else:
        assert advance(action, state, facts_for(action)) is ApplicationState(target)


def test_the_drawing_shows_the_machine():
    assert (ROOT / "docs" / "application.mmd").read_text(encoding="utf-8") == draw_machine()


# --- what handing in needs -------------------------------------------------------------------


def lack(kind: str) -> MissingItem:
    return MissingItem(kind, f"{kind} is missing", ("somewhere", {"kind": kind}), {"kind": kind})


LACKING = ApplicationFacts(
    training_left=[lack("head-deputy"), lack("designated_person")],
    documents_left=[lack("POL")],
    mechanism_left=[lack("persons"), lack("channels")],
    criteria_left=[lack("A1"), lack("C12")],
)


def test_handing_in_lists_everything_that_is_missing_with_its_link():
    found = problems(ApplicationAction.SUBMIT, ApplicationState.DRAFT, LACKING)

    assert [(one.code, one.message, one.link) for one in found[:-2]] == [
        (code, f"{kind} is missing", ("somewhere", {"kind": kind}))
        for code, kind in [
            ("training:head-deputy", "head-deputy"),
            ("training:designated_person", "designated_person"),
            ("documents:POL", "POL"),
            ("mechanism:persons", "persons"),
            ("mechanism:channels", "channels"),
            ("criteria:A1", "A1"),
            ("criteria:C12", "C12"),
        ]
    ]
    assert [one.code for one in found[-2:]] == ["statement", "statement"]
    assert [one.kind for one in LACKING.missing] == [
        one.code.partition(":")[2] for one in found[:-2]
    ]


@pytest.mark.parametrize(
    "action", [one for one in ApplicationAction if one is not ApplicationAction.SUBMIT]
)
def test_other_steps_do_not_ask_for_the_dossier(action: ApplicationAction):
    state = min(MACHINE[action].sources)

    own = facts_for(action)
    lacking = replace(LACKING, course=own.course, calibration=own.calibration)

    assert problems(action, state, lacking) == []


def test_only_a_file_for_calibration_is_closed_by_its_review():
    (found,) = problems(ApplicationAction.CLOSE, ApplicationState.IN_REVIEW, COMPLETE)

    assert found.message == "A school’s case ends with a decision."


@pytest.mark.parametrize(
    ("signed", "duty", "sentences"),
    [
        (True, Duty.HEAD, []),
        (True, Duty.DEPUTY, []),
        (False, Duty.HEAD, ["Confirm the statement before you submit."]),
        (
            True,
            Duty.DESIGNATED_PERSON,
            [
                "The head or a deputy head signs the statement. Ask one of them to submit the application."
            ],
        ),
        (
            False,
            None,
            [
                "Confirm the statement before you submit.",
                "The head or a deputy head signs the statement. Ask one of them to submit the application.",
            ],
        ),
    ],
)
def test_the_head_or_a_deputy_signs(signed: bool, duty: Duty | None, sentences: list[str]):
    facts = ApplicationFacts(statement_signed=signed, signed_as=duty)

    assert [
        one.message for one in problems(ApplicationAction.SUBMIT, ApplicationState.DRAFT, facts)
    ] == sentences


def test_who_is_too_late_is_told_that_and_nothing_else():
    found = problems(ApplicationAction.SUBMIT, ApplicationState.SUBMITTED, LACKING)

    assert [one.code for one in found] == ["state"]


# --- the next application --------------------------------------------------------------------

CERTIFIED = LastApplication(
    ApplicationState.DECIDED, ApplicationOutcome.CERTIFIED, Standing.VALID, date(2028, 8, 31)
)


@pytest.mark.parametrize(
    ("before", "today", "codes"),
    [
        (LastApplication(), date(2026, 1, 1), []),
        (LastApplication(ApplicationState.DRAFT), date(2026, 1, 1), ["open"]),
        (LastApplication(ApplicationState.SUBMITTED), date(2026, 1, 1), ["open"]),
        (LastApplication(ApplicationState.IN_REVIEW), date(2026, 1, 1), ["open"]),
        (LastApplication(ApplicationState.CHANGES_REQUESTED), date(2026, 1, 1), ["open"]),
        (LastApplication(ApplicationState.WITHDRAWN), date(2026, 1, 1), []),
        (
            LastApplication(ApplicationState.DECIDED, ApplicationOutcome.MAJOR_GAPS),
            date(2026, 1, 1),
            [],
        ),
        (CERTIFIED, date(2028, 2, 28), ["early"]),
        (CERTIFIED, date(2028, 2, 29), []),
        (CERTIFIED, date(2029, 1, 1), []),
        (
            LastApplication(
                ApplicationState.DECIDED,
                ApplicationOutcome.CERTIFIED,
                Standing.SUSPENDED,
                date(2028, 8, 31),
            ),
            date(2027, 1, 1),
            ["early"],
        ),
        (
            LastApplication(
                ApplicationState.DECIDED,
                ApplicationOutcome.CERTIFIED,
                Standing.WITHDRAWN,
                date(2028, 8, 31),
            ),
            date(2027, 1, 1),
            [],
        ),
        (
            LastApplication(
                ApplicationState.DECIDED,
                ApplicationOutcome.CERTIFIED,
                Standing.EXPIRED,
                date(2026, 8, 31),
            ),
            date(2027, 1, 1),
            [],
        ),
    ],
)
def test_when_the_next_application_opens(before: LastApplication, today: date, codes: list[str]):
    found = opening_problems(before, 6, today)

    assert [one.code for one in found] == codes


def test_too_early_is_said_with_the_day():
    (problem,) = opening_problems(CERTIFIED, 6, date(2027, 1, 1))

    assert problem.message % problem.values == (
        "The next application opens on 2028-02-29, 6 months before the certificate ends."
    )


@pytest.mark.parametrize(
    ("before", "itself"),
    [
        (LastApplication(), True),
        (LastApplication(ApplicationState.WITHDRAWN), True),
        (LastApplication(ApplicationState.DRAFT), False),
        (LastApplication(ApplicationState.DECIDED, ApplicationOutcome.MAJOR_GAPS), False),
        (CERTIFIED, False),
    ],
)
def test_only_a_first_application_opens_by_handing_in(before: LastApplication, itself: bool):
    assert opens_by_itself(before) is itself
