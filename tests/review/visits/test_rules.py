"""What a visit needs, and who signs its record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.loader import load
from cissapp.foundation.core.errors import Problem
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.visits.rules import (
    OPEN_STATES,
    Signer,
    VisitKind,
    VisitStage,
    completes_record,
    criteria_to_ask_about,
    criteria_to_observe,
    planning_problems,
    signing_problems,
    visit_stage,
)
from config import ROOT
from tests.factories import NOW

DAY = timedelta(days=1)
REASON = "The road to the school is shelled, and power for a call is cut off daily."
FIRST, SECOND, THIRD = (uuid4() for _ in range(3))
CRITERIA = load(ROOT / "modules").standard.criteria


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, VisitStage.PROPOSED),
        ({"agreed": True}, VisitStage.AGREED),
        ({"agreed": True, "signed": True}, VisitStage.SIGNED),
        ({"kind": VisitKind.DESK_ONLY}, VisitStage.DESK),
        ({"kind": VisitKind.DESK_ONLY, "signed": True}, VisitStage.SIGNED),
        ({"agreed": True, "cancelled": True}, VisitStage.CANCELLED),
    ],
)
def test_the_stage_follows_from_dates_and_signatures(values, expected):
    values = {
        "kind": VisitKind.VIDEO,
        "agreed": False,
        "signed": False,
        "cancelled": False,
        **values,
    }

    assert visit_stage(**values) is expected


def test_the_checklist_holds_interviews_and_critical_criteria_in_the_order_of_the_rubric():
    found = criteria_to_observe(CRITERIA)

    assert [one.id for one in criteria_to_ask_about(CRITERIA)] == [
        one.id for one in CRITERIA if "INTERVIEW" in one.key.evidence
    ]
    assert {one.id for one in found} == {one.id for one in CRITERIA if one.critical} | {
        one.id for one in criteria_to_ask_about(CRITERIA)
    }
    assert found == [one for one in CRITERIA if one in found]


@pytest.mark.parametrize(
    ("kind", "days", "reason", "codes"),
    [
        (VisitKind.VISIT, [1], "", []),
        (VisitKind.VIDEO, [1, 2, 3], "", []),
        (VisitKind.VIDEO, [], "", ["first"]),
        (VisitKind.VIDEO, [1, 2, 3, 4], "", ["first"]),
        (VisitKind.VIDEO, [1, 1], "", ["second"]),
        (VisitKind.VISIT, [0], "", ["first"]),
        (VisitKind.DESK_ONLY, [], REASON, []),
        (VisitKind.DESK_ONLY, [], "war", ["reason"]),
    ],
)
def test_what_a_plan_lacks(kind, days, reason, codes):
    dates = [NOW + one * DAY for one in days]

    found = planning_problems(ApplicationState.IN_REVIEW, kind, dates, reason, at=NOW)

    assert [one.code for one in found] == codes


def test_nothing_is_planned_in_a_closed_case():
    closed = set(ApplicationState) - OPEN_STATES

    for state in closed:
        found = planning_problems(state, VisitKind.VISIT, [NOW + DAY], "", at=NOW)
        assert [one.code for one in found] == ["state"]


@pytest.mark.parametrize(
    ("signer", "before", "values", "codes"),
    [
        (Signer(FIRST, assesses=True), {}, {}, []),
        (Signer(SECOND, assesses=False), {}, {}, []),
        (Signer(SECOND, assesses=False), {FIRST: True}, {}, []),
        (Signer(FIRST, assesses=True), {SECOND: False}, {}, []),
        (Signer(FIRST, assesses=True), {FIRST: True}, {}, ["twice"]),
        (Signer(SECOND, assesses=False), {THIRD: False}, {}, ["assessor"]),
        (Signer(FIRST, assesses=True), {}, {"started": False}, ["early"]),
        (Signer(FIRST, assesses=True), {}, {"left": ["A1"]}, ["items"]),
        (Signer(FIRST, True, (Problem("tied", "tied"),)), {}, {}, ["tied"]),
    ],
)
def test_who_signs(signer, before, values, codes):
    found = signing_problems(signer, before, **{"started": True, "left": [], **values})

    assert [one.code for one in found] == codes


people = st.sampled_from([FIRST, SECOND, THIRD])


@given(st.lists(people), st.sets(people))
def test_a_record_is_complete_only_with_two_people_one_of_whom_assesses(order, assessors):
    before: dict = {}
    done = False
    for one in order:
        signer = Signer(one, one in assessors)
        if not done and not signing_problems(signer, before, started=True, left=[]):
            done = completes_record(before, signer)
            before[one] = signer.assesses

    if done:
        assert len(before) >= 2
        assert any(before.values())
    else:
        assert len(before) < 2 or not any(before.values())
