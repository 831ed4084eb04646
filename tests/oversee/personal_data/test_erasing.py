"""An erased person is found nowhere but in the written exceptions: a row in every table, on both databases."""

import json

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.engines.json_columns import column_json
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.oversee.personal_data.rules.pseudonyms import NamedPerson
from cissapp.oversee.personal_data.services.erasing import erase
from cissapp.people.accounts.models import FormerName, User
from cissapp.people.notices.models import BouncedAddress
from cissapp.prepare.documents.models import Document
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


def had(person, name, email, school_id=None):
    session.add(
        FormerName(user_id=person.id, name=name, email=email, school_id=school_id, until_at=NOW)
    )
    session.flush()


def order(school, make):
    """Keep a document of a school, by somebody else, whose title names Olena Bondar."""
    return make.kept(
        Document(
            school_id=school.id,
            title="Order of Olena Bondar",
            evidence_code="POL",
            created_at=NOW,
            created_by_id=make.user().id,
        )
    )


def test_of_former_addresses_that_bounced_nothing_stays(context, make):
    person = session.get_one(User, make.manager().id)
    for email in ("one@lyceum.example", "two@lyceum.example"):
        had(person, NAME, email)
        session.add(BouncedAddress(address=email, reason="550 <" + email + ">", bounced_at=NOW))
    session.flush()

    erase(person, store=files(), at=NOW)

    assert session.scalars(select(BouncedAddress)).all() == []


def test_who_moved_is_taken_out_of_the_texts_of_both_schools(context, make):
    old, new, third = make.school(), make.school(), make.school()
    person = session.get_one(User, make.manager(new, name="Olena Bondar").id)
    had(person, "Olena Koval", "olena@lyceum.example", old.id)
    documents = [order(one, make) for one in (old, new, third)]

    erase(person, store=files(), at=NOW)

    titles = [session.get_one(Document, one.id).title for one in documents]
    assert [title.endswith("Olena Bondar") for title in titles] == [False, False, True]


def test_a_name_that_somebody_at_the_old_school_has_stays_there(context, make):
    old, new = make.school(), make.school()
    person = session.get_one(User, make.manager(new, name="Olena Bondar").id)
    make.manager(old, name="Olena Bondar")
    had(person, "Olena Bondar", "olena@lyceum.example", old.id)
    document = order(old, make)

    erase(person, store=files(), at=NOW)

    assert session.get_one(Document, document.id).title == "Order of Olena Bondar"


def test_whose_address_was_passed_on_is_still_found_after_the_next_is_erased(context, make):
    before, after = (session.get_one(User, make.manager().id) for _ in range(2))
    had(before, "Ana Rusu", after.email)

    erase(after, store=files(), at=NOW)

    assert session.scalars(select(FormerName.name)).all() == ["Ana Rusu"]
