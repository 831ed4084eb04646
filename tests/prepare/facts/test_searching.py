"""An old contact is found however it is written, and only it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.facts.rules import searching
from cissapp.prepare.facts.rules.searching import (
    folded_page,
    folded_text,
    numbers_in,
    pages_with,
    present_values,
    says_the_same,
    sought,
)

PHONE = "044 123 45 67"


def pages(texts, old, present=()):
    searched = [folded_page(one) for one in texts]
    return pages_with(
        searched, sought(old, present_values(present)), [folded_text(one) for one in present]
    )


@pytest.mark.parametrize(
    "written",
    [
        "044 123 45 67",
        "(044) 123-45-67",
        "+380 44 123 45 67",
        "+380441234567",
        "0441234567",
        "tel. 044-123-45-67, room 7",
        "044 123\n45 67",
        "044 123 45 67 9:00-15:00",
        "044 123 45 67 044 765 43 21",
        "380 (44) 123 45 67",
    ],
)
def test_a_number_is_found_however_it_is_written(written):
    assert pages(["nothing", f"Call {written} today"], PHONE) == [2]


@pytest.mark.parametrize(
    "written", ["044 123 45 68", "1044 123 45 67", "044 123 45 670", "45 67", "123 45 67"]
)
def test_another_number_is_not(written):
    assert pages([f"Call {written} today"], PHONE) == []


@pytest.mark.parametrize(
    ("old", "text", "is_there"),
    [
        ("116 111", "call 116 111 or 102", True),
        ("116 111", "call 116111", True),
        ("116 111", "116 111 222", False),
        ("116 111", "0116 111", False),
        ("102", "102, day and night", True),
        ("102", "102 8:00", True),
        ("102", "order 1023 and room 2102", False),
        ("102", "044 102 45 67", False),
        ("112", "in 2112", False),
        ("school@liceu.md", "Write to School@Liceu.md.", True),
        ("school@liceu.md", "my-school@liceu.md", False),
        ("school@liceu.md", "school@liceu.md.example", False),
        ("https://stopcrime.ua/net-crime", "see https://stopcrime.ua/net-crime.", True),
        ("room 7", "in Room 7, on the left", True),
        ("room 7", "in room 70", False),
        ("Психолог", "ПСИХОЛОГ школи", True),
        ("Психолог", "психологія", False),
        ("Заступниця з об’єктів", "заступниця з об'єктів", True),
        ("Asistent social", "asistent\nsocial", True),
    ],
)
def test_contacts_and_offices_are_whole_words_and_numbers(old, text, is_there):
    assert pages([text], old) == ([1] if is_there else [])


def test_hours_and_rooms_are_no_numbers():
    assert numbers_in("room 7, 9-15, 8:30-16.00, 02.10") == frozenset()
    assert numbers_in("+380 44 123 45 67, 102") == {"441234567", "102"}
    assert numbers_in("022 12-34-56 / 116 111") != frozenset()


def test_what_is_still_said_is_not_old():
    assert not sought(PHONE, present_values([f"room 9, {PHONE}", PHONE]))
    assert not sought("Psychologist", present_values(["psychologist"]))
    assert pages(["call 044 123 45 67"], f"room 7, {PHONE}", [f"room 9, {PHONE}"]) == []
    assert pages([f"in room 7, {PHONE}"], f"room 7, {PHONE}", [f"room 9, {PHONE}"]) == [1]
    assert pages(["a@b.md and 022 123456"], "a@b.md, 022 123456", ["a@b.md"]) == [1]
    assert pages(["a@b.md alone"], "a@b.md, 022 123456", ["a@b.md"]) == []


def test_an_office_inside_a_longer_present_one_is_not_the_old_one():
    texts = ["The school psychologist listens.", "Ask the psychologist."]
    assert pages(texts, "Psychologist", ["School psychologist"]) == [2]


NUMBERS = st.integers(10**8, 10**9 - 1).map(lambda digits: f"0{digits}")


@given(st.lists(NUMBERS, min_size=2, max_size=6, unique=True), st.data())
def test_exactly_the_pages_with_the_planted_number_are_found(numbers, data):
    old, *others = numbers
    planted = data.draw(st.lists(st.booleans(), min_size=1, max_size=5))
    texts = [
        " ".join(["Call", *(f"{one};" for one in others), f"or {old}" if there else "", "at once"])
        for there in planted
    ]
    assert pages(texts, old, others) == [
        number for number, there in enumerate(planted, start=1) if there
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("044 123 45 67", "(044) 123-45-67", True),
        ("044 123 45 67", "+380441234567", True),
        ("room 7, 116 111", "Room 7,  116111", True),
        ("Psychologist", "psychologist", True),
        ("044 123 45 67", "044 123 45 68", False),
        ("room 7, 116 111", "room 8, 116 111", False),
        ("044 123 45 67", "044 123 45 67, 9-15", False),
        ("9-15", "9-16", False),
        ("room 1, 23", "room 12, 3", False),
    ],
)
def test_a_value_written_otherwise_is_the_same_value(one, other, same):
    assert says_the_same(one, other) is same
    assert bool(sought(one, present_values([other]))) is not same


def test_current_values_are_prepared_once_for_all_changes(monkeypatch):
    asked = []
    ungrouped = searching._ungrouped
    monkeypatch.setattr(searching, "_ungrouped", lambda one: asked.append(one) or ungrouped(one))

    current = present_values([f"044 123 45 {number}" for number in range(10, 40)])
    old = [f"Old {number}, 022 12 34 {number}" for number in range(10, 30)]
    assert all(sought(one, current) for one in old)

    assert len(asked) == 30 + 20
