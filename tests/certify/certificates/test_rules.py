"""Rules of certificates: codes, numbers, dates, what they are worth, what may follow what."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cissapp.certify.certificates import rules
from cissapp.certify.certificates.rules import RegisterEvent, Status
from cissapp.certify.certificates.rules.typing_mistakes import slip_in
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.unicode import CODE_LETTERS

codes = (
    st.text(CODE_LETTERS, min_size=rules.RANDOM_MARKS, max_size=rules.RANDOM_MARKS)
    .filter(rules.check_character)
    .map(lambda marks: marks + (rules.check_character(marks) or ""))
)


@given(codes)
def test_a_code_is_read_however_it_is_typed(code: str):
    grouped = rules.in_groups(code)
    typed = [
        code,
        grouped,
        grouped.lower(),
        grouped.replace("-", " "),
        grouped.replace("-", "\u2013"),
        code.replace("0", "O").replace("1", "I"),
        code.replace("0", "o").replace("1", "l"),
        code.replace("A", "А").replace("E", "Е").replace("M", "М"),  # Cyrillic
        f"  https://ciss.example/verify/{grouped}#level-2-until-2028-11-25\n",
        f"https://ciss.example/verify/{grouped.lower()}?from=qr",
    ]

    assert {rules.normalise_code(raw) for raw in typed} == {code}


@given(codes, st.data())
def test_the_check_character_catches_every_single_change(code: str, data: st.DataObject):
    place = data.draw(st.integers(0, len(code) - 1))
    mark = data.draw(st.sampled_from(CODE_LETTERS))
    assume(mark != code[place])

    assert not rules.is_code(code[:place] + mark + code[place + 1 :])


@given(codes)
def test_the_check_character_catches_every_swap_of_two(code: str):
    kept = []
    for one, two in combinations(range(len(code)), 2):
        marks = list(code)
        marks[one], marks[two] = marks[two], marks[one]
        if code[one] != code[two] and rules.is_code("".join(marks)):
            kept.append((one, two))

    assert kept == []


@given(st.text(max_size=200))
def test_any_text_can_be_asked_for(raw: str):
    assert rules.is_code(rules.normalise_code(raw)) in {True, False}


def test_new_codes_are_whole_and_differ():
    drawn = {rules.new_code() for _ in range(500)}

    assert len(drawn) == 500
    assert all(rules.is_code(code) for code in drawn)
    assert rules.RANDOM_MARKS * 5 >= 80


@pytest.mark.parametrize(
    "raw", ["", "-", "ABCD", "U" * 20, "0" * 19, "0" * 21, "%" * 20, "\x00" * 20]
)
def test_what_is_no_code_is_refused(raw: str):
    assert not rules.is_code(rules.normalise_code(raw))


def test_numbers_sort_and_grow():
    assert [rules.format_number("MD", 2026, 42), rules.format_number("UA", 2027, 123456)] == [
        "MD-2026-00042",
        "UA-2027-123456",
    ]


E = RegisterEvent
FROM, UNTIL = date(2026, 1, 10), date(2028, 1, 10)
DAYS = {
    "before": FROM - timedelta(1),
    "first": FROM,
    "soon-1": UNTIL - timedelta(91),
    "soon": UNTIL - timedelta(90),
    "last": UNTIL,
    "after": UNTIL + timedelta(1),
}
GRID = """
events                        before  first     soon-1    soon      last      after
                              unknown unknown   unknown   unknown   unknown   unknown
issued                        unknown valid     valid     expiring  expiring  expired
issued,suspended              unknown suspended suspended suspended suspended suspended
issued,suspended,reinstated   unknown valid     valid     expiring  expiring  expired
issued,withdrawn              unknown withdrawn withdrawn withdrawn withdrawn withdrawn
issued,suspended,withdrawn    unknown withdrawn withdrawn withdrawn withdrawn withdrawn
issued,replaced               unknown replaced  replaced  replaced  replaced  replaced
"""


def test_what_a_certificate_is_worth():
    lines = GRID.strip("\n").splitlines()
    head = lines[0].split()[1:]
    found = []
    for line in lines[1:]:
        events = [E(name) for name in line[:30].strip().split(",") if name]
        words = [
            rules.status_of(FROM, UNTIL, events, DAYS[day], expiring_days=90).value for day in head
        ]
        found.append((line[:30].strip(), words))

    assert found == [(line[:30].strip(), line[30:].split()) for line in lines[1:]]


def test_every_event_and_what_may_follow_it():
    follows = {
        before: {event.value for event in E if rules.may_follow([before] if before else [], event)}
        for before in (None, *E)
    }

    assert follows == {
        None: {"reserved", "issued"},
        E.RESERVED: {"issued", "voided"},
        E.VOIDED: set(),
        E.ISSUED: {"suspended", "withdrawn", "replaced"},
        E.SUSPENDED: {"reinstated", "withdrawn", "replaced"},
        E.REINSTATED: {"suspended", "withdrawn", "replaced"},
        E.WITHDRAWN: set(),
        E.REPLACED: set(),
    }


def test_what_may_not_follow_is_refused():
    with pytest.raises(Refused) as refused:
        rules.require_may_follow([E.ISSUED, E.WITHDRAWN], E.REINSTATED)

    assert [problem.code for problem in refused.value.problems] == ["state"]


def test_every_status_that_a_school_can_stand_at_has_a_standing():
    assert set(Status) - set(rules.STANDINGS) == {
        Status.REPLACED,
        Status.UPCOMING,
        Status.UNKNOWN,
    }


# --- a mistyped code -------------------------------------------------------------------------------


@given(codes, st.data())
def test_any_single_mistake_is_found_and_a_whole_code_has_none(code: str, data: st.DataObject):
    place = data.draw(st.integers(0, rules.CODE_MARKS - 1))
    other = data.draw(st.sampled_from(CODE_LETTERS.replace(code[place], "")))
    wrong = code[:place] + other + code[place + 1 :]

    assert [slip_in(rules.in_groups(one)) is None for one in (code, wrong)] == [True, False]


CODE = "473V-CQTR-BW4W-AHNP-0059"


@pytest.mark.parametrize(
    ("typed", "begins", "values"),
    [
        ("MD-2026-00042", "This is the certificate number", {}),
        ("md 2026 42", "This is the certificate number", {}),
        (CODE.replace("0059", "005"), "There is a mistake in group", {"group": 5}),
        (CODE.replace("BW4W", "BW44W"), "There is a mistake in group", {"group": 3}),
        (CODE.replace("BW4W", "BU4W"), "There is a mistake in group", {"group": 3, "sign": "U"}),
        (
            CODE.replace("473V", "473Y"),
            "There is a mistake in this code. Look at group",
            {"group": 1, "typed": "Y", "meant": "V"},
        ),
        (
            CODE.replace("BW4W", "BWW4"),
            "There is a mistake in this code. Look at group",
            {"group": 3, "typed": "W4", "meant": "4W"},
        ),
        (
            CODE.replace("AHNP", "HANP"),
            "There is a mistake in this code. Look here",
            {
                "group": 1,
                "typed": "47",
                "meant": "74",
                "group2": 4,
                "typed2": "HA",
                "meant2": "AH",
            },
        ),
        ("473V CQTR", "There is a mistake in this code: it has", {"typed": 8, "whole": 20}),
        ("", "There is a mistake in this code: it has", {"typed": 0, "whole": 20}),
    ],
)
def test_what_is_said_of_a_mistake(typed: str, begins: str, values: dict[str, object]):
    slip = slip_in(typed)

    assert slip is not None
    assert slip.sentence.startswith(begins)
    assert slip.values == values
