"""Pages of the documents, as a school manager meets them."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import worker_pool as isolated
from cissapp.foundation.intake.worker_pool import WorkerSlots
from cissapp.foundation.web.headers import SANDBOX
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.prepare.documents.models import DocumentVersion
from tests.foundation.intake.pdfs import drawn
from tests.prepare.pages import main_of, said, tasks, text_of, texts, upload, value
from tests.shipped import HELPLINE


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


def test_the_list_says_what_will_be_there(browser):
    page = browser.get("/school/documents")

    assert texts(page, "p", "empty") == [
        "Your documents will be listed here. Start with the school safety policy."
    ]


def test_the_upload_warns_and_names_whom_to_call(browser):
    page = browser.get("/school/documents/new")

    assert "No child’s name, face or story." in texts(page, "li")
    assert f"tel:{HELPLINE.dial[0]}" in page.get_data(as_text=True)
    options = texts(page, "option")
    assert options[:2] == ["Choose one", "Policy or extract"]
    assert len(options) == 11


def test_a_document_is_uploaded_listed_and_shown(app, browser, head, make):
    answer = upload(browser, make.pdf_of(), "Політика.pdf")

    entry = kept(app, head)[0]
    assert (answer.status_code, answer.location) == (302, f"/school/documents/{entry.id}")
    page = browser.get(answer.location)
    assert said(page)[0] == "The file has been stored."
    sha256 = entry.newest.sha256
    assert texts(page, "dd") == [
        "Політика.pdf",
        "1 kB, 1 page",
        "none entered",
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


def test_a_good_file_of_a_form_that_comes_back_has_to_be_chosen_again(app, browser, head, make):
    page = upload(browser, make.pdf_of(), title="")

    assert page.status_code == 422
    assert texts(page, "p", "error") == [
        "Error: Give the document a title.",
        "Error: Choose the file again. Your browser does not send it a second time.",
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
        "Error: You already have this file, as “Safety policy”. Nothing was added."
    ]


def test_a_version_is_added_shown_first_and_removed(app, browser, head, make):
    address = upload(browser, make.pdf_of("one")).location
    answer = upload(browser, make.pdf_of("two"), address=f"{address}/versions/new")
    assert (answer.status_code, answer.location) == (302, address)
    assert texts(browser.get(address), "h2")[-2:] == ["Version 2", "Version 1"]

    again = upload(browser, make.pdf_of("two"), address=f"{address}/versions/new")
    assert again.status_code == 422
    newest = kept(app, head)[0].newest
    removed = browser.post(f"{address}/versions/{newest.id}/remove")
    assert (removed.status_code, removed.location) == (302, address)
    assert texts(browser.get(address), "h2")[-2:] == ["Begin the training", "Version 1"]
    assert stored(app) == [make.pdf_of("one")]

    last = kept(app, head)[0].newest
    removed = browser.post(f"{address}/versions/{last.id}/remove")
    assert (removed.location, stored(app)) == ("/school/documents", [])
    assert browser.get(address).status_code == 404


def test_a_document_with_many_versions_shows_the_newest_first_and_the_others_by_pages(
    browser, make, monkeypatch
):
    monkeypatch.setattr(queries, "VERSIONS_SHOWN", 2)
    address = upload(browser, make.pdf_of("one")).location
    for text in ("two", "three"):
        upload(browser, make.pdf_of(text), address=f"{address}/versions/new")

    first = browser.get(address)
    (later,) = re.findall(r'rel="next"\s+href="([^"]+)"', first.get_data(as_text=True))
    second = browser.get(unescape(later))

    numbers = [
        [one for one in texts(page, "h2") if one.startswith("Version")] for page in (first, second)
    ]
    assert numbers == [["Version 3", "Version 2"], ["Version 1"]]


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
    assert record.exc_info[0] is DamagedFile


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


def test_a_file_that_nobody_can_look_at_now_is_kept_and_need_not_be_sent_again(
    app, browser, head, monkeypatch
):
    content = drawn()
    monkeypatch.setattr(isolated, "SLOTS", WorkerSlots(1, 0))
    with isolated.SLOTS.held(0):
        busy = upload(browser, content)
    words = text_of(main_of(busy))

    again = browser.post(
        "/school/documents/new",
        data={"title": "Safety policy", "evidence_code": "POL", "upload": value(busy, "upload")},
    )

    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "60")
    assert isolated.TRY_AGAIN in words
    assert "The file “policy.pdf” is already here. You do not need to send it again." in words
    assert "Choose the file again" not in words
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
    monkeypatch.setattr(isolated, "SLOTS", WorkerSlots(1, 0))
    with isolated.SLOTS.held(0):
        first, second = (upload(browser, content) for _ in range(2))

    assert value(first, "upload") == value(second, "upload") != ""
    assert "Not finished" not in text_of(main_of(second))


def test_where_the_file_cannot_be_kept_it_is_chosen_again(app, browser, monkeypatch):
    monkeypatch.setattr(isolated, "SLOTS", WorkerSlots(1, 0))
    with isolated.SLOTS.held(0):
        for number in range(6):
            busy = upload(browser, drawn(number + 1))

    assert (busy.status_code, value(busy, "upload")) == (503, "")
    assert isolated.TRY_AGAIN in text_of(main_of(busy))
