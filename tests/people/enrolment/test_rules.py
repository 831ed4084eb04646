"""Facts, invitations, and words for everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from cissapp.foundation.content.loader import load
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment.rules import (
    SCHOOL_EVENTS,
    differences,
    duties_to_invite,
    fact_problems,
    one_line,
)
from cissapp.people.schools.rules import RegisterFacts
from config import ROOT

CONTENT = load(ROOT / "modules")
MOLDOVA = {"MD": CONTENT.countries["MD"]}
FACTS = RegisterFacts("MD", "MD-OR", "0001", "Liceul Eminescu", "Orhei", "ro", 412)


def codes(problems):
    return [problem.code for problem in problems]


def test_right_facts_have_no_problem():
    assert fact_problems(FACTS, MOLDOVA) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "1" * 41, "name": "", "locality": "x" * 121}, ["code", "name", "locality"]),
        ({"name": "x" * 301}, ["name"]),
        ({"name": "x" * 300, "code": "1" * 40, "locality": "x" * 120}, []),
        ({"country_code": "UA"}, ["country_code"]),
        ({"country_code": ""}, ["country_code"]),
        ({"region_code": "UA-30"}, ["region_code"]),
        ({"language": "en"}, ["language"]),
        ({"pupils": None}, []),
        ({"pupils": 0}, []),
        ({"pupils": 20_000}, []),
        ({"pupils": 20_001}, ["pupils"]),
        ({"pupils": -1}, ["pupils"]),
    ],
)
def test_every_wrong_fact_is_named(changed, expected):
    facts = RegisterFacts(**{**asdict(FACTS), **changed})

    assert codes(fact_problems(facts, MOLDOVA)) == expected


@given(st.text())
def test_one_line_is_one_line_and_stays_so(text):
    once = one_line(text)

    assert once == one_line(once)
    assert once.splitlines() in ([], [once])
    assert "\0" not in once


def test_differences_are_named():
    other = RegisterFacts("MD", "MD-CU", "0001", "Liceul Eminescu", "Orhei", "ro", None)

    assert differences(FACTS, FACTS) == []
    assert differences(other, FACTS) == ["region_code", "pupils"]


@pytest.mark.parametrize(
    ("role", "duty", "expected"),
    [
        (Role.COORDINATOR, None, [Duty.HEAD, Duty.DEPUTY, Duty.DESIGNATED_PERSON]),
        (None, None, [Duty.HEAD, Duty.DEPUTY, Duty.DESIGNATED_PERSON]),
        (Role.SCHOOL_MANAGER, Duty.HEAD, [Duty.DEPUTY, Duty.DESIGNATED_PERSON]),
        (Role.SCHOOL_MANAGER, Duty.DEPUTY, [Duty.DEPUTY, Duty.DESIGNATED_PERSON]),
        (Role.SCHOOL_MANAGER, Duty.DESIGNATED_PERSON, []),
        (Role.REVIEWER, None, []),
        (Role.SECRETARIAT, None, []),
    ],
)
def test_who_invites_to_which_duty(role, duty, expected):
    assert duties_to_invite(role, duty) == expected


def test_the_history_of_a_school_tells_nothing_of_learning_or_of_a_review():
    kinds = {event.partition(".")[0] for event in SCHOOL_EVENTS}

    assert kinds == {"school", "person", "invitation", "handover", "application", "certificate"}
