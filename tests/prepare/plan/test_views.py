"""Pages of the year plan, as a school manager meets them."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from cissapp.certify.upkeep.queries.plan_dates import dates_of
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.people.schools.models import School
from cissapp.prepare.assessment.queries import scores
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.awareness import services as awareness
from cissapp.prepare.awareness.rules.rounds import RoundFacts, RoundKind
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.plan import queries
from cissapp.prepare.plan.phrases.lines import year_plan
from cissapp.prepare.plan.rules import SchoolYear
from tests.factories import NOW
from tests.prepare.acts import add, score, trail
from tests.prepare.pages import texts
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

DUE = NOW.date() + timedelta(days=30)
FACTS = {"what": "Name volunteers in the policy.", "who": "deputy head", "due_on": DUE.isoformat()}


@pytest.fixture
def head(app, make):
    person = make.manager(make.school())
    with app.app_context(), unit_of_work():
        school = session.get_one(School, person.school_id)
        score(school, person, ScoreFacts(1, "x"), criterion_id="A1")
    return person


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
        ({"what": ""}, "Enter what needs to be done."),
        ({"who": " "}, "Enter the job title of the person who does it."),
        ({"due_on": ""}, "Choose a day."),
        ({"due_on": "2026-11-24"}, "Choose today or a later date."),
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
            ("Year plan", "PLAN", 2)
        ]
        text = " ".join(documents.page_texts(found[0].newest)[0].split())
    assert "Name volunteers in the policy." in text
    assert "deputy head" in text


# --- dates ---------------------------------------------------------------------------------------

OWN = {"what": "Meet the library.", "who": "librarian", "due_on": DUE.isoformat()}


def lines(app, head, first=2026):
    """What the plan of a school year says: what, who, when, done."""
    with app.test_request_context():
        school = session.get_one(School, head.school_id)
        found = year_plan(school, SchoolYear(first), documents.documents(school.id), NOW.date())
        return {one.what: (one.who, one.due_on, one.done_on) for one in found.lines}


PARENTS = "Hold the parents’ evening on life online"


def test_a_year_has_its_dates_by_month_and_a_past_suggestion_is_not_late(app, browser, head):
    page = browser.get("/school/plan")
    months = texts(page, "h2")[1:-1]

    assert months[:2] == ["November 2026", "February 2027"]
    assert months[-2:] == ["September 2026", "October 2026"]
    assert "Due 9 February 2027" in page.text
    assert "Suggested for 10 September 2026" in page.text
    assert "Late" not in page.text
    assert "School year 2027/2028" in browser.get("/school/plan?year=2027").text
    for wrong in ("x", "1900", "2031"):
        assert "School year 2026/2027" in browser.get(f"/school/plan?year={wrong}").text


def test_a_suggested_date_is_moved_given_to_another_left_out_and_taken_back(app, browser, head):
    address = "/school/plan/dates/parents-2026-1"
    assert lines(app, head)[PARENTS] == ("Class teachers", date(2026, 11, 25), None)
    browser.post(f"{address}?year=2026", data={"who": "head", "due_on": DUE.isoformat()})
    assert lines(app, head)[PARENTS] == ("head", DUE, None)
    browser.post(f"{address}/done?year=2026")
    assert lines(app, head)[PARENTS] == ("head", DUE, NOW.date())
    browser.post(f"{address}/open?year=2026")
    browser.post(f"{address}/remove?year=2026")
    assert PARENTS not in lines(app, head)
    assert "Dates you left out" in browser.get("/school/plan").text
    browser.post(f"{address}/take-back?year=2026")
    assert lines(app, head)[PARENTS] == ("head", DUE, None)


def test_a_date_of_ones_own_is_added_once_changed_and_removed(app, browser, head):
    for _ in range(2):
        browser.post("/school/plan/dates/new", data=OWN)
    assert lines(app, head)[OWN["what"]] == ("librarian", DUE, None)
    with app.app_context():
        (key,) = queries.steps(head.school_id)
    address = f"/school/plan/dates/{key}"
    browser.post(address, data={**OWN, "what": "Meet the police."})
    assert lines(app, head)["Meet the police."] == ("librarian", DUE, None)
    late = browser.post(address, data={**OWN, "due_on": "2026-11-01"})
    assert texts(late, "p", "error") == ["Error: Choose today or a later date."]
    browser.post(f"{address}/remove")
    with app.app_context():
        assert queries.steps(head.school_id) == {}
    assert browser.get(address).status_code == 404


def test_one_click_plans_what_the_standard_asks_for(app, browser, head):
    browser.post("/school/plan/suggested?criterion=A1")
    ((criterion, what, who, due_on, done_on),) = planned(app, head)
    assert (criterion, who, done_on) == ("A1", "Head", None)
    assert what.startswith("Reach level 2: ")
    assert due_on > NOW.date()
    browser.post("/school/plan/suggested")
    assert len(planned(app, head)) == 1
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        for one in ("A2", "B3", "C12"):
            score(school, head, ScoreFacts(0, "x"), criterion_id=one)
    browser.post("/school/plan/suggested")
    assert sorted(one[0] for one in planned(app, head)) == ["A1", "A2", "B3", "C12"]


def test_what_other_rooms_know_is_in_the_plan(app, browser, head):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        facts = RoundFacts("Autumn", RoundKind.BEFORE, 30, DUE)
        awareness.open_round(school, facts, by=head, at=NOW)
    found = lines(app, head)

    assert found["Ask pupils whether they know who to tell, before the lessons"][1] == DUE


def test_the_days_of_a_certificate_are_in_the_plan(app, make):
    certificate = make.certified()
    with app.test_request_context():
        school = session.get_one(School, certificate.school_id)
        years = range(2026, 2030)
        found = [
            (one.kind.value, one.day)
            for first in years
            for one in dates_of(school, year=SchoolYear(first), today=NOW.date())
        ]

    assert found == [
        ("confirmation", date(2027, 12, 9)),
        ("renewal", date(2028, 7, 25)),
    ]


def test_done_steps_of_part_c_are_named_as_evidence_where_nothing_is(app, browser, head):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        other = add(school, head, files())
        for one in ("C5", "C7", "C9", "C12"):
            ids = frozenset({other.id}) if one == "C12" else frozenset()
            score(school, head, ScoreFacts(1, "x", document_ids=ids), criterion_id=one)
    for key in ("training-2026-1", "internet_day-2026-1", "handover-2026-1"):
        browser.post(f"/school/plan/dates/{key}/done")
    page = browser.get(browser.post("/school/plan/document").location)

    assert "It is named as evidence for C5, C9." in page.text
    with app.app_context():
        plan = next(one for one in documents.documents(head.school_id) if one.title == "Year plan")
        rows = scores(head.school_id)
        assert {one: plan.id in rows[one].document_ids for one in ("C5", "C7", "C9", "C12")} == {
            "C5": True,
            "C7": False,
            "C9": True,
            "C12": False,
        }
        assert rows["C12"].document_ids == {other.id}
        text = " ".join(" ".join(documents.page_texts(plan.newest)).split())
    assert "Train all staff on risks, signs and procedure" in text
    assert "Done on 25 November 2026" in text


def test_the_calendar_has_what_is_still_to_come(app, browser, head):
    browser.post("/school/plan/dates/new", data=OWN)
    browser.post("/school/plan/dates/handover-2026-1/done")
    events = Calendar.from_ical(browser.get("/school/plan.ics").data).walk("VEVENT")
    said = {str(one["summary"]) for one in events}

    assert "CISS: Meet the library. (librarian)" in said
    assert not any("Train all staff" in one or "handover" in one for one in said)
    assert {one.decoded("dtstart") for one in events} >= {DUE, date(2027, 2, 9)}
    assert browser.get("/school/plan.ics").data == browser.get("/school/plan.ics").data


def test_as_many_statements_with_many_steps_as_with_few(app, browser, head):
    def statements():
        with statements_sent(app) as seen:
            browser.get("/school/plan")
        return len(seen)

    browser.post("/school/plan/suggested")
    browser.post("/school/plan/dates/new", data=OWN)
    once = statements()
    for number in range(3):
        browser.post("/school/plan/dates/new", data={**OWN, "what": f"Step {number}"})
        browser.post("/school/plan/new?criterion=A1", data={**FACTS, "what": f"Step {number}"})

    assert statements() == once
