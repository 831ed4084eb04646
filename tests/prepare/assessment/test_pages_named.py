"""The pages of a document that show a criterion."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.prepare.assessment import services
from cissapp.prepare.assessment.models import SelfEvidence
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as documents
from tests.factories import NOW
from tests.prepare.documents.test_papers import document_school, main_of, newest, upload, words

pytestmark = pytest.mark.usefixtures("stopped_clock")

LONG = "The policy says so on its first page, and all staff signed it."


def test_pages_are_saved_with_each_document_and_lead_to_them(app, browser, head):
    upload(browser)
    version = newest(app, head)
    document = str(version.document_id)

    answer = browser.post(
        "/school/self-assessment/A1",
        data={
            "level": "2",
            "text": LONG,
            "documents": [document],
            f"anchors-{document}": " 2 – 2, 1",
        },
    )

    assert answer.status_code == 302
    with app.app_context():
        assert session.scalars(select(SelfEvidence.pages)).all() == ["2, 1"]
    assert 'value="2, 1"' in browser.get("/school/self-assessment/A1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("3", "has 2 pages. It has no page 3"), ("chapter 2", "is not a list of pages")],
)
def test_pages_that_are_not_there_come_back_as_typed(app, browser, head, said, expected):
    upload(browser)
    document = str(newest(app, head).document_id)

    answer = browser.post(
        "/school/self-assessment/A1",
        data={"level": "2", "text": LONG, "documents": [document], f"anchors-{document}": said},
    )

    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert expected in words(main_of(answer))
    assert f'value="{said}"' in html


def test_pages_of_a_document_that_is_not_named_are_forgotten(context, make, head, app):
    school = make.school()
    by = make.manager(school)
    document = make.complete_dossier(school, by)
    criterion = content().standard.criteria[0]
    facts = ScoreFacts(0, LONG, "", frozenset(), {document.id: "1"})

    row = services.save_score(
        school, criterion, facts, standard=content().standard, by=by, at=NOW + timedelta(days=1)
    )

    assert (row.anchors, list(row.evidence)) == ({}, [])


def test_a_page_that_is_not_there_is_refused_by_the_service(app, browser, head):
    upload(browser)
    version = newest(app, head)
    facts = ScoreFacts(2, LONG, "", frozenset([version.document_id]), {version.document_id: "9"})

    with app.app_context(), unit_of_work(), pytest.raises(Refused) as refused:
        document = documents.document(version.document_id)
        services.save_score(
            document_school(document), content().standard.criteria[0], facts,
            standard=content().standard, by=head, at=NOW,
        )  # fmt: skip

    message = "“%(title)s” has %(pages)s pages. It has no page %(page)s."
    values = {"title": "Safety policy", "pages": 2, "page": 9}
    assert refused.value.problems == (Problem("documents", message, values),)
