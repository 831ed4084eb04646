"""Which schools of the register a school that asks may be: numbers, names in any script, places."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.people.joining.rules import (
    MATCHES_SHOWN,
    JoinFacts,
    KnownSchool,
    folded_name,
    harmless,
    possible_matches,
    usual_days,
)


def asked(name, place="Orhei", code=""):
    return JoinFacts("MD", name, place, code, "school@school.example", "Ana", "Head", "")


def known(name, place="Orhei", code="7"):
    return KnownSchool(uuid4(), name, place, code)


def names(facts, *schools):
    return [one.name for one in possible_matches(facts, schools)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ліцей № 12", "Licei No 12"),
        ("Гімназія імені Шевченка", "Gimnaziia imeni Shevchenka"),
        ("Liceul „Ștefan cel Mare”", "LICEUL STEFAN CEL MARE"),
        ("Школа «Чайка»", "shkola Chaika"),
    ],
)
def test_names_compare_across_scripts_accents_and_capitals(one, other):
    assert folded_name(one) == folded_name(other)


def test_the_number_counts_most_then_place_and_name():
    same_number = known("Another name", "Bălți", "0042")
    same_name = known("Liceul Teoretic „Valea Verde”")
    elsewhere = known("Liceul Teoretic Valea Verde", "Soroca")

    assert names(asked("Валя Верде", "Орхей", "42"), elsewhere, same_number)[:1] == ["Another name"]
    assert names(asked("Liceul Valea Verde"), elsewhere, same_name, known("Pinocchio")) == [
        same_name.name, elsewhere.name,
    ]  # fmt: skip


def test_a_short_name_is_found_in_a_longer_one_of_the_same_place():
    full = known("Гімназія № 3 «Зоря» імені Лесі Українки", "Мрія")

    assert names(asked("Zoria", "Mriia"), full, known("Зоря", "Київ")) == [full.name, "Зоря"]


def test_other_figures_are_another_school():
    assert names(
        asked("Gymnasium No. 12"), known("Gymnasium No. 11"), known("Gymnasium No. 12")
    ) == ["Gymnasium No. 12"]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=10))
def test_whatever_is_typed_is_compared_and_the_same_school_is_found(name, place, code):
    same = known(name, place, code)

    found = possible_matches(asked(name, place, code), [same] * (MATCHES_SHOWN + 3))

    assert found == [same] * MATCHES_SHOWN


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Liceul „M.Eminescu” nr.5", "Liceul „M. Eminescu” nr. 5"),
        ("Win now: https://evil.example/x\n\nor mail a@evil.example", "Win now: https: / / evil. example/ x or mail a@ evil. example"),
    ],
)  # fmt: skip
def test_what_a_stranger_typed_carries_no_link_into_a_mail(typed, written):
    assert harmless(typed) == written


@pytest.mark.parametrize(
    ("hours", "days"),
    [([], None), ([24] * 4, None), ([1] * 5, 1), ([24] * 5, 1), ([25] * 5, 2), ([1, 1, 60, 900, 900], 3)],
)  # fmt: skip
def test_the_usual_days_are_those_of_half_of_the_requests_if_there_are_enough(hours, days):
    assert usual_days([timedelta(hours=one) for one in hours]) == days
