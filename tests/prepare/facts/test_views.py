"""Pages of numbers to confirm and of places with an old value."""

from datetime import timedelta

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.facts import queries, services
from cissapp.prepare.facts.rules import PaperKind, printed_facts
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules.parts import PersonFacts
from tests.factories import NOW
from tests.prepare.pages import texts

LATER = NOW + timedelta(days=200)
LONG = "Психолог școlii " + "q" * 184
PERSON = PersonFacts(LONG, "room 7 <b>, 044 123 45 67", "9-15")


@pytest.fixture
def head(app, make):
    return make.manager(make.school(country_code="UA", region_code="UA-30"), duty=Duty.HEAD)


@pytest.fixture
def described(app, head):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        return mechanism.add_entry(school, PERSON, by=head, at=NOW).id


def on(day, browser, method, path, **values):
    with clock.at(day):
        return getattr(browser, method)(path, **values)


def test_numbers_are_confirmed_all_at_once(browser_of, head, described):
    browser = browser_of(head, LATER)

    page = on(LATER, browser, "get", "/school/toolkit/numbers")
    assert "1 contact is not printed anywhere now" in page.text
    assert LONG in page.text
    assert "room 7 &lt;b&gt;, 044 123 45 67" in page.text

    on(LATER, browser, "post", "/school/toolkit/numbers", data={"all": "1"})
    page = on(LATER, browser, "get", "/school/toolkit/numbers")
    assert "Everything is confirmed" in page.text
    assert f"by {head.name}" in page.text


def test_only_ticked_numbers_are_confirmed(browser_of, head, described):
    browser = browser_of(head, LATER)

    on(LATER, browser, "post", "/school/toolkit/numbers", data={"seen": "0123456789abcdef"})
    page = on(LATER, browser, "get", "/school/toolkit/numbers")

    assert "Nothing was ticked" in page.text
    assert "Not printed anywhere" in page.text


def test_helplines_cannot_be_confirmed_by_a_school(browser_of, head):
    page = on(NOW, browser_of(head, NOW), "get", "/school/toolkit/numbers")

    assert "116 111, 0 800 500 225" in page.text
    assert "Your school has not named any contacts yet" in page.text
    assert "so your school cannot confirm them" in page.text


def test_places_are_listed_and_settled(app, browser_of, head, described):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        facts = printed_facts(queries.facts_of(school, NOW.date()), NOW.date())
        services.record_paper(school, PaperKind.POSTER, "a4", "uk", facts, by=head, at=NOW)
        person = session.get_one(mechanism.queries.ReportingPerson, described)
        new = PersonFacts(LONG, "room 9", "9-15")
        mechanism.change_entry(person, new, by=head, at=NOW)
    browser = browser_of(head, NOW)

    page = on(NOW, browser, "get", "/school/toolkit/changes")
    assert texts(page, "del") == ["room 7 <b>, 044 123 45 67"]
    assert texts(page, "ins") == ["room 9"]

    [action] = [one for one in actions(page) if "/papers/" in one]
    on(NOW, browser, "post", action)
    page = on(NOW, browser, "get", "/school/toolkit/changes")
    assert "Nothing you made here or uploaded is out of date" in page.text


def actions(page):
    import re

    return re.findall(r'action="([^"]*)"', page.text)


def test_another_schools_paper_is_not_there(app, browser_of, head, make, described):
    other = make.manager(make.school())
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        paper = services.record_paper(school, PaperKind.POSTER, "a4", "uk", {}, by=head, at=NOW)
        paper_id = paper.id

    answer = on(NOW, browser_of(other, NOW), "post", f"/school/toolkit/changes/papers/{paper_id}")
    assert answer.status_code == 404


@pytest.fixture
def browser_of(sign_in):
    def signed_in(person, at):
        with clock.at(at):
            return sign_in(person)

    return signed_in
