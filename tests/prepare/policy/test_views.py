"""Pages of the policy studio, as a head meets them."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document as WordDocument
from pypdf import PdfReader

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.office.manuscripts import plain_text_of
from cissapp.people.schools.models import School
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.services.locks import lock_evidence
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules.parts import ChannelFacts
from cissapp.prepare.policy import queries, services
from cissapp.prepare.policy.papers.manuscripts import policy_manuscript
from cissapp.prepare.policy.rules.clauses import Audience
from tests.factories import NOW
from tests.prepare.acts import score, trail
from tests.prepare.pages import main_of, tasks, text_of, texts, value
from tests.prepare.policy.library import ANSWERS, clause, installed, library

SCOPE = {
    "q_adopted_by": "council",
    "q_adopted_on": "2026-11-20",
    "q_next_review": "2027-11-01",
    "q_devices": ["own_phones"],
}


def said(app, head):
    with app.app_context():
        return {key: one.said for key, one in queries.answers(head.school_id).items()}


def coverage(page):
    """What the map says of each criterion."""
    return {
        text_of(one).split()[0]: text_of(next(one.iter("summary"))).rpartition(" ")[2]
        for one in main_of(page).iter("details")
        if "policy-criterion" in (one.get("class") or "")
    }


def test_a_school_with_a_policy_finds_the_check_before_the_questions_until_it_answers_one(browser):
    def order():
        headings = texts(browser.get("/school/policy"), "h2")
        return [one for one in headings if one in {"Questions", "Do you already have a policy?"}]

    assert order() == ["Do you already have a policy?", "Questions"]
    browser.post("/school/policy/sections/scope", data={"q_devices": ["own_phones"]})
    assert order() == ["Questions", "Do you already have a policy?"]


def test_questions_are_answered_section_by_section_and_half_of_them_is_kept(app, browser, head):
    first = browser.get("/school/policy")
    assert "0 of 8 questions answered" in text_of(main_of(first))
    assert tasks(first)[0] == ("What it covers", "", "○ 0 of 4")

    answer = browser.post("/school/policy/sections/scope", data={"q_devices": ["own_phones"]})
    assert answer.location == "/school/policy/sections/people"
    assert said(app, head) == {"devices": ["own_phones"]}
    browser.post("/school/policy/sections/scope", data=SCOPE)
    assert tasks(browser.get("/school/policy"))[0] == ("What it covers", "", "✓ Answered")
    with app.app_context():
        events = [event for event, _ in trail(session.get_one(School, head.school_id))]
    assert events[1:] == ["policy.answered", "policy.answered"]


@pytest.mark.parametrize(
    ("section", "data", "message"),
    [
        ("people", {"q_adults_total": "0"}, "Enter a whole number from 1 to 900."),
        ("people", {"q_volunteers": "perhaps"}, "Not a valid choice."),
        ("reporting", {"q_founder": "x" * 41}, "Use at most 40 characters."),
        (
            "reporting",
            {"q_founder": "Pupil Maria Popescu of class 5b"},
            "This seems to name a child or describe a case. Use job titles only.",
        ),
    ],
)
def test_a_wrong_answer_is_named_beside_its_field_and_stays_there(
    app, browser, head, section, data, message
):
    page = browser.post(f"/school/policy/sections/{section}", data=data)

    assert page.status_code == 422
    assert texts(page, "p", "error") == [f"Error: {message}"]
    typed = next(iter(data.values()))
    assert typed in page.text or typed == "perhaps"
    assert said(app, head) == {}


def test_a_contradiction_is_kept_named_beside_its_field_and_not_printed(app, browser, head):
    future = {**SCOPE, "q_adopted_on": "2026-11-30", "q_next_review": "2027-11-01"}
    answer = browser.post("/school/policy/sections/scope", data=future)
    page = browser.get(answer.location)

    assert texts(page, "p", "error") == [
        "Error: This date is in the future. Enter the date on which the policy was adopted."
    ]
    assert value(page, "q_adopted_on") == "2026-11-30"
    assert said(app, head)["adopted_on"] == ["2026-11-30"]
    assert "Adopted by" not in browser.get("/school/policy/adults").text
    assert coverage(browser.get("/school/policy"))["A2"] == "yet"


def test_a_policy_adopted_after_midnight_at_the_school_is_not_of_the_future(sign_in, head):
    with clock.at(datetime(2026, 11, 25, 22, 30, tzinfo=UTC)):
        browser = sign_in(head)
        assert "Draft of 26 November 2026." in browser.get("/school/policy/adults").text
        adopted = {**SCOPE, "q_adopted_on": "2026-11-26"}
        page = browser.get(browser.post("/school/policy/sections/scope", data=adopted).location)
        assert texts(page, "p", "error") == []
        assert "Adopted by" in browser.get("/school/policy/adults").text
        page = browser.post(
            "/school/policy/sections/scope", data={**adopted, "q_adopted_on": "2026-11-27"}
        )
        [error] = texts(browser.get(page.location), "p", "error")
        assert "This date is in the future." in error


def test_the_map_follows_the_answers_and_says_what_is_missing(browser, head):
    before = browser.get("/school/policy")
    assert coverage(before) == {
        "A1": "covered",
        "A2": "yet",
        "A6": "yet",
        "A7": "yet",
        "B2": "covered",
    }
    # The questions of a section that is not done stand in the list of sections alone.
    assert "Still missing" not in before.text
    browser.post("/school/policy/sections/scope", data=SCOPE)
    people = {"q_volunteers": "no", "q_adults_total": "40", "q_adults_signed": "39"}
    browser.post("/school/policy/sections/people", data=people)
    page = browser.get("/school/policy")
    assert coverage(page)["A7"] == "yet"
    assert "Level 2 asks for all adults to have signed the code: 39 of 40 have." in page.text
    browser.post("/school/policy/sections/people", data={**people, "q_adults_signed": "40"})
    page = browser.get("/school/policy")
    assert set(coverage(page).values()) == {"covered"}
    assert "40 of 40 adults have signed." in texts(page, "q")
    assert "Covered: every critical criterion" in page.text


def test_it_is_covered_only_if_the_mechanism_could_be_submitted(app, browser, answered):
    assert "Covered: every critical criterion" in browser.get("/school/policy").text
    with app.app_context(), unit_of_work():
        from cissapp.prepare.mechanism.queries import mechanism

        mechanism(answered.school_id).crime_hours = 48
    page = browser.get("/school/policy")
    assert "Covered: every critical criterion" not in page.text
    assert "A suspected crime must be passed on within 24 hours at most." in page.text


def test_a_clause_is_changed_left_out_and_taken_again(app, browser, answered):
    address = "/school/policy/clauses/devices"
    assert "It covers these devices: {devices}." in browser.get(address).text
    own = {"choice": "changed", "adults": "No phone here. {devices}", "younger": "", "older": ""}
    browser.post(address, data=own)
    assert "No phone here. own phones and school computers" not in browser.get(address).text
    assert (
        "No phone here. school computers and own phones"
        in browser.get("/school/policy/adults").text
    )
    assert coverage(browser.get("/school/policy"))["A1"] == "covered"
    browser.post(address, data={**own, "adults": "Nothing said."})
    # "partly covered": its last word alone would be the same as that of a covered one.
    assert "partly covered" in browser.get("/school/policy").text

    refused = browser.post(address, data={"choice": "left_out", "reason": "no"})
    assert texts(refused, "p", "error") == [
        "Error: Explain why your school leaves it out, in at least 10 characters."
    ]
    browser.post(address, data={"choice": "left_out", "reason": "No devices come to school."})
    assert "No devices come to school." in browser.get("/school/policy").text
    browser.post(address, data={"choice": "taken"})
    with app.app_context():
        row = queries.clause_rows(answered.school_id)["devices"]
        assert (row.choice, row.own, row.reason, row.wording.version) == ("taken", {}, "", 1)


@pytest.mark.parametrize(
    ("adults", "message"),
    [
        ("", "Write the clause in your own words, or leave it out."),
        ("We use {gadgets}.", "There is nothing to fill in for {gadgets}. Write it in words."),
        (
            "Pupil Maria Popescu of class 5b was hurt.",
            "This seems to name a child or describe a case. Use job titles only.",
        ),
    ],
)
def test_own_words_are_looked_at_before_they_are_kept(app, browser, answered, adults, message):
    page = browser.post(
        "/school/policy/clauses/devices", data={"choice": "changed", "adults": adults}
    )

    assert page.status_code == 422
    assert f"Error: {message}" in texts(page, "p", "error")
    assert adults in page.text.replace("&#39;", "'")
    with app.app_context():
        assert queries.clause_rows(answered.school_id) == {}


def test_a_paragraph_is_added_changed_and_removed(app, browser, answered):
    browser.post("/school/policy/sections/people/paragraphs/new", data={"text": "Guards too."})
    with app.app_context():
        found = queries.paragraphs(answered.school_id)[0].id
    assert "Guards too." in browser.get("/school/policy/adults").text
    assert "Guards too." not in browser.get("/school/policy/younger").text
    browser.post(f"/school/policy/paragraphs/{found}", data={"text": "Guards and cooks too."})
    assert "Guards and cooks too." in browser.get("/school/policy/sections/people").text
    browser.post(f"/school/policy/paragraphs/{found}/remove")
    assert "Guards" not in browser.get("/school/policy/adults").text


def words(text):
    return "".join(text.split()).replace("\u2060", "")


def test_docx_pdf_and_page_say_the_same(app, browser, answered):
    with app.app_context():
        state = queries.state_of(session.get_one(School, answered.school_id), NOW.date())
        manuscript, _written = policy_manuscript(state, Audience.ADULTS, NOW.date())
        wanted = words(plain_text_of(manuscript))
        title = words(f"{state.school.name}·{manuscript.title}")
    docx = WordDocument(BytesIO(browser.get("/school/policy/adults.docx").data))
    in_docx = []
    for element in docx.iter_inner_content():
        cells = [element] if hasattr(element, "text") else element._cells
        in_docx += [one.text for one in cells]
    pages = PdfReader(BytesIO(browser.get("/school/policy/adults.pdf").data)).pages
    in_pdf = words("".join(one.extract_text() for one in pages))
    page = browser.get("/school/policy/adults")
    on_page = next(
        text_of(one)
        for one in main_of(page).iter("div")
        if "policy-text" in (one.get("class") or "")
    )

    assert "ThiscoversallpupilsandallstaffofLyceum" in wanted
    assert words(" ".join(in_docx)) == wanted
    assert in_pdf.replace(f"{title}·1/1", "") == wanted
    assert wanted.endswith(words(on_page))
    assert words("".join(manuscript.lines)) in words(text_of(main_of(page)))


def test_the_policy_becomes_a_document_with_its_pages_named_and_what_was_chosen_stays(
    app, browser, answered
):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, answered.school_id)
        score(school, answered, ScoreFacts(2, "x" * 40), criterion_id="A1")
    browser.post("/school/policy/document", data={"target": "new"})

    with app.app_context():
        found = documents.documents(answered.school_id)
        assert [(one.title, one.evidence_code, one.newest.number) for one in found] == [
            ("Policy on protecting children online", "POL", 1)
        ]
        document_id, version_id = found[0].id, found[0].newest.id
        assert assessment.score(answered.school_id, "A1").anchors == {document_id: "1"}
        assert assessment.score(answered.school_id, "A2") is None
        assert assessment.part_evidence(answered.school_id) == {
            "A": frozenset({document_id}),
            "B": frozenset({document_id}),
        }
        assert {
            key: one.choice for key, one in queries.clause_rows(answered.school_id).items()
        } == (
            dict.fromkeys(
                ["who", "devices", "adoption", "without-volunteers", "signed", "ways"], "taken"
            )
        )
        paper = session.query(MadePaper).one()
        assert (paper.kind, paper.version_id) == ("policy", version_id)
        assert {"school.name", "school.locality"} < set(paper.facts)

    # A criterion that is not scored yet begins with the document and the page.
    page = browser.get("/school/self-assessment/A2")
    assert value(page, f"anchors-{document_id}") == "1"
    # The school names other pages itself; the next version leaves them alone.
    with app.app_context(), unit_of_work():
        school = session.get_one(School, answered.school_id)
        facts = ScoreFacts(2, "x" * 40, "", frozenset({document_id}), {document_id: "1"})
        score(school, answered, ScoreFacts(2, "x" * 40, "", facts.document_ids), criterion_id="A1")
    browser.post("/school/policy/sections/people/paragraphs/new", data={"text": "Guards too."})
    browser.post("/school/policy/document", data={"target": str(document_id)})
    with app.app_context():
        assert documents.documents(answered.school_id)[0].newest.number == 2
        assert assessment.score(answered.school_id, "A1").anchors == {}


def dates_of_policy(app, head):
    with app.app_context():
        newest = documents.documents(head.school_id)[0].newest
        return newest.evidence_on, newest.expires_on


def test_the_document_is_dated_as_adopted_and_valid_until_the_next_review(app, browser, answered):
    browser.post("/school/policy/document", data={"target": "new"})
    dated = dates_of_policy(app, answered)
    with app.app_context(), unit_of_work():
        school = session.get_one(School, answered.school_id)
        before_adoption = {**ANSWERS, "next_review": ["2026-11-01"]}
        services.save_answers(school, before_adoption, by=answered, at=NOW)
    with app.app_context():
        (made,) = documents.documents(answered.school_id)
    browser.post("/school/policy/document", data={"target": str(made.id)})

    assert dated == (date(2026, 11, 20), date(2027, 11, 1))
    # A review before the adoption is a contradiction: it is not printed, and no date of the document.
    assert dates_of_policy(app, answered) == (date(2026, 11, 20), None)


def test_a_policy_without_dates_becomes_a_document_without_dates(app, browser, answered):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, answered.school_id)
        undated = {**ANSWERS, "adopted_on": [], "next_review": []}
        services.save_answers(school, undated, by=answered, at=NOW)

    browser.post("/school/policy/document", data={"target": "new"})

    assert dates_of_policy(app, answered) == (None, None)


def test_a_contact_that_changes_lists_the_policy_with_the_place_of_its_next_version(
    app, browser, answered
):
    browser.post("/school/policy/document", data={"target": "new"})
    with app.app_context(), unit_of_work():
        from cissapp.prepare.mechanism.models import ReportingChannel

        school = session.get_one(School, answered.school_id)
        row = session.query(ReportingChannel).filter_by(school_id=school.id, kind="written").one()
        facts = ChannelFacts(row.kind, row.description, "room 9", row.hours)
        mechanism.change_entry(row, facts, by=answered, at=NOW)
    page = browser.get("/school/toolkit/changes")

    assert "Policy on protecting children online · English" in page.text
    assert "/school/policy#policy-document" in page.text


def test_what_is_submitted_is_not_changed(app, browser, answered):
    with app.app_context(), unit_of_work():
        lock_evidence(answered.school_id, open_criteria=[], at=NOW)
    page = browser.post("/school/policy/document", data={"target": "new"})

    assert page.status_code == 422
    assert "You have submitted your application." in page.text
    with app.app_context():
        assert documents.documents(answered.school_id) == []
        assert queries.clause_rows(answered.school_id) == {}


def test_a_newer_library_is_asked_about_and_the_answer_is_kept(app, browser, answered):
    browser.post("/school/policy/document", data={"target": "new"})
    newer = library(
        clause("who", "This covers all pupils and guests.", elements=("A1.groups",), version=2),
        clause("fresh", "A new law.", elements=("A2.adopted",)),
    )
    with installed(app, newer):
        assert "The law or the library changed: 2 clauses" in browser.get("/school/policy").text
        page = browser.get("/school/policy/updates")
        assert "guests." in texts(page, "ins")[0]
        assert "all staff" in browser.get("/school/policy/adults").text
        browser.post("/school/policy/updates/who/take")
        browser.post("/school/policy/updates/fresh/keep")
        assert "Your policy has the newest clauses." in browser.get("/school/policy/updates").text
        assert "all pupils and guests" in browser.get("/school/policy/adults").text
        assert browser.post("/school/policy/updates/who/take").status_code == 404
    with app.app_context():
        rows = queries.clause_rows(answered.school_id)
        assert (rows["who"].choice, rows["who"].wording.version) == ("taken", 2)
        assert rows["fresh"].choice == "left_out"


def test_words_are_looked_for_in_a_policy_that_is_there(app, browser, answered):
    browser.post(
        "/school/policy/clauses/ways", data={"choice": "left_out", "reason": "Elsewhere said."}
    )
    browser.post("/school/policy/document", data={"target": "new"})
    browser.post("/school/policy/clauses/ways", data={"choice": "taken"})
    with app.app_context():
        found = documents.documents(answered.school_id)[0].id
    assert (
        tasks(browser.get("/school/policy/compare"))[0][0] == "Policy on protecting children online"
    )
    page = browser.get(f"/school/policy/compare/{found}")

    assert "Words were found for 5 of 6 points." in text_of(main_of(page))
    docx = WordDocument(BytesIO(browser.get(f"/school/policy/compare/{found}/annex.docx").data))
    assert [one.text for one in docx.paragraphs if one.style.name.startswith("Heading")] == [
        "Title of ways"
    ]


def test_the_language_of_the_policy_is_chosen(browser, answered):
    browser.post("/school/policy/language", data={"language": "ro"})

    assert "Aceasta îi acoperă pe toți elevii." in browser.get("/school/policy/adults").text
    assert "This covers all pupils" in browser.get("/school/policy/adults?language=en").text
    refused = browser.post("/school/policy/language", data={"language": "xx"})
    assert (refused.status_code, "Not a valid choice" in refused.text) == (422, True)


def test_pages_that_are_not_there(browser):
    for address in ("sections/none", "clauses/none", "sections/none/paragraphs/new"):
        assert browser.get(f"/school/policy/{address}").status_code == 404
