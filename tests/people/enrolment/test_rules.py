"""Facts, rows of a list, invitations, and words for everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.loader import load
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment.phrases import (
    EVENT_NAMES,
    OUTCOME_KINDS,
    PROGRESS_KINDS,
    STANDING_KINDS,
)
from cissapp.people.enrolment.rules import (
    COLUMNS,
    OUTCOME_NAMES,
    SCHOOL_EVENTS,
    HeadContact,
    ListRow,
    RowOutcome,
    differences,
    duties_to_invite,
    fact_problems,
    is_email,
    one_line,
    read_row,
    safe_cell,
)
from cissapp.people.schools.rules import Progress, RegisterFacts, Standing
from config import ROOT

CONTENT = load(ROOT / "modules")
MOLDOVA = {"MD": CONTENT.countries["MD"]}
FACTS = RegisterFacts("MD", "MD-OR", "0001", "Liceul Eminescu", "Orhei", "ro", 412)
CELLS = {
    "country": "MD",
    "region": "MD-OR",
    "code": "0001",
    "name": "Liceul Eminescu",
    "locality": "Orhei",
    "language": "ro",
    "pupils": "412",
}


def codes(problems):
    return [problem.code for problem in problems]


def read(countries=MOLDOVA, faults=(), **cells):
    return read_row(ListRow(2, {**CELLS, **cells}, faults), countries)


def test_right_facts_have_no_problem():
    assert fact_problems(FACTS, MOLDOVA) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "1" * 41, "name": "", "locality": "x" * 121}, ["code", "name", "locality"]),
        ({"name": "x" * 200, "code": "1" * 40, "locality": "x" * 120}, []),
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
    facts = RegisterFacts(**{**FACTS.__dict__, **changed})

    assert codes(fact_problems(facts, MOLDOVA)) == expected


def test_a_row_is_read():
    assert read() == (FACTS, None)
    assert read(head_email=" Ana@School.example ", head_name="Ana  Rusu") == (
        FACTS,
        HeadContact("Ana@School.example", "Ana Rusu"),
    )


@pytest.mark.parametrize(
    "cells",
    [
        {"country": ""},
        {"country": "md"},
        {"country": "", "region": "md-or"},
        {"region": "Orhei"},
        {"country": "", "region": "ORHEI"},
        {"region": "Оргеев"},
        {"language": " RO "},
        {"name": "  Liceul\n Eminescu\x00 "},
        {"pupils": "4 12"},
        {"pupils": " 412 "},
    ],
)
def test_a_row_may_be_written_in_several_ways(cells):
    assert read(**cells) == (FACTS, None)


def test_the_region_says_the_country_where_there_are_several():
    both = {**MOLDOVA, "UA": CONTENT.countries["UA"]}

    facts, _head = read(both, country="", region="UA-30", language="uk")

    assert (facts.country_code, facts.region_code) == ("UA", "UA-30")
    with pytest.raises(Refused) as refused:
        read(both, country="", region="Orhei")
    assert codes(refused.value.problems) == ["country_code"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"region": "Nowhere"}, ["region_code"]),
        ({"country": "Moldova"}, ["country_code"]),
        ({"pupils": "about 400"}, ["pupils"]),
        ({"pupils": "4.5"}, ["pupils"]),
        ({"pupils": "٤١٢"}, ["pupils"]),
        ({"pupils": "9" * 5000}, ["pupils"]),
        ({"head_email": "ana"}, ["head_email"]),
        ({"head_email": f"{'a' * 250}@b.example"}, ["head_email"]),
        ({"head_email": "a@school.example\nBcc: b@school.example"}, ["head_email"]),
        ({"head_name": "Ana"}, ["head_email"]),
        ({"head_email": "a@school.example", "head_name": "x" * 121}, ["head_name"]),
        ({"code": "", "language": "fr"}, ["code", "language"]),
    ],
)
def test_everything_wrong_with_a_row_is_named(cells, expected):
    with pytest.raises(Refused) as refused:
        read(**cells)

    assert codes(refused.value.problems) == expected


def test_what_was_wrong_with_reading_stands_first():
    with pytest.raises(Refused) as refused:
        read(faults=(Problem("name", "A formula."),), code="")

    assert codes(refused.value.problems) == ["name", "code"]


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_any_row_is_read_or_refused(cells):
    try:
        facts, _head = read_row(ListRow(2, cells), MOLDOVA)
    except Refused as refused:
        for problem in refused.problems:
            assert problem.message % problem.values
    else:
        assert fact_problems(facts, MOLDOVA) == []


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
    ("text", "expected"),
    [("ana@school.example", True), ("ana", False), ("", False), ("a b@school.example", False)],
)
def test_an_address_has_its_shape(text, expected):
    assert is_email(text) is expected


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@a", " =1", "\t=1", "\tx", "\rx", "＝1", "|x"]
)
def test_a_text_that_looks_like_a_formula_is_kept_as_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Liceul", "0001", "a=b", "№ 5"])
def test_any_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


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


def test_there_are_words_for_everything():
    assert set(EVENT_NAMES) == set(Event)
    assert set(PROGRESS_KINDS) == set(Progress)
    assert set(STANDING_KINDS) == set(Standing)
    assert set(OUTCOME_KINDS) == set(OUTCOME_NAMES) == set(RowOutcome)


def test_the_history_of_a_school_tells_nothing_of_learning_or_of_a_review():
    kinds = {event.partition(".")[0] for event in SCHOOL_EVENTS}

    assert kinds == {"school", "person", "invitation", "application", "certificate"}
