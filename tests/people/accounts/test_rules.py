"""What a password must be, how long sessions last, and when two addresses are one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules import (
    fold_address,
    idle_and_absolute,
    password_length,
    password_problems,
)
from cissapp.people.accounts.rules.common_passwords import COMMON

HEAD, STAFF = Role.SCHOOL_MANAGER, Role.REVIEWER
OWN_WORDS = ["ana.munteanu", "liceul-orhei.example", "Ana", "Munteanu"]


def codes(password: str, role: Role = HEAD) -> list[str]:
    return [problem.code for problem in password_problems(password, role, OWN_WORDS)]


@pytest.mark.parametrize(
    ("password", "role", "found"),
    [
        ("green tram to the sea", HEAD, []),
        ("green tram to the sea", STAFF, []),
        ("зелений трамвай до моря", STAFF, []),
        ("k7v-pq2-zz9w", HEAD, []),
        ("k7v-pq2-zz9", HEAD, ["short"]),
        ("k7v-pq2-zz9w1x", STAFF, ["short"]),
        ("k7v-pq2-zz9w1xy", STAFF, []),
        ("ж" * 4 + "абвгдежз", HEAD, []),
        ("green tram " * 94, HEAD, ["long"]),
        ("абвгд" * 103, HEAD, ["long"]),
        ("passwordpassword", STAFF, ["common"]),
        ("Password-Password", STAFF, ["common"]),
        ("пароль пароль!", HEAD, ["common"]),
        ("aaaaaaaaaaaa", HEAD, ["common"]),
        ("Liverpool-2024!!", STAFF, ["common"]),
        ("2024 gfhjkm 2025", HEAD, ["common"]),
        ("shadow Shadow SHADOW", STAFF, ["common"]),
        ("qwerty1qwerty1", HEAD, ["common"]),
        ("83650284650193", HEAD, []),
        ("liverpool tram 2024", STAFF, []),
        ("abababababababab", STAFF, ["common"]),
        ("ecpat ciss safeschool", STAFF, ["context"]),
        ("Munteanu-Munteanu-1", STAFF, ["context"]),
        ("ana.munteanu.2026", STAFF, ["context"]),
        ("liceul-orhei.example", HEAD, ["context"]),
        ("", HEAD, ["short", "common"]),
    ],
)
def test_what_is_wrong_with_a_password(password: str, role: Role, found: list[str]):
    assert codes(password, role) == found


def test_no_rule_of_composition_stands_in_the_way():
    """Length counts; small and capital letters, digits and signs do not."""
    assert codes("aaaa bbbb cccc dddd") == []


@pytest.mark.parametrize("role", Role)
def test_staff_needs_a_longer_password_than_a_school(role: Role):
    assert password_length(role) == (12 if role is HEAD else 15)


@given(st.sampled_from(sorted(COMMON)), st.sampled_from(["", " ", "-", "!"]))
def test_a_known_password_stays_known_with_marks_in_it(password: str, mark: str):
    assert "common" in codes(mark.join(password.upper()))


@given(st.text(max_size=2000))
def test_any_text_gets_an_answer(password: str):
    assert set(codes(password)) <= {"short", "long", "common", "context"}


@pytest.mark.parametrize("role", Role)
def test_sessions_of_staff_are_shorter(role: Role):
    hours = timedelta(hours=1)
    expected = (8 * hours, 24 * hours) if role is HEAD else (hours / 2, 12 * hours)

    assert idle_and_absolute(role) == expected


@pytest.mark.parametrize(
    "spelt",
    [
        "ana@ciss.example",
        " Ana@CISS.example ",
        "ANA@ciss.EXAMPLE",
        "ana@\uff43iss.example",
        "ana@ciss\uff0eexample",
        "ana@ciss\u3002example",
        "ana@ciss\uff61example",
    ],
)
def test_spellings_of_one_address_are_equal(spelt: str):
    assert fold_address(spelt) == "ana@ciss.example"


def test_a_cyrillic_look_alike_is_another_address():
    assert fold_address("аna@ciss.example") != fold_address("ana@ciss.example")


@pytest.mark.parametrize(
    ("spelt", "folded"),
    [
        ("Ana@XN--80ATDL2C.xn--J1AMH", "ana@школа.укр"),
        ("ana@ШКОЛА\u3002укр", "ana@школа.укр"),
        ("ana@xn--strae-oqa.example", "ana@straße.example"),
        ("ana@STRAßE.example", "ana@straße.example"),
        ("Straße@ciss.example", "straße@ciss.example"),
        ("\ufb03@ciss.example", "\ufb03@ciss.example"),
        ("\uff41na@ciss.example", "\uff41na@ciss.example"),
        ("Ana@not_a_xn--domain-.example", "ana@not_a_xn--domain-.example"),
    ],
)
def test_a_domain_has_one_form_and_no_letter_becomes_another(spelt: str, folded: str):
    assert fold_address(spelt) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str):
    assert fold_address(fold_address(text)) == fold_address(text)
