"""What is said once is not asked again: documents of a part, the ways to report, the last round."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.schools.models import School
from cissapp.prepare.assessment import queries
from cissapp.prepare.assessment.models import PartEvidence
from cissapp.prepare.assessment.rules import LastAnswer, ScoreFacts
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.services.documents import document_removed
from cissapp.prepare.mechanism import services as mechanism
from cissapp.subscriptions import subscribe
from tests.factories import NOW
from tests.prepare.acts import LIMITS, PERSON, score
from tests.prepare.pages import main_of, texts, upload, value

LONG = "The policy says so on its first page, and all staff signed it."
B1 = "These people take reports: Psychologist, trained."


@pytest.fixture
def document_id(browser, make):
    return upload(browser, make.pdf_of()).location.rsplit("/", 1)[1]


def ticked(page):
    return [
        one.get("value")
        for one in main_of(page).iter("input")
        if one.get("name") == "documents" and one.get("checked") is not None
    ]


def text_typed(page):
    return next(main_of(page).iter("textarea")).text or ""


def test_documents_are_chosen_once_for_a_part_and_ticked_where_the_standard_names_their_kind(
    browser, head, document_id, app
):
    answer = browser.post("/school/self-assessment/parts/A", data={"documents": [document_id]})

    assert answer.location == "/school/self-assessment/A1"
    assert ticked(browser.get("/school/self-assessment/A1")) == [document_id]
    assert ticked(browser.get("/school/self-assessment/A3")) == []
    assert ticked(browser.get("/school/self-assessment/B4")) == []
    with app.app_context():
        chosen = queries.part_evidence(head.school_id)
        assert {part: [str(one) for one in found] for part, found in chosen.items()} == {
            "A": [document_id]
        }


def test_a_document_named_at_a_criterion_belongs_to_its_part_until_it_is_removed(
    browser, head, document_id, app
):
    data = {"level": "2", "text": LONG, "documents": [document_id]}
    browser.post("/school/self-assessment/C12", data=data)

    with app.app_context(), unit_of_work():
        assert list(queries.part_evidence(head.school_id)) == ["C"]
        subscribe()
        document_removed.send(documents.document(documents.documents(head.school_id)[0].id))
        assert session.scalars(select(PartEvidence)).all() == []


def test_a_foreign_document_is_not_chosen(browser):
    page = browser.post("/school/self-assessment/parts/A", data={"documents": ["nonsense"]})

    assert page.status_code == 422
    assert browser.get("/school/self-assessment/parts/D").status_code == 404


def test_a_page_is_taken_over_with_one_button_and_what_was_typed_stays(browser, document_id):
    take = {"take": f"{document_id}:1", "text": LONG}

    page = browser.post("/school/self-assessment/A1", data=take)
    assert (page.status_code, ticked(page)) == (422, [document_id])
    assert value(page, f"anchors-{document_id}") == "1"
    assert text_typed(page).strip() == LONG

    answer = browser.post("/school/self-assessment/A1", data={**take, "level": "2"})
    assert answer.location == "/school/self-assessment/A1"
    page = browser.get(answer.location)
    assert (ticked(page), value(page, f"anchors-{document_id}")) == ([document_id], "1")


@pytest.mark.parametrize("take", ["nonsense:1", "last", "mechanism", ":", "x"])
def test_what_cannot_be_taken_over_changes_nothing(browser, take):
    answer = browser.post("/school/self-assessment/A5", data={"level": "0", "take": take})

    assert answer.location == "/school/self-assessment/A5"


def test_part_b_begins_with_what_the_ways_to_report_say(browser, head, app):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        mechanism.add_entry(school, PERSON, by=head, at=NOW)
        mechanism.save_mechanism(school, LIMITS, by=head, at=NOW)

    page = browser.get("/school/self-assessment/B1")
    assert text_typed(page).strip() == B1
    assert texts(page, "div", "taken")[0].startswith("↳ This text comes from your ways to report.")
    assert "Hours until a suspected crime is passed on: 24." in text_typed(
        browser.get("/school/self-assessment/B7")
    )
    assert texts(browser.get("/school/self-assessment/B6"), "div", "taken") == []

    browser.post("/school/self-assessment/B1", data={"level": "1", "text": f"{B1} Two women."})
    page = browser.get("/school/self-assessment/B1")
    assert text_typed(page).strip() == f"{B1} Two women."
    assert texts(page, "div", "taken")[0].startswith("You changed this text")

    browser.post(
        "/school/self-assessment/B1", data={"level": "1", "text": "x", "take": "mechanism"}
    )
    page = browser.get("/school/self-assessment/B1")
    assert text_typed(page).strip() == B1
    assert texts(page, "div", "taken")[0].startswith("↳ This text comes from your ways to report.")


def test_the_last_round_is_shown_beside_a_changed_answer_and_taken_over(browser, head, app):
    before = LastAnswer(ScoreFacts(2, LONG), NOW - timedelta(days=400))

    def answer(_school_id, criterion_id):
        return before if criterion_id == "A1" else None

    with queries.last_answer_asked.connected_to(answer):
        with app.app_context(), unit_of_work():
            school = session.get_one(School, head.school_id)
            score(school, head, ScoreFacts(1, "Another text."), criterion_id="A1")
        page = browser.get("/school/self-assessment/A1")
        assert "Your last round, 21 October 2025: level 2" in texts(page, "summary")

        seen = value(page, "seen")
        taken = {"seen": seen, "level": "1", "text": "Another text.", "take": "last"}
        browser.post("/school/self-assessment/A1", data=taken)

        with app.app_context():
            row = queries.score(head.school_id, "A1")
            assert (row.level, row.text) == (2, LONG)
        assert not any(
            one.startswith("Your last round")
            for one in texts(browser.get("/school/self-assessment/A1"), "summary")
        )


def test_the_order_is_kept_from_page_to_page(browser):
    answer = browser.post(
        "/school/self-assessment/A4?order=critical",
        data={"level": "0", "text": LONG, "then": "next"},
    )

    assert answer.location == "/school/self-assessment/A7?order=critical"
