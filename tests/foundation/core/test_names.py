"""Names: numbers in order of their value, and a search that does not ask for accents or an alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.unicode import folded, natural_key


def test_numbers_stand_in_order_of_their_value():
    names = [
        "School No. 10",
        "Școala nr. 10",
        "school no. 2",
        "Scoala nr. 2",
        "Лицей № 12",
        "Лицей № 9",
    ]

    assert sorted(names, key=natural_key) == [
        "school no. 2",
        "School No. 10",
        "Scoala nr. 2",
        "Școala nr. 10",
        "Лицей № 9",
        "Лицей № 12",
    ]


def test_letters_of_an_alphabet_stand_behind_those_they_look_like():
    names = ["Їжак", "Йорж", "Ірис", "Зебра", "Ґава", "Гора", "Дім", "Єнот", "Еол"]

    assert sorted(names, key=natural_key) == [
        "Гора",
        "Ґава",
        "Дім",
        "Еол",
        "Єнот",
        "Зебра",
        "Ірис",
        "Їжак",
        "Йорж",
    ]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Școala „Ștefan cel Mare”", "scoala stefan cel mare"),
        ("Харків", "Kharkiv"),
        ("Київ", "kyiv"),
        ("Ліцей № 47", "litsei no 47"),
        ("Лицей № 47", "ЛИЦЕЙ №47"),
        ("Здоров’я", "Здоров'я"),
        ("Ёлочка", "елочка"),
        ("Слоўнік", "слоуник"),
    ],
)
def test_a_name_is_found_as_one_types_it(name: str, typed: str):
    assert folded(typed).replace(" ", "") in folded(name).replace(" ", "")


@given(st.text(max_size=80))
def test_only_letters_and_digits_are_left_and_nothing_changes_twice(text: str):
    plain = folded(text)

    assert all(mark == " " or mark.isalnum() for mark in plain)
    assert folded(plain) == plain


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_two_numbers_are_ordered_as_numbers(one: int, other: int):
    assert (natural_key(f"No. {one}") < natural_key(f"No. {other}")) == (one < other)
