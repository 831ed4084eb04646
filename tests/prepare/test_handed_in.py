"""Pages of documents, reporting mechanism and self-assessment, once the dossier is handed in."""

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.documents import queries, services
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from tests.factories import NOW
from tests.prepare.pages import forms_of, said, tasks, texts, upload, value
from tests.shipped import SHIPPED, titled

LONG = "The policy says so on its first page, and all staff signed it."

PERSON = {"office": "Psychologist", "contact": "room 7", "hours": "9-15", "trained": "y"}


@pytest.fixture
def handed_in(app, head, make):
    """Hand a complete dossier in; give a function that opens criteria again."""
    with app.app_context(), unit_of_work():
        school = session.get(type(head), head.id).school
        document = make.complete_dossier(school, head)
        version = queries.versions(document.id)[0]
        version.state = VersionState.SUBMITTED
        key = version.file_key
        files().put(key, b"the file")
        services.lock_evidence(head.school_id, open_criteria=[], at=NOW)

    def opened(*criteria):
        with app.app_context(), unit_of_work():
            services.lock_evidence(head.school_id, open_criteria=list(criteria), at=NOW)

    opened.document_id = document.id
    return opened


PAGES = [
    "/school/documents",
    "/school/reporting",
    "/school/reporting/persons",
    "/school/reporting/escalation",
    "/school/reporting/time-limits",
    "/school/reporting/rules",
    "/school/self-assessment",
    "/school/self-assessment/A1",
]


def test_what_is_handed_in_is_shown_without_any_form(browser, handed_in):
    for address in [*PAGES, f"/school/documents/{handed_in.document_id}", "/school/documents/new"]:
        page = browser.get(address)
        assert forms_of(page) == [], address
        assert "Answers submitted" in " ".join(said(page)), address

    page = browser.get("/school/self-assessment/A1")
    assert "How the school meets A1, in words of its own." in texts(page, "p")
    assert "School safety policy" in texts(page, "a")


def test_after_a_certificate_only_the_pages_of_answers_have_no_form(app, head, browser, handed_in):
    with app.app_context(), unit_of_work():
        session.get_one(School, head.school_id).progress = Progress.DECIDED

    for address in [*PAGES, "/school/documents/new"]:
        page = browser.get(address)
        is_closed = "/self-assessment" in address
        assert ("Answers submitted" in " ".join(said(page))) is is_closed, address
    assert forms_of(browser.get("/school/self-assessment/A1")) == []
    assert len(forms_of(browser.get("/school/reporting/rules"))) == 1
    assert len(forms_of(browser.get("/school/documents/new"))) == 1


def test_a_page_that_was_open_too_long_keeps_what_was_typed(app, browser, handed_in, make):
    sent = {
        "/school/self-assessment/A1": {"level": "3", "text": LONG},
        "/school/reporting/rules": {"confidentiality": LONG},
        "/school/reporting/time-limits": {"crime_hours": "7", "answer_days": "1", "plan_days": "1"},
        "/school/reporting/persons/new": {**PERSON, "office": LONG},
    }
    for address, data in sent.items():
        page = browser.post(address, data=data)
        assert page.status_code == 422
        assert "You have submitted your application." in texts(page, "div", "errors")[0]
        kept = texts(page, "textarea") + [value(page, name) for name in data]
        assert set(data.values()) & set(kept), address

    assert upload(browser, make.pdf_of()).status_code == 422
    with app.app_context():
        version = session.get(DocumentVersion, queries.versions(handed_in.document_id)[0].id)
    removed = browser.post(
        f"/school/documents/{handed_in.document_id}/versions/{version.id}/remove"
    )
    assert removed.status_code == 409


def test_only_what_was_asked_for_is_open_again(browser, handed_in):
    handed_in("A4")

    assert forms_of(browser.get("/school/self-assessment/A1")) == []
    assert len(forms_of(browser.get("/school/self-assessment/A4"))) == 1
    assert forms_of(browser.get("/school/reporting/rules")) == []
    page = browser.get("/school/self-assessment")
    critical = "Critical · " if SHIPPED.standard.by_id["A4"].critical else ""
    assert tasks(page)[3] == (
        titled("A4"),
        f"{critical}level 2 · open for changes",
        "✓ Complete",
    )
    assert "These criteria are open: A4." in said(page)[0]
    data = {"level": "3", "text": LONG, "documents": [str(handed_in.document_id)]}
    assert browser.post("/school/self-assessment/A4", data=data).status_code == 302
    assert len(forms_of(browser.get("/school/documents/new"))) == 1
