"""An erased person is found nowhere but in the written exceptions: a row in every table, on both databases."""

import json

import pytest

from cissapp.foundation.core.db import session
from cissapp.foundation.core.engines.json_columns import column_json
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.oversee.personal_data.rules.pseudonyms import NamedPerson
from cissapp.oversee.personal_data.services.erasing import erase
from cissapp.people.accounts.models import User
from tests.factories import NOW
from tests.oversee.personal_data.planting import (
    Planted,
    found_in,
    frozen,
    plant,
)

NAME, EMAIL = "Canaria Vogel-Împărat", "canaria@lyceum.example"
OTHER, ADDRESS = "Somebody Else", "else@lyceum.example"


SPELLINGS = (NAME, NAME.upper(), "Vogel-Împărat Canaria")


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.REVIEWER, SPELLINGS), (Role.SCHOOL_MANAGER, (NAME, EMAIL, EMAIL.title()))],
)
def test_nothing_is_left_of_a_person_but_the_written_exceptions(planted_rows, role, words):
    planted = Planted(1, role, NAME, EMAIL, " / ".join(words))
    plant(planted)
    plant(Planted(2, role, OTHER, ADDRESS, f"{OTHER} <{ADDRESS}>"))
    person = session.get_one(User, planted.person_id)
    before = found_in([OTHER, ADDRESS])

    pseudonym = erase(person, store=files(), at=NOW)

    assert found_in([*words, NAME, EMAIL]) == frozen()
    assert found_in([OTHER, ADDRESS]) == before
    assert session.get_one(User, planted.person_id).name == pseudonym
    assert erase(person, store=files(), at=NOW) == pseudonym


@pytest.mark.parametrize("name", ['Іван "Ваня" Петренко', "Ion Ștefan", "Anna Back\\slash"])
@pytest.mark.parametrize("text", [column_json, json.dumps])
def test_a_name_is_searched_for_as_json_columns_hold_it_now_and_as_they_did(name, text):
    stored = text({"by": f"by {name}"})

    assert any(one in stored for one in NamedPerson(name, EMAIL).searched(names=True))
