"""Pages of the toolkit, as a school manager meets them."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.facts.queries.changes import papers_of
from cissapp.prepare.mechanism.models import ReportingPerson
from cissapp.prepare.plan import services as plan
from cissapp.prepare.plan.rules import ActionFacts
from cissapp.prepare.toolkit import queries
from tests.factories import NOW
from tests.prepare.pages import tasks, texts
from tests.prepare.toolkit.library import toolkit
from tests.shipped import MODULE
from tests.statements import statements_sent

ORDER_PAGE = "/school/toolkit/products/order"
ANSWERS = {
    "answer_trained_by": "the methodologist",
    "answer_given_on": "2026-09-01",
    "answer_hours": "4",
    "answer_aim": "second",
    "answer_devices": ["phones", "tablets"],
    "answer_volunteers": "no",
    "language": "en",
}


@pytest.fixture(autouse=True)
def _library(app):
    with clock.at(NOW), toolkit(app):
        yield


@pytest.fixture
def head(make):
    return make.manager(make.school(language="en", name="Lyceum *4*"))


@pytest.fixture
def described(app, head, make):
    """The ways to report are described, two people take reports."""
    make.complete_dossier(found_school(app, head), head)


def found_school(app, head):
    with app.app_context():
        return session.get_one(School, head.school_id)


def sent(**values):
    return {**ANSWERS, **values}


def docx_text(answer):
    found = []
    for element in Document(BytesIO(answer.data)).iter_inner_content():
        cells = [element] if hasattr(element, "text") else element._cells
        found += [one.text for one in cells]
    return " ".join(" ".join(found).split())


# --- a product -----------------------------------------------------------------------------------


def test_a_product_is_answered_made_and_downloaded(app, browser, head, described):
    page = browser.get(ORDER_PAGE)
    assert "○ Not made yet" in texts(page, "span", "status")
    assert "the people who take reports" not in texts(page, "a")

    answer = browser.post(ORDER_PAGE, data=sent(then="docx"))
    assert answer.location.endswith(f"{ORDER_PAGE}/en.docx")
    file = browser.get(answer.location)
    assert file.headers["Content-Disposition"] == 'attachment; filename="order-en.docx"'
    text = docx_text(file)
    assert text.startswith("Order Lyceum *4* At Lyceum *4* on 1 September 2026:")
    assert "trained by the methodologist 4 h, aim two, phones and tablets, no" in text
    assert "Psychologist room 7 9-15" in text
    assert "who parents contact: ……………" in text

    page = browser.get(ORDER_PAGE)
    assert "✓ Made on 25 November 2026" in texts(page, "span", "status")
    assert "who parents contact" in texts(page, "a")
    assert 'value="the methodologist"' in page.text
    pdf = browser.get(f"{ORDER_PAGE}/en.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    with app.app_context():
        paper = queries.papers_of_product(head.school_id, "order")["en"]
        assert paper.facts["school.name"] == "Lyceum *4*"
        assert "room 7" in paper.facts.values()


def test_half_is_saved_and_nothing_is_made_of_it(app, browser, head, described):
    half = sent(answer_trained_by="")
    browser.post(ORDER_PAGE, data={**half, "then": "save"})
    page = browser.post(ORDER_PAGE, data={**half, "answer_hours": "5", "then": "pdf"})

    assert page.status_code == 422
    beside = "Error: Answer this first. The file cannot be made without it."
    assert texts(page, "p", "error") == [beside]
    assert 'value="5"' in page.text
    assert browser.get(f"{ORDER_PAGE}/en.pdf").status_code == 302
    with app.app_context():
        assert queries.product_answer(head.school_id, "order").answers["hours"] == "4"
        assert papers_of(head.school_id) == []


def test_what_the_school_has_not_said_is_named_with_its_page(browser):
    page = browser.get(ORDER_PAGE)

    assert "the people who take reports" in texts(page, "a")
    assert "Save and download to edit (DOCX)" not in page.text
    page = browser.post(ORDER_PAGE, data=sent(then="docx"))
    assert page.status_code == 422
    assert "something it needs is missing" in page.text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"answer_trained_by": "x" * 41}, "Use at most 40 characters."),
        ({"answer_hours": "41"}, "Enter a whole number from 1 to 40."),
        ({"answer_hours": "many"}, "Enter a whole number from 1 to 40."),
        ({"answer_given_on": "tomorrow"}, "Not a valid date value."),
        ({"answer_aim": "third"}, "Not a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(browser, wrong, message):
    page = browser.post(ORDER_PAGE, data=sent(**wrong, then="save"))

    assert page.status_code == 422
    assert texts(page, "p", "error") == [f"Error: {message}"]
    assert "2026-09-01" in page.text or "answer_given_on" in wrong


def test_a_child_is_named_nowhere(app, browser, head):
    typed = "pupil Maria Popescu of class 7b, abused"
    page = browser.post(ORDER_PAGE, data=sent(answer_trained_by=typed, then="save"))

    assert page.status_code == 422
    assert "Nothing was saved." in page.text
    assert typed in page.text
    with app.app_context():
        assert queries.product_answers(head.school_id) == {}


def test_the_file_is_made_in_the_language_that_is_chosen(browser, described):
    browser.post(ORDER_PAGE, data=sent(then="save", language="uk"))
    page = browser.get(f"{ORDER_PAGE}?in=uk")

    assert texts(page, "p", "product-title") == ["Наказ"]
    answer = browser.post(f"{ORDER_PAGE}?in=uk", data=sent(then="docx", language="uk"))
    text = docx_text(browser.get(answer.location))
    assert text.startswith("Наказ")
    assert "1 вересня 2026" in text


def test_a_number_that_nobody_confirmed_is_left_out_and_that_is_said(app, browser, head, described):
    with app.app_context(), unit_of_work():
        for one in session.query(ReportingPerson):
            one.added_at = NOW - timedelta(days=200)
    browser.post(ORDER_PAGE, data=sent(then="docx"))

    text = docx_text(browser.get(f"{ORDER_PAGE}/en.docx"))

    assert "Psychologist …………… 9-15" in text
    page = browser.get(ORDER_PAGE)
    assert (
        "A number is left out because nobody has confirmed it in the last six months." in page.text
    )


def test_it_becomes_a_document_and_then_its_next_version(app, browser, head, described):
    first = browser.post(ORDER_PAGE, data=sent(then="document"))
    browser.post(ORDER_PAGE, data=sent(then="document", answer_hours="5"))

    assert "Tick it as evidence for A3, A8." in browser.get(first.location).text
    with app.app_context():
        found = documents.documents(head.school_id)
        order = next(one for one in found if one.title == "Order")
        assert (order.evidence_code, order.newest.number) == ("ORD", 2)
        text = " ".join(" ".join(documents.page_texts(order.newest)).split())
    assert "5 h, aim two" in text
    page = browser.get(ORDER_PAGE)
    assert "See it in your documents" in texts(page, "a")
    assert "✓ Made on 25 November 2026" in texts(page, "span", "status")
    again = browser.post(ORDER_PAGE, data=sent(then="document", answer_hours="5"))
    assert again.status_code == 422
    assert "You already have this file" in again.text


def test_a_table_is_filled_from_the_plan(app, browser, head):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, head.school_id)
        due = ActionFacts("Rules for younger pupils", "deputy head", NOW.date())
        plan.plan_action(school, "A4", due, by=head, at=NOW)

    answer = browser.post("/school/toolkit/products/log", data={"language": "en", "then": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(browser.get(answer.location).data)).active

    rows = [[cell.value for cell in row][:2] for row in sheet.iter_rows()]
    assert ["Rules for younger pupils", "deputy head"] in rows


def test_what_is_no_product_and_no_language_is_not_there(browser):
    for address in (
        "/school/toolkit/products/other",
        f"{ORDER_PAGE}/be.pdf",
        f"{ORDER_PAGE}/en.xlsx",
        f"{ORDER_PAGE}/specimen/be.pdf",
        "/school/toolkit/products/log/en.docx",
    ):
        assert browser.get(address).status_code == 404, address


def test_a_specimen_is_shown_and_downloaded(browser):
    page = browser.get(f"{ORDER_PAGE}/specimen?in=uk")

    assert "000 00 00" in page.text
    assert browser.get(f"{ORDER_PAGE}/specimen/uk.docx").data[:2] == b"PK"
    assert browser.get(f"{ORDER_PAGE}/specimen/en.pdf").data[:5] == b"%PDF-"


def test_files_of_a_school_are_for_its_people_alone(app, browser, head, sign_in, make, described):
    browser.post(ORDER_PAGE, data=sent(then="docx"))
    other = make.manager(make.school(language="en"))
    group = found_school(app, head).group_id

    assert sign_in(other).get(f"{ORDER_PAGE}/en.docx").status_code == 302
    for role in (Role.REVIEWER, Role.COORDINATOR):
        person = make.user(role, group_id=group)
        assert sign_in(person).get(f"{ORDER_PAGE}/en.docx").status_code == 403
    assert app.test_client().get(f"{ORDER_PAGE}/en.docx").status_code in {302, 401}


# --- the toolkit, and the lesson -----------------------------------------------------------------


def test_the_toolkit_says_what_comes_first_and_how_each_product_stands(browser, described):
    page = browser.get("/school/toolkit")
    products = [one for one in tasks(page) if one[0] in {"Order", "Log", "Card"}]
    assert products[0] == ("Order", "10 minutes · For the head, in September.", "○ Not made yet")
    assert len(products) == 3

    browser.post(ORDER_PAGE, data=sent(then="docx"))
    page = browser.get("/school/toolkit")
    states = {name: state for name, _detail, state in tasks(page)}
    assert states["Order"] == "✓ Made on 25 November 2026"
    assert states["Log"] == "○ Not made yet"
    assert states["Policy studio"] == "● You uploaded your own"
    assert "1 made" in page.text


def test_without_ways_to_report_these_come_first(browser):
    page = browser.get("/school/toolkit")

    assert "Add who takes reports and how to report" in texts(page, "h2")
    assert ("Policy studio", "○ Not made yet") in [(one[0], one[2]) for one in tasks(page)]


def test_a_changed_value_makes_a_product_old(app, browser, head, described):
    browser.post(ORDER_PAGE, data=sent(then="docx"))
    with app.app_context(), unit_of_work():
        session.query(ReportingPerson).first().contact = "room 8"

    states = {name: state for name, _detail, state in tasks(browser.get("/school/toolkit"))}

    assert states["Order"] == "! Made on 25 November 2026, but something has changed since"
    assert states["Order"] in texts(browser.get(ORDER_PAGE), "span", "status")
    changes = browser.get("/school/toolkit/changes")
    assert f'href="{ORDER_PAGE}?in=en"' in changes.text


def test_the_lesson_leads_to_its_product_and_says_when_it_was_made(
    browser, head, sign_in, make, described
):
    lesson = f"/learn/{MODULE.id}/{MODULE.lessons[0].id}"
    page = browser.get(lesson)
    assert "Make it now, 10 minutes" in texts(page, "a", "button")

    browser.post(ORDER_PAGE, data=sent(then="docx"))
    page = browser.get(lesson)
    assert "✓ Made on 25 November 2026" in texts(page, "span", "status")
    assert "View it, or make it again" in texts(page, "a", "button")
    assert f'{lesson}"' in browser.get(ORDER_PAGE).text
    assert "Make it now" not in browser.get(f"/learn/{MODULE.id}/{MODULE.lessons[3].id}").text
    reviewer = sign_in(make.user(Role.REVIEWER))
    assert "Make it now" not in reviewer.get(lesson).text


def statements(app, browser, address):
    """How many statements a page needs."""
    with statements_sent(app) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_pages_ask_as_often_whatever_is_there(app, browser, head, make, described):
    pages = (ORDER_PAGE, "/school/toolkit", f"{ORDER_PAGE}/en.docx")
    browser.post(ORDER_PAGE, data=sent(then="pdf"))
    browser.get(ORDER_PAGE)
    before = [statements(app, browser, one) for one in pages]
    make.manager(found_school(app, head), duty=Duty.DEPUTY)
    browser.post(ORDER_PAGE, data=sent(then="pdf", language="uk"))
    browser.post("/school/toolkit/products/log", data={"language": "en", "then": "pdf"})
    browser.get(ORDER_PAGE)

    assert [statements(app, browser, one) for one in pages] == before
