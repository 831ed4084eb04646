"""The public page as strangers meet it, and its settings as a head meets them."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.intake import examine
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.models import ReportingPerson
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium
from cissapp.prepare.mechanism.rules.parts import (
    ChannelFacts,
    Coverage,
    EscalationFacts,
    PersonFacts,
    TimeLimits,
)
from cissapp.prepare.reporting_page import queries
from cissapp.prepare.reporting_page.models import ReportingPage
from tests.factories import NOW
from tests.prepare.acts import trail
from tests.prepare.pages import main_of, text_of

pytestmark = pytest.mark.usefixtures("stopped_clock")

LATE = NOW + timedelta(days=200)
LONG = "Psiholog școlar · психолог · psychologist " + "x" * 158
ALL = {"is_on": "y", "parts": ["pupils", "parents", "staff"]}


@pytest.fixture
def head(app, make):
    school = make.school(
        country_code="MD", region_code="MD-OR", language="ro", name="Liceul " + "ș" * 190
    )
    person = make.manager(school, duty=Duty.HEAD, name="Maria Rusu")
    with app.app_context(), unit_of_work():
        school = session.get_one(School, person.school_id)
        mechanism.save_mechanism(school, TimeLimits(24, 1, 3), by=person, at=NOW)
        mechanism.save_mechanism(
            school, Coverage(["ro", "uk"], None, None, "022 11 22 33"), by=person, at=NOW
        )
        for facts in (
            PersonFacts(LONG, "cabinetul 7, 022 123 456", "9-15"),
            ChannelFacts(
                ChannelKind.DIGITAL,
                "Email",
                "ajutor@liceu.md",
                "zilnic",
                medium=ChannelMedium.MAIL,
            ),
            EscalationFacts("Poliția", "imediat", "112"),
        ):
            mechanism.add_entry(school, facts, by=person, at=NOW)
    return person


def code_of(app, head):
    with app.app_context():
        return session.get_one(ReportingPage, head.school_id).code


def said(response):
    return text_of(main_of(response))


def test_a_page_is_off_until_the_head_switches_it_on(app, browser, head, client):
    page = browser.get("/school/reporting/page")
    assert "The page is off" in page.text

    browser.post("/school/reporting/page", data=ALL)
    code = code_of(app, head)
    assert re.fullmatch("[23456789abcdefghjkmnp-z]{8}", code)
    assert f"http://ciss.example/s/{code}" in browser.get("/school/reporting/page").text
    assert client.get(f"/s/{code.upper()}").status_code == 200

    browser.post("/school/reporting/page", data={"parts": ["pupils"]})
    assert client.get(f"/s/{code}").status_code == 404
    with app.app_context():
        lines = trail(session.get_one(School, head.school_id))
    assert [facts for name, facts in lines if name == "reporting_page.changed"] == [
        {"is_on": True},
        {"is_on": False},
    ]


def test_the_page_says_who_how_and_what_then_in_each_language(app, browser, head, client):
    browser.post("/school/reporting/page", data=ALL)
    code = code_of(app, head)

    english = client.get(f"/s/{code}", headers={"Accept-Language": "en"})
    ukrainian = client.get(f"/s/{code}", headers={"Accept-Language": "uk"})

    assert 'lang="ro"' in english.text[:40]
    assert 'lang="uk"' in ukrainian.text[:40]
    text = english.text
    assert LONG in text
    assert "Maria Rusu" not in text
    assert 'href="tel:022123456"' in text
    assert 'href="mailto:ajutor@liceu.md"' in text
    assert 'href="tel:022112233"' in text
    assert 'href="tel:112"' in text
    assert f'href="/s/{code}/uk"' in text
    assert "form" not in re.findall(r"<(\w+)", text)
    assert not re.search("certif|safe school", said(english), re.IGNORECASE)
    assert "Set-Cookie" not in english.headers
    assert english.headers["Cache-Control"] == "public, max-age=300"


def test_a_page_is_not_sent_again_as_long_as_it_is_the_same(app, browser, head, client):
    browser.post("/school/reporting/page", data=ALL)
    address = f"/s/{code_of(app, head)}/ro"
    mark = client.get(address).headers["ETag"]

    assert client.get(address, headers={"If-None-Match": mark}).status_code == 304


def test_only_chosen_parts_are_shown(app, browser, head, client):
    browser.post("/school/reporting/page", data={"is_on": "y", "parts": ["parents"]})

    parts = re.findall(
        r'<section class="stack how-part"\s+id="(\w+)"', client.get(f"/s/{code_of(app, head)}").text
    )
    assert parts == ["parents"]
    refused = browser.post("/school/reporting/page", data={"is_on": "y"})
    assert (refused.status_code, "Choose at least one part." in refused.text) == (422, True)


def test_what_nobody_confirmed_is_not_on_it(app, browser, head, client):
    browser.post("/school/reporting/page", data=ALL)
    with clock.at(LATE):
        page = client.get(f"/s/{code_of(app, head)}/ro")

    assert LONG in page.text
    assert [
        one for one in ("022 123", "ajutor@", "112", "022 11", "tel:") if one in page.text
    ] == []


def test_a_certified_school_corrects_a_number_and_what_was_judged_stays(app, make, sign_in, client):
    application = make.handed_in()
    with app.app_context(), unit_of_work():
        application = session.get_one(Application, application.id)
        by = make.user(Role.REVIEWER, group_id=application.school.group_id)
        applications.start_review(application, by=by, at=NOW)
        applications.decide(
            application, outcome=ApplicationOutcome.CERTIFIED, level=1, by=by, at=NOW
        )
        [person, *_others] = session.scalars(select(ReportingPerson).order_by(ReportingPerson.id))
        head = session.scalars(select(User).where(User.duty == Duty.HEAD)).one()
    before = judged(app)
    browser = sign_in(head)
    browser.post("/school/reporting/page", data=ALL)
    data = {"office": person.office, "contact": "022 987 654", "hours": "9-15", "trained": "y"}

    saved = browser.post(f"/school/reporting/persons/{person.id}", data=data)

    assert saved.status_code == 302
    assert 'href="tel:022987654"' in client.get(f"/s/{code_of(app, head)}").text
    assert judged(app) == before


def judged(app):
    """Return the content of the only submission, which is still that of its hash."""
    with app.app_context():
        [kept] = session.scalars(select(Submission))
        assert sha256(kept.content.encode()).hexdigest() == kept.sha256
        return kept.content, kept.sha256


@pytest.mark.parametrize("address", ["/s/abcdefgh", "/s/abcdefgh/uk", "/s/abcdefgh/uk.pdf", "/s/x"])
def test_an_unknown_code_leads_to_the_numbers(client, address):
    answer = client.get(address, headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert "This page does not exist" in answer.text
    assert 'href="tel:' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_renewed_code_says_so_and_a_withdrawn_school_has_no_page(app, browser, head, client):
    browser.post("/school/reporting/page", data=ALL)
    old = code_of(app, head)
    browser.post("/school/reporting/page/code")
    new = code_of(app, head)

    answer = client.get(f"/s/{old}", headers={"Accept-Language": "en"})
    assert (answer.status_code, "This page has moved" in answer.text) == (410, True)
    assert 'href="tel:' in answer.text
    assert client.get(f"/s/{new}").status_code == 200

    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        school.standing, school.level, school.valid_until_on = Standing.WITHDRAWN, 1, NOW.date()
    assert client.get(f"/s/{new}").status_code == 404
    with app.app_context():
        assert queries.page_address(session.get_one(School, head.school_id)) is None


def test_others_than_the_head_cannot_switch_it_on(app, head, make, sign_in):
    with app.app_context():
        school = session.get_one(School, head.school_id)
    browser = sign_in(make.manager(school, duty=Duty.DEPUTY))

    refused = browser.post("/school/reporting/page", data=ALL)

    assert refused.status_code == 422
    assert "Only the head of the school can turn the page on." in refused.text


def test_a_school_without_a_person_and_a_way_cannot_switch_it_on(make, sign_in):
    browser = sign_in(make.manager(make.school(), duty=Duty.HEAD))

    refused = browser.post("/school/reporting/page", data=ALL)

    assert refused.status_code == 422
    assert "First add a person who takes reports" in refused.text


def test_files_hold_everything_and_load_nothing(app, browser, head, client):
    browser.post("/school/reporting/page", data=ALL)
    code = code_of(app, head)

    whole = client.get(f"/s/{code}/uk.html")
    paper = client.get(f"/s/{code}/ro.pdf")

    loaded = re.findall(r'(?:src|href)="(?!#|tel:|mailto:|https?:)([^"]*)"', whole.text)
    assert (whole.status_code, loaded) == (200, [])
    assert "<link" not in whole.text
    assert "022 123 456" in whole.text
    found = examine(paper.data, "page.pdf")
    assert found.pages
    words = " ".join(found.text.split())
    assert "022 123 456" in words
    assert "ajutor@liceu.md" in words
    assert f"http://ciss.example/s/{code}" in words
    assert {"x" * 158, "ș" * 190} <= long_words(found.text)
    assert b"/StructTreeRoot" in paper.data or paper.data.startswith(b"%PDF")


def long_words(text):
    """Return the runs of one letter, however lines were broken in them."""
    joined = "".join(text.split())
    return {found[0] for found in re.finditer(r"(\w)\1{50,}", joined)}


def test_a_file_that_the_school_takes_is_remembered(app, browser, head):
    browser.post("/school/reporting/page", data=ALL)

    answer = browser.post("/school/reporting/page/file", data={"language": "ro", "form": "html"})

    assert answer.headers["Content-Disposition"] == "attachment; filename=how-to-report-ro.html"
    with app.app_context():
        [paper] = session.query(MadePaper)
        assert (paper.kind, paper.name, paper.language) == ("page", "html", "ro")
        said_by = set(paper.facts)
    assert {"school.name", "page.address", "cover.parents_contact", "limits.crime_hours"} <= said_by
    assert not [one for one in said_by if one.startswith(("staff.", "told."))]


def test_a_preview_is_for_the_school_also_while_the_page_is_off(browser, head):
    page = browser.get("/school/reporting/page/preview?in=uk")

    assert page.status_code == 200
    assert LONG in page.text
    assert 'href="/school/reporting/page/preview?in=ro"' in page.text
    assert browser.get("/school/reporting/page/qr.svg").status_code == 404
