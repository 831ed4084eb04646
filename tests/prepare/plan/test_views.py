"""Pages of the action plan, as a school manager meets them."""

from datetime import timedelta

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.schools.models import School
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.plan import queries
from tests.factories import NOW
from tests.prepare.acts import score, trail
from tests.prepare.pages import texts

DUE = NOW.date() + timedelta(days=30)
FACTS = {"what": "Name volunteers in the policy.", "who": "deputy head", "due_on": DUE.isoformat()}


@pytest.fixture(autouse=True)
def _still():
    with clock.at(NOW):
        yield


@pytest.fixture
def head(app, make):
    person = make.manager(make.school())
    with app.app_context(), unit_of_work():
        school = session.get_one(School, person.school_id)
        score(school, person, ScoreFacts(1, "x"), criterion_id="A1")
    return person


@pytest.fixture
def browser(head, sign_in):
    return sign_in(head)


def planned(app, head):
    with app.app_context():
        return [
            (one.criterion_id, one.what, one.who, one.due_on, one.done_on)
            for one in queries.actions(head.school_id)
        ]


def only(app, head):
    with app.app_context():
        return queries.actions(head.school_id)[0].id


def test_an_action_is_planned_done_opened_again_and_removed(app, browser, head):
    assert any("Plan an action for A1" in one for one in texts(browser.get("/school/plan"), "a"))

    browser.post("/school/plan/new?criterion=A1", data=FACTS)
    browser.post("/school/plan/new?criterion=A1", data=FACTS)
    row = ("A1", FACTS["what"], FACTS["who"], DUE)
    assert planned(app, head) == [(*row, None)]
    page = browser.get("/school/plan")
    assert "○ Due 25 December 2026" in texts(page, "span", "status")
    assert not any("Plan an action for" in one for one in texts(page, "a"))

    address = f"/school/plan/{only(app, head)}"
    browser.post(f"{address}/done")
    assert planned(app, head) == [(*row, NOW.date())]
    assert "✓ Done on 25 November 2026" in texts(browser.get("/school/plan"), "span", "status")
    browser.post(f"{address}/open")
    browser.post(address, data={**FACTS, "who": "head"})
    assert planned(app, head) == [("A1", FACTS["what"], "head", DUE, None)]
    browser.post(f"{address}/remove")
    assert planned(app, head) == []
    with app.app_context():
        events = [event for event, _ in trail(session.get_one(School, head.school_id))]
    assert [one for one in events if one.startswith("action.")] == [
        "action.planned",
        *["action.changed"] * 3,
        "action.removed",
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"what": ""}, "Say what is done."),
        ({"who": " "}, "Name the office that does it."),
        ({"due_on": ""}, "Choose a day."),
        ({"due_on": "2026-11-24"}, "Choose a day from today on."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(
    app, browser, head, wrong, message
):
    page = browser.post("/school/plan/new?criterion=A1", data={**FACTS, **wrong})

    assert page.status_code == 422
    assert texts(page, "p", "error") == [f"Error: {message}"]
    assert "deputy head" in page.text or "who" in wrong
    assert planned(app, head) == []


def test_a_criterion_that_is_not_there_has_no_action(browser):
    assert browser.get("/school/plan/new?criterion=Z9").status_code == 404
    assert browser.get("/school/plan/new").status_code == 404


def test_the_plan_becomes_a_document_and_then_its_next_version(app, browser, head):
    browser.post("/school/plan/new?criterion=A1", data=FACTS)
    browser.post("/school/plan/document")
    browser.post(f"/school/plan/{only(app, head)}/done")
    browser.post("/school/plan/document")

    with app.app_context():
        found = documents.documents(head.school_id)
        assert [(one.title, one.evidence_code, one.newest.number) for one in found] == [
            ("Action plan", "PLAN", 2)
        ]
        text = " ".join(documents.page_texts(found[0].newest)[0].split())
    assert "Name volunteers in the policy." in text
    assert "deputy head" in text
