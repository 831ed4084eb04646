"""What is printed of a school: facts by key, and what stands for each placeholder in a language."""

from datetime import date

import pytest

from cissapp.people.accounts.rules import Duty
from cissapp.prepare.facts import queries
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules import ChannelKind
from cissapp.prepare.mechanism.rules.parts import (
    ChannelFacts,
    Coverage,
    EscalationFacts,
    PersonFacts,
    RecipientFacts,
    TimeLimits,
)
from tests.factories import NOW
from tests.statements import statements_sent

TODAY = NOW.date()
LATER = date(2027, 6, 1)


@pytest.fixture
def school(context, make):
    return make.school(country_code="UA", region_code="UA-30", name="Ліцей | №5", locality="Kyiv")


@pytest.fixture
def head(school, make):
    return make.manager(school, name="Olena *Koval*", duty=Duty.HEAD)


def described(school, head):
    """Describe a reporting mechanism, and return its entries."""
    mechanism.save_mechanism(school, TimeLimits(24, 1, 3), by=head, at=NOW)
    mechanism.save_mechanism(
        school, Coverage(["uk", "ro"], "112", None, "reception"), by=head, at=NOW
    )
    facts = (
        PersonFacts("Psychologist", "room 7, 044 123 45 67", "9-15"),
        ChannelFacts(ChannelKind.WRITTEN, "Letter box", "beside the library", "always"),
        ChannelFacts(ChannelKind.OUTSIDE, "Helpline", "116 111", "always"),
        EscalationFacts("Police", "at once", "102"),
        RecipientFacts(1, "Head", "everything"),
    )
    return [mechanism.add_entry(school, one, by=head, at=NOW) for one in facts]


def test_facts_have_keys_and_contacts_a_day(school, head):
    person, box, outside, step, told = described(school, head)

    facts = queries.facts_of(school, TODAY)

    lines = {key: one for key, one in facts.items() if not one.is_helpline}
    assert {key: one.value for key, one in lines.items()} == {
        "school.name": "Ліцей | №5",
        "school.locality": "Kyiv",
        "staff.head": "Olena *Koval*",
        f"person.{person.id}.office": "Psychologist",
        f"person.{person.id}.contact": "room 7, 044 123 45 67",
        f"person.{person.id}.hours": "9-15",
        f"channel.{box.id}.description": "Letter box",
        f"channel.{box.id}.contact": "beside the library",
        f"channel.{box.id}.hours": "always",
        f"channel.{outside.id}.description": "Helpline",
        f"channel.{outside.id}.contact": "116 111",
        f"channel.{outside.id}.hours": "always",
        f"step.{step.id}.body": "Police",
        f"step.{step.id}.when": "at once",
        f"step.{step.id}.contact": "102",
        f"told.{told.id}.office": "Head",
        f"told.{told.id}.learns": "everything",
        "limits.crime_hours": "24",
        "limits.answer_days": "1",
        "limits.plan_days": "3",
        "cover.out_of_hours": "112",
        "cover.parents_contact": "reception",
        "cover.languages": "uk,ro",
    }
    contacts = {key for key, one in lines.items() if one.is_contact}
    assert contacts == {key for key in lines if key.endswith(".contact")} | {
        "cover.out_of_hours",
        "cover.parents_contact",
    }
    assert {lines[key].confirmed_on for key in contacts} == {TODAY}
    assert facts["helpline.UA.child-helpline"].value == "116 111, 0 800 500 225"


@pytest.mark.one_database("sqlite")
def test_values_are_plain_words_in_the_language(school, head):
    described(school, head)

    english = queries.values_in(queries.gather(school), "en", TODAY)
    ukrainian = queries.values_in(queries.gather(school), "uk", TODAY)

    assert english["school"].text == "Ліцей \\| №5"
    assert english["head"].text == "Olena \\*Koval\\* (Head)"
    assert english["languages"].text == "Ukrainian\\, Romanian"
    assert ukrainian["languages"].text == "українська\\, румунська"
    assert english["country"].text == "Ukraine"
    assert (english["crime_hours"].text, english["crime_hours"].facts) == (
        "24",
        {"limits.crime_hours": "24"},
    )
    assert "116 111\\, 0 800 500 225" in english["helplines"].text
    assert english["people"].text == (
        "| Job title | Contact | When |\n| --- | --- | --- |\n"
        "| Psychologist | room 7\\, 044 123 45 67 | 9\\-15 |"
    )
    assert "116 111" in english["outside"].text
    assert "116 111" not in english["channels"].text
    assert {"deputy", "designated", "confidentiality", "page"}.isdisjoint(english)


@pytest.mark.one_database("sqlite")
def test_what_nobody_confirmed_for_six_months_is_printed_nowhere(school, head):
    person, *_ = described(school, head)

    values = queries.values_in(queries.gather(school), "en", LATER)

    printed = "\n".join(one.text for one in values.values())
    used = {key for one in values.values() for key in one.facts}
    assert "helplines" not in values
    assert [one for one in ("044", "116 111", "102", "112", "reception") if one in printed] == []
    assert "……………" in values["people"].text
    assert f"person.{person.id}.office" in used
    assert f"person.{person.id}.contact" not in used


def test_a_country_without_a_checked_line_has_those_that_help_anywhere(context, make):
    school = make.school(country_code="BY", region_code="BY-HM")

    codes = {key.split(".")[1] for key in queries.facts_of(school, TODAY) if "helpline" in key}

    assert codes <= {"ANY", "BY"}
    assert codes


@pytest.mark.one_database("sqlite")
def test_of_the_people_only_what_papers_print_is_read(school, head):
    with statements_sent() as asked:
        queries.facts_of(school, TODAY)

    assert [one for one in asked if "person.name" in one]
    assert not [one for one in asked if "password_hash" in one]
