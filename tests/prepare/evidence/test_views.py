"""Pages of documents, reporting mechanism and self-assessment, as a school manager meets them."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import html5lib
import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import workers as isolated
from cissapp.foundation.intake.workers import Places
from cissapp.foundation.web.headers import SANDBOX
from cissapp.prepare.evidence import queries, services
from cissapp.prepare.evidence.models import DocumentVersion
from cissapp.prepare.evidence.rules import Part, VersionState
from cissapp.prepare.evidence.serving import Damaged
from tests.factories import NOW
from tests.foundation.intake.pdfs import drawn

LONG = "The policy says so on its first page, and all staff signed it."
PERSON = {"office": "Psychologist", "contact": "room 7", "hours": "9-15", "trained": "y"}


@pytest.fixture
def head(app, make):
    return make.manager(make.school())


@pytest.fixture
def browser(head, sign_in):
    return sign_in(head)


def main_of(response):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(response.get_data(as_text=True))
    return next(tree.iter("main"))


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def texts(response, tag, kind=""):
    """The texts of the elements of a page with this class."""
    return (
        [
            text_of(one)
            for one in main_of(response).iter(tag)
            if kind in (one.get("class") or "").split()
        ]
        if kind
        else [text_of(one) for one in main_of(response).iter(tag)]
    )


def tasks(response):
    """The tasks of a page: what, and how far."""
    found = []
    for one in main_of(response).iter("li"):
        if "task" in (one.get("class") or "").split():
            parts = {
                (part.get("class") or "").split()[0]: text_of(part)
                for part in one.iter()
                if part.get("class")
            }
            found.append((parts["task-label"], parts.get("small", ""), parts.get("status", "")))
    return found


def value(response, name):
    for one in main_of(response).iter("input"):
        if one.get("name") == name:
            return one.get("value")
    return None


def said(response):
    """What a notice at the top says after a redirect."""
    return texts(response, "div", "notice")


def upload(browser, raw, name="policy.pdf", address="/school/documents/new", **values):
    data = {
        "title": "Safety policy",
        "evidence_code": "POL",
        "file": (BytesIO(raw), name),
        **values,
    }
    answer = browser.post(address, data=data, content_type="multipart/form-data")
    # The test's browser puts a large body into a temporary file.
    answer.request.environ["wsgi.input"].close()
    return answer


def kept(app, head):
    with app.app_context():
        return queries.documents(head.school_id)


def stored(app):
    """The originals that are kept; each has its copy for others beside it, and nothing else is there."""
    root = Path(app.extensions["ciss-files"].root)
    files = {path.name: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with app.app_context():
        rows = list(session.scalars(select(DocumentVersion)))
        keys = [
            (row.file_key.rpartition("/")[2], row.copy_file_key.rpartition("/")[2]) for row in rows
        ]
    assert sorted(files) == sorted(name for pair in keys for name in pair)
    return sorted(files[original] for original, _copy in keys)


# --- documents -------------------------------------------------------------------------------


def test_the_list_says_what_will_be_there(browser):
    page = browser.get("/school/documents")

    assert texts(page, "p", "empty") == [
        "Your documents will be listed here. Begin with the school safety policy."
    ]


def test_the_upload_warns_and_names_whom_to_call(browser):
    page = browser.get("/school/documents/new")

    assert "No child’s name, face or story." in texts(page, "li")
    assert "tel:116111" in page.get_data(as_text=True)
    options = texts(page, "option")
    assert options[:2] == ["Choose one", "Policy or extract"]
    assert len(options) == 11


def test_a_document_is_uploaded_listed_and_shown(app, browser, head, make):
    answer = upload(browser, make.pdf_of(), "Політика.pdf")

    entry = kept(app, head)[0]
    assert (answer.status_code, answer.location) == (302, f"/school/documents/{entry.id}")
    page = browser.get(answer.location)
    assert said(page)[0] == "The file is stored."
    sha256 = entry.newest.sha256
    assert texts(page, "dd") == [
        "Політика.pdf",
        "1 kB, 1 page",
        "none given",
        "Change: Dates",
        texts(page, "dd")[4],
        head.name,
        f"{sha256[:12]}… Show all of it {sha256}",
    ]
    listed = tasks(browser.get("/school/documents"))
    assert [(label, state) for label, _detail, state in listed] == [("Safety policy", "○ Draft")]
    assert listed[0][1].startswith("Policy or extract · version 1 of ")


@pytest.mark.parametrize(
    ("raw", "name", "reason"),
    [
        (b"<html><script>", "policy.pdf", "web page"),
        (b"", "policy.pdf", "Choose the file."),
        (b"MZ" + b"\0" * 100, "policy.exe", "program"),
        (b"%PDF-1.7\n" + b"x" * 15_000_000, "policy.pdf", "10 MB"),
    ],
)
def test_a_file_that_is_refused_leaves_the_title_typed(app, browser, head, *, raw, name, reason):
    page = upload(browser, raw, name, title="Our policy", evidence_code="POL" if raw else "ORD")

    assert page.status_code == 422
    if raw:
        assert reason in " ".join(texts(page, "p", "error"))
    assert value(page, "title") == "Our policy"
    chosen = [
        one.get("value") for one in main_of(page).iter("option") if one.get("selected") is not None
    ]
    assert chosen == ["POL" if raw else "ORD"]
    assert (kept(app, head), stored(app)) == ([], [])


def test_a_document_needs_a_title_a_kind_and_a_file(app, browser, head):
    page = browser.post("/school/documents/new", data={"title": "  ", "evidence_code": "INTERVIEW"})

    assert page.status_code == 422
    assert texts(page, "p", "error") == [
        "Error: Give the document a title.",
        "Error: Not a valid choice.",
        "Error: Choose the file.",
    ]
    assert kept(app, head) == []


def test_two_clicks_keep_one_document(app, head, sign_in, make):
    raw = make.pdf_of()
    browsers = [sign_in(head) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: upload(one, raw), browsers))

    assert sorted(answer.status_code for answer in answers) == [302, 422, 422, 422]
    assert len(kept(app, head)) == 1
    assert stored(app) == [raw]
    late = next(answer for answer in answers if answer.status_code == 422)
    assert texts(late, "p", "error") == [
        "Error: This file is here already, as “Safety policy”. Nothing was added."
    ]


def test_a_version_is_added_shown_first_and_removed(app, browser, head, make):
    address = upload(browser, make.pdf_of("one")).location
    answer = upload(browser, make.pdf_of("two"), address=f"{address}/versions/new")
    assert (answer.status_code, answer.location) == (302, address)
    assert texts(browser.get(address), "h2") == ["Version 2", "Version 1"]

    again = upload(browser, make.pdf_of("two"), address=f"{address}/versions/new")
    assert again.status_code == 422
    newest = kept(app, head)[0].newest
    removed = browser.post(f"{address}/versions/{newest.id}/remove")
    assert (removed.status_code, removed.location) == (302, address)
    assert texts(browser.get(address), "h2") == ["Version 1"]
    assert stored(app) == [make.pdf_of("one")]

    last = kept(app, head)[0].newest
    removed = browser.post(f"{address}/versions/{last.id}/remove")
    assert (removed.location, stored(app)) == ("/school/documents", [])
    assert browser.get(address).status_code == 404


def file_address(app, head):
    entry = kept(app, head)[0]
    return f"/school/documents/{entry.id}/versions/{entry.newest.id}/file"


def test_a_file_comes_back_whole_and_can_do_nothing(app, browser, head, make):
    raw = make.pdf_of()
    upload(browser, raw, "Політика школи.PDF")

    answer = browser.get(file_address(app, head))

    assert answer.get_data() == raw
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Security-Policy"] == SANDBOX
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%D0%9F%D0%BE%D0%BB" in headers["Content-Disposition"]


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_file_is_a_logged_fault_and_is_not_served(
    app, browser, head, make, *, caplog, damage
):
    upload(browser, make.pdf_of())
    key = kept(app, head)[0].newest.file_key
    path = Path(app.extensions["ciss-files"].root) / key
    if damage == "changed":
        path.write_bytes(make.pdf_of("another text"))
    else:
        path.unlink()

    answer = browser.get(file_address(app, head))

    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert b"%PDF" not in answer.get_data()
    record = next(one for one in caplog.records if one.name == "ciss")
    assert record.exc_info is not None
    assert record.exc_info[0] is Damaged


def test_what_belongs_to_another_school_is_not_there(app, browser, sign_in, make):
    other = make.manager(make.school())
    address = upload(sign_in(other), make.pdf_of()).location
    version = kept(app, other)[0].newest

    answers = [
        browser.get(address),
        browser.get(f"{address}/versions/new"),
        upload(browser, make.pdf_of("two"), address=f"{address}/versions/new"),
        browser.get(f"{address}/versions/{version.id}/file"),
        browser.post(f"{address}/versions/{version.id}/remove"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert stored(app) == [make.pdf_of()]


# --- reporting mechanism ---------------------------------------------------------------------


def test_the_parts_say_what_is_missing_and_lead_there(browser):
    page = browser.get("/school/reporting")

    assert tasks(page) == [
        ("People who take reports", "0 people", "! Something is missing"),
        ("Ways to report", "0 ways", "! Something is missing"),
        ("Whom the school calls", "0 bodies", "! Something is missing"),
        ("Who is told", "0 offices", "● Can be better"),
        ("Languages, holidays, parents", "", "● Can be better"),
        ("Reports about an adult of the school", "", "● Can be better"),
        ("Time limits", "", "! Something is missing"),
        ("Rules that protect", "", "! Something is missing"),
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


def test_a_complete_mechanism_says_so(browser, head, make, app):
    with app.app_context(), unit_of_work():
        make.complete_dossier(queries.session.get(type(head), head.id).school, head)

    page = browser.get("/school/reporting")

    assert {state for _label, _detail, state in tasks(page)} == {"✓ Complete", "● Can be better"}
    assert said(page)[0].startswith("The reporting mechanism is complete")


def test_a_person_is_added_changed_and_removed(app, browser, head):
    empty = browser.post("/school/reporting/persons/new", data={"office": "Nurse"})
    assert (empty.status_code, value(empty, "office")) == (422, "Nurse")
    assert texts(empty, "p", "error") == [
        "Error: Say how this person is reached.",
        "Error: Say when this person is there.",
    ]

    for _click in range(2):
        answer = browser.post("/school/reporting/persons/new", data=PERSON)
        assert (answer.status_code, answer.location) == (302, "/school/reporting/persons")
    assert tasks(browser.get(answer.location)) == [("Psychologist", "room 7 · 9-15 · trained", "")]

    with app.app_context():
        row = queries.entries(head.school_id, Part.PERSONS)[0]
    address = f"/school/reporting/persons/{row.id}"
    assert value(browser.get(address), "office") == "Psychologist"
    browser.post(address, data={**PERSON, "is_head": "y", "alternate": "y"})
    assert tasks(browser.get("/school/reporting/persons")) == [
        ("Psychologist", "room 7 · 9-15 · head of the school · trained · stands in for others", "")
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
    page = browser.get("/school/reporting/escalation")
    assert texts(page, "h3") == ["Child helpline (Telefonul Copilului)", "SigurOnline hotline"]

    for _click in range(2):
        answer = browser.post(
            "/school/reporting/escalation/suggested", data={"helpline": "child-helpline"}
        )
        assert (answer.status_code, answer.location) == (302, "/school/reporting/escalation")

    page = browser.get("/school/reporting/escalation")
    assert [label for label, _detail, _state in tasks(page)] == [
        "Child helpline (Telefonul Copilului)"
    ]
    assert texts(page, "h3") == ["SigurOnline hotline"]
    unchecked = browser.post(
        "/school/reporting/escalation/suggested", data={"helpline": "emergency-112"}
    )
    assert unchecked.status_code == 404


def test_a_country_without_a_hotline_is_offered_one_for_everywhere(sign_in, make):
    school = make.school(country_code="BY", region_code="BY-MI", group_id=make.group("BY").id)
    browser = sign_in(make.manager(school))

    offered = texts(browser.get("/school/reporting/escalation"), "h3")

    assert "INHOPE, list of hotlines" in offered


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


# --- self-assessment -------------------------------------------------------------------------


def level_of(page):
    return [
        one.get("value") for one in main_of(page).iter("input") if one.get("checked") is not None
    ]


def test_the_list_counts_what_is_complete(browser, make, app):
    upload(browser, make.pdf_of())
    page = browser.get("/school/self-assessment")
    assert texts(page, "progress") == ["", "", ""]
    assert tasks(page)[0] == ("A1 · Scope ★", "Critical", "○ Not begun")
    assert tasks(page)[3] == ("A4 · Child-rights basis", "", "○ Not begun")
    assert len(tasks(page)) == 44
    assert "0 of 16 complete" in page.get_data(as_text=True)

    data = {"level": "0", "text": LONG, "then": "next"}
    answer = browser.post("/school/self-assessment/A1", data=data)
    assert (answer.status_code, answer.location) == (302, "/school/self-assessment/A2")
    browser.post("/school/self-assessment/A4", data={"level": "2", "text": "short"})

    page = browser.get("/school/self-assessment")
    assert tasks(page)[0] == ("A1 · Scope ★", "Critical · level 0", "✓ Complete")
    assert tasks(page)[3] == ("A4 · Child-rights basis", "level 2", "! Something is missing")
    assert "1 of 16 complete" in page.get_data(as_text=True)
    assert texts(page, "section", "next")[0].startswith("Next A2 · ")


def test_a_criterion_is_scored_with_text_and_evidence(app, browser, head, make):
    document_id = str(upload(browser, make.pdf_of()).location.rsplit("/", 1)[1])
    page = browser.get("/school/self-assessment/A4")
    labels = [text_of(one) for one in main_of(page).iter("label")]
    assert [one[:8] for one in labels[:4]] == ["Level 0:", "Level 1:", "Level 2:", "Level 3:"]
    assert labels[4] == "Not applicable. Give the reason below."
    assert "/learn/children-online" in page.get_data(as_text=True)

    data = {
        "level": "2",
        "text": LONG,
        "documents": [document_id],
        "pages": "page 1",
        "then": "stay",
    }
    answer = browser.post("/school/self-assessment/A4", data=data)
    assert (answer.status_code, answer.location) == (302, "/school/self-assessment/A4")
    page = browser.get(answer.location)
    assert said(page)[0].startswith("A4 is saved, ")
    assert level_of(page) == ["2", document_id]
    assert value(page, "pages") == "page 1"
    assert len(texts(page, "p", "saved")) == 1


def test_a_critical_criterion_offers_no_way_out(browser):
    page = browser.get("/school/self-assessment/A1")
    assert "Not applicable" not in page.get_data(as_text=True)
    assert "★ Critical" in texts(page, "div", "small")[0]

    page = browser.post("/school/self-assessment/A1", data={"level": "n/a", "text": LONG})

    assert page.status_code == 422
    assert texts(page, "p", "error") == ["Error: Not a valid choice."]
    assert texts(page, "textarea") == [LONG]


def test_a_third_way_out_of_a_part_is_refused_and_the_text_kept(browser):
    for criterion_id in ("A4", "A5"):
        browser.post(f"/school/self-assessment/{criterion_id}", data={"level": "n/a", "text": LONG})

    page = browser.post("/school/self-assessment/A6", data={"level": "n/a", "text": LONG})

    assert page.status_code == 422
    assert texts(page, "p", "error") == [
        "Error: At most 2 criteria of a part may be not applicable. Choose a level."
    ]
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


# --- handed in -------------------------------------------------------------------------------


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
        services.lock(head.school_id, open_criteria=[], at=NOW)

    def opened(*criteria):
        with app.app_context(), unit_of_work():
            services.lock(head.school_id, open_criteria=list(criteria), at=NOW)

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


def forms_of(page):
    return list(main_of(page).iter("form"))


def test_what_is_handed_in_is_shown_without_any_form(browser, handed_in):
    for address in [*PAGES, f"/school/documents/{handed_in.document_id}", "/school/documents/new"]:
        page = browser.get(address)
        assert forms_of(page) == [], address
        assert "Handed in" in " ".join(said(page)), address

    page = browser.get("/school/self-assessment/A1")
    assert "How the school meets A1, in words of its own." in texts(page, "p")
    assert "School safety policy" in texts(page, "a")


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
        assert "The dossier is handed in." in texts(page, "div", "errors")[0]
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
    assert tasks(page)[3] == ("A4 · Child-rights basis", "level 2 · open for changes", "✓ Complete")
    assert "These criteria are open: A4." in said(page)[0]
    data = {"level": "3", "text": LONG, "documents": [str(handed_in.document_id)]}
    assert browser.post("/school/self-assessment/A4", data=data).status_code == 302
    assert len(forms_of(browser.get("/school/documents/new"))) == 1


# --- a busy machine ----------------------------------------------------------------------------


def test_a_file_that_nobody_can_look_at_now_is_kept_and_need_not_be_sent_again(
    app, browser, head, monkeypatch
):
    content = drawn()
    monkeypatch.setattr(isolated, "PLACES", Places(1, 0))
    with isolated.PLACES.taken(0):
        busy = upload(browser, content)
    words = text_of(main_of(busy))

    again = browser.post(
        "/school/documents/new",
        data={"title": "Safety policy", "evidence_code": "POL", "upload": value(busy, "upload")},
    )

    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "60")
    assert isolated.TRY_AGAIN in words
    assert "The file “policy.pdf” is here already. It does not have to be sent again." in words
    assert value(busy, "title") == "Safety policy"
    assert again.status_code == 302
    assert [(one.title, one.newest.file_name) for one in kept(app, head)] == [
        ("Safety policy", "policy.pdf")
    ]
    with app.app_context():
        assert [files().get(one.file_key) for one in session.scalars(select(DocumentVersion))] == [
            content
        ]


def test_a_file_that_is_sent_again_meanwhile_is_kept_once(browser, monkeypatch):
    content = drawn()
    monkeypatch.setattr(isolated, "PLACES", Places(1, 0))
    with isolated.PLACES.taken(0):
        first, second = (upload(browser, content) for _ in range(2))

    assert value(first, "upload") == value(second, "upload") != ""
    assert "Not finished" not in text_of(main_of(second))


def test_where_the_file_cannot_be_kept_it_is_chosen_again(app, browser, monkeypatch):
    monkeypatch.setattr(isolated, "PLACES", Places(1, 0))
    with isolated.PLACES.taken(0):
        for number in range(6):
            busy = upload(browser, drawn(number + 1))

    assert (busy.status_code, value(busy, "upload")) == (503, "")
    assert isolated.TRY_AGAIN in text_of(main_of(busy))
