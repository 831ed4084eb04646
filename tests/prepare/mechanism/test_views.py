"""Pages of the reporting mechanism, as a school manager meets them."""

from uuid import uuid4

import pytest

from cissapp.foundation.content.helplines import HOTLINE, to_confirm
from cissapp.foundation.content.packs import named
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.prepare.mechanism import queries
from cissapp.prepare.mechanism.rules import MechanismPart
from tests.client import draft_ticket
from tests.prepare.pages import main_of, said, tasks, text_of, texts, value
from tests.shipped import SHIPPED

LONG = "The policy says so on its first page, and all staff signed it."

PERSON = {"office": "Psychologist", "contact": "room 7", "hours": "9-15", "trained": "y"}


def test_the_parts_say_what_is_missing_and_lead_there(browser):
    page = browser.get("/school/reporting")

    assert tasks(page) == [
        ("People who take reports", "0 people", "! Something is missing"),
        ("Ways to report", "0 ways", "! Something is missing"),
        ("Who the school calls", "0 organisations", "! Something is missing"),
        ("Who is told", "0 job titles", "● Could be better"),
        ("Languages, holidays, parents", "", "● Could be better"),
        ("Reports about an adult at the school", "", "● Could be better"),
        ("Time limits", "", "! Something is missing"),
        ("Rules that protect people", "", "! Something is missing"),
    ]
    notice = next(one for one in main_of(page).iter("div") if "warn" in (one.get("class") or ""))
    hrefs = [link.get("href") for link in notice.iter("a")]
    assert list(dict.fromkeys(hrefs)) == [
        "/school/reporting/persons",
        "/school/reporting/channels",
        "/school/reporting/escalation",
        "/school/reporting/time-limits",
        "/school/reporting/rules",
    ]
    assert {browser.get(href).status_code for href in hrefs} == {200}


def test_after_each_part_one_button_leads_to_the_next_and_a_lesson_is_found_again(browser):
    lesson = "/learn/reporting-and-response/ways-to-report"
    kept = f"?from={lesson}"
    page = browser.get(f"/school/reporting{kept}")
    assert texts(page, "section", "next") == ["Next People who take reports Continue"]

    for office in ("Psychologist", "Deputy head"):
        data = {**PERSON, "office": office, "alternate": "y"}
        answer = browser.post(f"/school/reporting/persons/new{kept}", data=data)
    assert answer.location == f"/school/reporting/persons{kept}"
    page = browser.get(answer.location)
    links = {text_of(one): one.get("href") for one in main_of(page).iter("a")}
    assert links["Next: Ways to report"] == f"/school/reporting/channels{kept}"
    assert links["Back to the lesson"] == lesson
    assert texts(page, "a", "primary") == ["Next: Ways to report"]


@pytest.mark.parametrize("foreign", ["https://example.org/", "//example.org", "javascript:x"])
def test_a_way_back_leads_to_this_site_alone(browser, foreign):
    page = browser.get("/school/reporting", query_string={"from": foreign})

    assert "Back to the lesson" not in texts(page, "a")


def test_a_complete_mechanism_says_so(browser, head, make, app):
    with app.app_context(), unit_of_work():
        make.complete_dossier(session.get(type(head), head.id).school, head)

    page = browser.get("/school/reporting")

    assert {state for _label, _detail, state in tasks(page)} == {"✓ Complete", "● Could be better"}
    assert said(page)[0].startswith("The reporting mechanism is complete")


def test_a_person_is_added_changed_and_removed(app, browser, head):
    empty = browser.post("/school/reporting/persons/new", data={"office": "Nurse"})
    assert (empty.status_code, value(empty, "office")) == (422, "Nurse")
    assert texts(empty, "p", "error") == [
        "Error: Enter how to reach this person.",
        "Error: Enter when this person is there.",
    ]

    for _click in range(2):
        answer = browser.post("/school/reporting/persons/new", data=PERSON)
        assert (answer.status_code, answer.location) == (302, "/school/reporting/persons")
    assert tasks(browser.get(answer.location)) == [("Psychologist", "room 7 · 9-15 · trained", "")]

    with app.app_context():
        row = queries.entries(head.school_id, MechanismPart.PERSONS)[0]
    address = f"/school/reporting/persons/{row.id}"
    assert value(browser.get(address), "office") == "Psychologist"
    browser.post(address, data={**PERSON, "is_head": "y", "alternate": "y"})
    assert tasks(browser.get("/school/reporting/persons")) == [
        ("Psychologist", "room 7 · 9-15 · head of the school · trained · covers for others", "")
    ]

    assert browser.post(f"{address}/remove").location == "/school/reporting/persons"
    assert tasks(browser.get("/school/reporting/persons")) == []
    assert browser.get(f"/school/reporting/persons/{uuid4()}").status_code == 404
    assert browser.get("/school/reporting/nonsense").status_code == 404


def test_a_channel_is_added(browser):
    data = {
        "kind": "digital",
        "description": "Form",
        "contact": "school page",
        "hours": "always",
        "in_holidays": "y",
        "anonymous": "y",
    }
    wrong = browser.post("/school/reporting/channels/new", data={**data, "kind": "pigeon"})
    assert (wrong.status_code, value(wrong, "description")) == (422, "Form")

    browser.post("/school/reporting/channels/new", data=data)

    assert tasks(browser.get("/school/reporting/channels")) == [
        (
            "Form",
            "Digital, without speaking · school page · always · works in the holidays · without a name",
            "",
        )
    ]


def test_checked_services_of_the_country_are_offered_and_added_once(browser):
    pack = SHIPPED.countries["MD"]
    first, *others = [named(line.names, "en") for line in pack.helplines]
    page = browser.get("/school/reporting/escalation")
    assert texts(page, "h3") == [first, *others]

    for _click in range(2):
        answer = browser.post(
            "/school/reporting/escalation/suggested", data={"helpline": pack.helplines[0].id}
        )
        assert (answer.status_code, answer.location) == (302, "/school/reporting/escalation")

    page = browser.get("/school/reporting/escalation")
    assert [label for label, _detail, _state in tasks(page)] == [first]
    assert texts(page, "h3") == others
    for unchecked in ("nothing", *(line.id for line in to_confirm(pack))):
        answer = browser.post(
            "/school/reporting/escalation/suggested", data={"helpline": unchecked}
        )
        assert answer.status_code == 404


def test_a_country_without_a_hotline_is_offered_one_for_everywhere(sign_in, make):
    school = make.school(country_code="BY", region_code="BY-MI", group_id=make.group("BY").id)
    browser = sign_in(make.manager(school))

    offered = texts(browser.get("/school/reporting/escalation"), "h3")

    everywhere = [one for one in SHIPPED.anywhere if one.kind == HOTLINE]
    assert HOTLINE not in {one.kind for one in SHIPPED.countries["BY"].helplines}
    assert {named(one.names, "en") for one in everywhere} <= set(offered)
    assert everywhere


def test_time_limits_are_offered_checked_and_saved(app, browser, head):
    page = browser.get("/school/reporting/time-limits")
    assert [value(page, name) for name in ("crime_hours", "answer_days", "plan_days")] == [
        "24",
        "1",
        "3",
    ]

    data = {"crime_hours": "soon", "answer_days": "0", "plan_days": ""}
    page = browser.post("/school/reporting/time-limits", data=data)
    assert page.status_code == 422
    assert texts(page, "p", "error") == [
        "Error: Enter a whole number, such as 3.",
        "Error: Enter a number from 1 to 99.",
        "Error: Enter a number.",
    ]
    assert value(page, "crime_hours") == "soon"

    data = {"crime_hours": "12", "answer_days": "1", "plan_days": "2"}
    answer = browser.post("/school/reporting/time-limits", data=data)
    assert (answer.status_code, answer.location) == (302, "/school/reporting")
    assert value(browser.get("/school/reporting/time-limits"), "plan_days") == "2"
    assert len(texts(browser.get("/school/reporting/time-limits"), "p", "saved")) == 1


def test_rules_that_a_colleague_saved_meanwhile_are_not_overwritten_unread(browser):
    address = "/school/reporting/rules"

    opened = {"draft": draft_ticket(browser.get(address))}
    first = {"confidentiality": "Who must know.", **opened}
    second = {"confidentiality": "Everybody who asks.", **opened}
    assert browser.post(address, data=first).status_code == 302
    assert browser.post(address, data=first).status_code == 302  # a double click

    page = browser.post(address, data=second)

    assert page.status_code == 422
    assert "This was changed after you opened the page." in text_of(main_of(page))
    assert "Who must know." in text_of(main_of(page))
    assert text_of(next(main_of(page).iter("textarea"))) == "Everybody who asks."
    again = {**second, "draft": draft_ticket(page)}
    assert browser.post(address, data=again).status_code == 302


def test_rules_are_saved_piece_by_piece(browser):
    browser.post("/school/reporting/rules", data={"confidentiality": "Who must know."})
    page = browser.get("/school/reporting/rules")
    assert [text_of(one) for one in main_of(page).iter("textarea")] == [
        "Who must know.",
        "",
        "",
        "",
    ]

    page = browser.post("/school/reporting/rules", data={"about_staff": "x" * 5001})
    assert page.status_code == 422
    assert texts(page, "p", "error") == ["Error: Use at most 5000 characters."]
