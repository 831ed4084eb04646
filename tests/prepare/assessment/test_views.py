"""Pages of the self-assessment, as a school manager meets them."""

from uuid import uuid4

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.assessment import queries
from cissapp.prepare.documents.models import EvidenceLock
from tests.factories import NOW
from tests.prepare.pages import main_of, said, tasks, text_of, texts, upload, value
from tests.shipped import SHIPPED, titled

PART_A = sum(one.part == "A" for one in SHIPPED.standard.criteria)
LONG = "The policy says so on its first page, and all staff signed it."


def level_of(page):
    return [
        one.get("value") for one in main_of(page).iter("input") if one.get("checked") is not None
    ]


def test_the_list_counts_what_is_complete(browser, make, app):
    upload(browser, make.pdf_of())
    page = browser.get("/school/self-assessment")
    assert texts(page, "progress") == ["", "", ""]
    assert tasks(page)[0] == (titled("A1"), "Critical", "○ Not begun")
    assert tasks(page)[3] == (titled("A4"), "Critical", "○ Not begun")
    assert len(tasks(page)) == len(SHIPPED.standard.criteria)
    assert f"0 of {PART_A} complete" in page.get_data(as_text=True)

    data = {"level": "0", "text": LONG, "then": "next"}
    answer = browser.post("/school/self-assessment/A1", data=data)
    assert (answer.status_code, answer.location) == (302, "/school/self-assessment/A2")
    browser.post("/school/self-assessment/A4", data={"level": "2", "text": "short"})

    page = browser.get("/school/self-assessment")
    assert tasks(page)[0] == (titled("A1"), "Critical · level 0", "✓ Complete")
    assert tasks(page)[3] == (
        titled("A4"),
        "Critical · level 2",
        "! Something is missing",
    )
    assert f"1 of {PART_A} complete" in page.get_data(as_text=True)
    assert texts(page, "section", "next")[0].startswith(
        f"1/{len(SHIPPED.standard.criteria)} Next A2 · "
    )


def test_a_criterion_is_scored_with_text_and_evidence(app, browser, head, make):
    document_id = str(upload(browser, make.pdf_of()).location.rsplit("/", 1)[1])
    page = browser.get("/school/self-assessment/A12")
    labels = [text_of(one) for one in main_of(page).iter("label")]
    criterion = SHIPPED.standard.by_id["A12"]
    texts_of_levels = criterion.text("en").levels
    assert labels[:4] == [f"{level} {texts_of_levels[level]}" for level in "0123"]
    assert labels[4].startswith(criterion.text("en").not_applicable)
    assert labels[4].endswith("Not applicable. Explain why below.")
    assert f"/learn/{criterion.key.module}" in page.get_data(as_text=True)

    data = {
        "level": "2",
        "text": LONG,
        "documents": [document_id],
        "pages": "page 1",
        "then": "stay",
    }
    answer = browser.post("/school/self-assessment/A12", data=data)
    assert (answer.status_code, answer.location) == (302, "/school/self-assessment/A12")
    page = browser.get(answer.location)
    assert said(page)[0].startswith("A12 is saved, ")
    assert level_of(page) == ["2", document_id]
    assert value(page, "pages") == "page 1"
    assert len(texts(page, "p", "saved")) == 1


def test_a_critical_criterion_offers_no_way_out(browser):
    page = browser.get("/school/self-assessment/A1")
    assert "Not applicable" not in page.get_data(as_text=True)
    assert texts(page, "div", "small")[0] == "★ Critical: at least level 2"

    page = browser.post("/school/self-assessment/A1", data={"level": "n/a", "text": LONG})

    assert page.status_code == 422
    assert texts(page, "p", "error") == ["Error: Not a valid choice."]
    assert texts(page, "textarea") == [LONG]


def test_what_applies_to_every_school_offers_no_way_out_and_the_text_is_kept(browser):
    assert "Not applicable" not in browser.get("/school/self-assessment/A14").text

    page = browser.post("/school/self-assessment/A14", data={"level": "n/a", "text": LONG})

    assert page.status_code == 422
    assert texts(page, "p", "error") == ["Error: Not a valid choice."]
    assert texts(page, "textarea") == [LONG]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": LONG}, "Choose a level."),
        ({"level": "4", "text": LONG}, "Not a valid choice."),
        ({"level": "1", "text": LONG, "documents": "nonsense"}, "'nonsense' is not a valid choice"),
        ({"level": "1", "text": LONG, "documents": str(uuid4())}, "is not a valid choice"),
    ],
)
def test_what_cannot_be_saved_is_said_and_the_text_kept(app, browser, head, make, *, data, message):
    upload(browser, make.pdf_of())

    page = browser.post("/school/self-assessment/A4", data=data)

    assert page.status_code == 422
    assert message in " ".join(texts(page, "p", "error"))
    assert texts(page, "textarea") == [LONG]
    with app.app_context():
        assert queries.scores(head.school_id) == {}


def test_the_last_criterion_leads_back_to_the_list(browser):
    data = {"level": "1", "text": LONG, "then": "next"}

    assert (
        browser.post("/school/self-assessment/C12", data=data).location == "/school/self-assessment"
    )
    assert browser.get("/school/self-assessment/Z9").status_code == 404


def test_a_colleagues_text_is_shown_before_it_is_replaced(browser, head, sign_in, make):
    school = head.school_id
    colleague = sign_in(make.user(head.role, school_id=school))
    seen = value(browser.get("/school/self-assessment/A4"), "seen")
    theirs = {"level": "1", "text": "What the colleague wrote.", "seen": seen}
    colleague.post("/school/self-assessment/A4", data=theirs)

    page = browser.post(
        "/school/self-assessment/A4", data={"level": "2", "text": LONG, "seen": seen}
    )

    assert page.status_code == 422
    assert texts(page, "textarea") == [LONG]
    assert "What the colleague wrote." in " ".join(said(page))
    again = {"level": "2", "text": LONG, "seen": value(page, "seen")}
    assert browser.post("/school/self-assessment/A4", data=again).status_code == 302
    assert texts(browser.get("/school/self-assessment/A4"), "textarea") == [LONG]


def test_after_the_decision_the_answers_wait_for_the_next_application(app, browser, head, make):
    """A certified school was told that the reviewers may still ask for changes."""
    with app.app_context(), unit_of_work():
        session.add(EvidenceLock(school_id=head.school_id, locked_at=NOW, open_criteria=[]))
        session.get_one(School, head.school_id).progress = Progress.DECIDED

    for address in ("", "/parts/A", "/A1"):
        page = text_of(main_of(browser.get(f"/school/self-assessment{address}")))
        assert "You can change them in your next application." in page
        assert "If the reviewers ask for changes" not in page
