"""When an appeal may be filed, and how a panel comes to its ruling."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.people.accounts.rules import Duty
from cissapp.prepare.applications.rules import ApplicationOutcome as Decided
from cissapp.review.appeals.rules import (
    AppealFiling,
    AppealOutcome,
    ProposalStatus,
    filing_problems,
    last_day,
    panel_problems,
    proposal_problems,
    proposal_status,
)

TODAY = date(2026, 11, 25)


def codes(problems) -> list[str]:
    return [one.code for one in problems]


def test_there_are_thirty_days_to_file():
    assert last_day(date(2026, 11, 1), 30) == date(2026, 12, 1)


@given(
    st.sampled_from([None, *Duty]),
    st.sampled_from([None, *Decided]),
    st.integers(-40, 40),
    st.booleans(),
)
def test_a_head_files_in_time_once_against_gaps(duty, outcome, days, again):
    until = TODAY + timedelta(days=days)
    found = filing_problems(AppealFiling(duty, outcome, until, again), TODAY)
    wanted = (
        duty in {Duty.HEAD, Duty.DEPUTY}
        and outcome in {Decided.MINOR_GAPS, Decided.MAJOR_GAPS}
        and days >= 0
        and not again
    )

    assert (found == []) is wanted


def test_every_reason_is_named():
    filing = AppealFiling(
        Duty.DESIGNATED_PERSON, Decided.MAJOR_GAPS, TODAY - timedelta(days=1), True
    )

    assert codes(filing_problems(filing, TODAY)) == ["again", "late", "duty"]


@pytest.mark.parametrize(
    ("number", "refused"), [(0, True), (1, True), (2, False), (5, False), (6, True)]
)
def test_a_panel_has_two_to_five_people(number, refused):
    assert bool(panel_problems(number)) is refused


@given(
    st.integers(2, 5).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n)))
)
def test_more_than_half_accept_or_it_is_rejected(case):
    members, agree, disagree = case
    if agree + disagree > members:
        return
    found = proposal_status(agree, disagree, members)
    possible = members - disagree
    if agree > members / 2:
        assert found is ProposalStatus.ACCEPTED
    elif possible > members / 2:
        assert found is ProposalStatus.OPEN
    else:
        assert found is ProposalStatus.REJECTED


@given(st.integers(2, 5), st.data())
def test_when_all_have_voted_nothing_stays_open(members, data):
    agree = data.draw(st.integers(0, members))

    assert proposal_status(agree, members - agree, members) is not ProposalStatus.OPEN


@given(st.integers(0, 1), st.integers(0, 1))
def test_nobody_rules_alone(agree, disagree):
    assert proposal_status(agree, disagree, 1) is ProposalStatus.OPEN


@pytest.mark.parametrize(
    ("outcome", "levels", "wanted"),
    [
        (AppealOutcome.ALTERED, {"A3": 2}, []),
        (AppealOutcome.ALTERED, {}, []),
        (AppealOutcome.UPHELD, {}, []),
        (AppealOutcome.UPHELD, {"A3": 2}, ["outcome"]),
        (AppealOutcome.RETURNED, {"A3": 2}, ["outcome"]),
        (AppealOutcome.ALTERED, {"B1": 2}, ["levels"]),
    ],
)
def test_new_levels_belong_to_a_certificate_and_to_what_is_contested(outcome, levels, wanted):
    assert codes(proposal_problems(outcome, levels, ["A3", "A5"])) == wanted
