"""Copies, pictures, pages and days of documents: services and pages of the school."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import examine, isolation
from cissapp.foundation.intake import worker_pool as isolated
from cissapp.foundation.web.headers import SANDBOX
from cissapp.operate.demo.schools import policy_files
from cissapp.people.notices.models import Mail
from cissapp.prepare.assessment import services as assessment
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries, services
from cissapp.prepare.documents.models import DocumentVersion, PagePicture
from cissapp.prepare.documents.rules import VersionState
from cissapp.prepare.documents.rules.files import CheckedFile
from tests.factories import NOW
from tests.foundation.intake.packages import docx
from tests.pages import main_of, words
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

TODAY = NOW.date()
LONG = "The policy says so on its first page, and all staff signed it."

POLICY = policy_files.policy("School 7", "Cahul", "Safety policy")


def upload(browser, raw=POLICY, name="policy.pdf", title="Safety policy"):
    answer = browser.post(
        "/school/documents/new",
        data={"title": title, "evidence_code": "POL", "file": (BytesIO(raw), name)},
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def add_version(browser, address, raw, name="policy.pdf"):
    answer = browser.post(f"{address}/versions/new", data={"file": (BytesIO(raw), name)})
    assert answer.status_code == 302, answer.get_data(as_text=True)


def newest(app, head):
    with app.app_context():
        found = queries.documents(head.school_id)[-1].newest
        session.expunge_all()
        return found


def at(version, rest=""):
    return f"/school/documents/{version.document_id}/versions/{version.id}{rest}"


def stored_keys(app):
    with app.app_context():
        return {one.key for one in files().stored()}


def test_the_school_gets_its_bytes_and_others_a_copy_without_names(app, browser, head):
    upload(browser)
    version = newest(app, head)

    original = browser.get(at(version, "/file")).get_data()
    copy = browser.get(at(version, "/copy")).get_data()

    assert original == POLICY
    assert hashlib.sha256(original).hexdigest() == version.sha256
    assert (hashlib.sha256(copy).hexdigest(), len(copy)) == (version.copy_sha256, version.copy_size)
    assert (policy_files.AUTHOR.encode() in POLICY, policy_files.AUTHOR.encode() in copy) == (
        True,
        False,
    )
    with pikepdf.open(BytesIO(copy)) as pdf:
        assert "/Info" not in pdf.trailer
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image":
                out = BytesIO()
                pikepdf.PdfImage(one).extract_to(stream=out)
                assert dict(Image.open(out).getexif().get_ifd(0x8825)) == {}
    assert (version.pages, version.found) == (2, ["author", "place"])


def test_the_page_of_a_document_names_both_and_what_was_found(app, browser, head):
    upload(browser)
    version = newest(app, head)

    page = words(main_of(browser.get(f"/school/documents/{version.document_id}")))

    for one in (
        "Download the original", "The original and the copy for reviewers", version.copy_sha256,
        "contains the name of the person or computer account that wrote it", "shows where it was taken",
        "2 pages",
    ):  # fmt: skip
        assert one in page


def test_a_removed_draft_leaves_no_file_behind(app, browser, head):
    before = stored_keys(app)
    upload(browser)
    version = newest(app, head)
    browser.get(at(version, "/pages/1"))
    browser.get(at(version, "/pages/2"))
    assert len(stored_keys(app) - before) == 6  # the original, the copy, two pictures a page

    assert browser.post(at(version, "/remove")).status_code == 302

    assert stored_keys(app) == before
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(PagePicture)) == 0


def test_a_version_from_before_there_were_copies_gets_one(app, browser, head):
    upload(browser)
    version = newest(app, head)
    with app.app_context(), unit_of_work():
        row = session.get(DocumentVersion, version.id)
        files().delete(row.copy_file_key)
        for name in ("copy_file_key", "copy_sha256", "copy_size", "pages", "page_texts", "found"):
            setattr(row, name, None)

    served = browser.get(at(version, "/copy")).get_data()
    with app.app_context(), unit_of_work():
        first = services.make_missing_copies(store=files())
    with app.app_context(), unit_of_work():
        second = services.make_missing_copies(store=files())

    now = newest(app, head)
    assert (first, second) == (1, 0)
    assert hashlib.sha256(served).hexdigest() == now.copy_sha256
    assert (now.pages, now.found) == (2, ["author", "place"])


def test_bytes_and_hash_stay_through_a_hundred_changes(app, browser, head, make):
    """What was handed in is the same file after the dossier went on living."""
    upload(browser)
    handed_in = newest(app, head)
    with app.app_context(), unit_of_work():
        services.freeze_versions(head.school_id, by=head, at=NOW)
    for number in range(100):
        with app.app_context(), unit_of_work():
            document = queries.document(handed_in.document_id)
            if number % 5:
                facts = ScoreFacts(number % 4, f"{LONG} {number}", "", frozenset([document.id]))
                criterion = content().standard.criteria[number % 20]
                assessment.save_score(
                    document_school(document), criterion, facts, standard=content().standard, by=head, at=NOW
                )  # fmt: skip
            elif number < 80:
                raw = policy_files.policy("School 7", "Cahul", f"Policy {number}")
                services.add_version(
                    document, file=CheckedFile(raw, "policy.pdf", examine(raw, "policy.pdf")),
                    store=files(), by=head, at=NOW + timedelta(minutes=number),
                )  # fmt: skip

    answer = browser.get(at(handed_in, "/file")).get_data()

    assert hashlib.sha256(answer).hexdigest() == handed_in.sha256
    assert answer == POLICY


def document_school(document):
    from cissapp.people.schools.models import School

    return session.get(School, document.school_id)


def test_a_second_version_is_under_review_while_the_first_stands_accepted(app, browser, head):
    address = upload(browser)
    first = newest(app, head)
    with app.app_context(), unit_of_work():
        services.accept_versions(
            services.freeze_versions(head.school_id, by=head, at=NOW), by=head, at=NOW
        )
    add_version(browser, address, policy_files.policy("School 7", "Cahul", "Second"))
    with app.app_context(), unit_of_work():
        services.freeze_versions(head.school_id, by=head, at=NOW)

    with app.app_context():
        states = [one.state for one in queries.versions(first.document_id)]

    assert states == [VersionState.ACCEPTED, VersionState.SUBMITTED]
    assert browser.get(at(first, "/file")).get_data() == POLICY


def test_a_page_shows_its_picture_beside_its_text(app, browser, head):
    upload(browser)
    version = newest(app, head)

    main = main_of(browser.get(at(version, "/pages/2")))

    image = main.find(".//img")
    assert (image.get("src"), image.get("width"), image.get("height")) == (
        at(version, "/pages/2/large"), "900", "1273",
    )  # fmt: skip
    assert "Its text is beside it" in image.get("alt")
    page = words(main)
    assert "Page 2 of 2" in page
    assert "Never search for, view, copy" in page
    assert "Who this policy is for" not in page
    links = {one.get("rel"): one.get("href") for one in main.iter("a") if one.get("rel")}
    assert links == {"prev": at(version, "/pages/1")}
    assert at(version, "/file#page=2") in [one.get("href") for one in main.iter("a")]


@pytest.mark.parametrize(("size", "width"), [("large", 900), ("small", 180)])
def test_the_picture_is_shut_in_and_is_a_picture(app, browser, head, size, width):
    upload(browser)

    answer = browser.get(at(newest(app, head), f"/pages/1/{size}"))

    with Image.open(BytesIO(answer.get_data())) as picture:
        assert (picture.format, picture.width) == ("WEBP", width)
    headers = answer.headers
    assert {name: headers[name] for name in ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "image/webp",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }  # fmt: skip


def test_a_page_is_drawn_once(app, browser, head, monkeypatch):
    upload(browser)
    version = newest(app, head)
    first = words(main_of(browser.get(at(version, "/pages/1"))))

    monkeypatch.setattr(isolation, "WORKER", "/nowhere")

    assert words(main_of(browser.get(at(version, "/pages/1")))) in first
    assert browser.get(at(version, "/pages/1/large")).status_code == 200


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("import os; os.kill(os.getpid(), 11)", 404),
        ("import time; time.sleep(60)", 503),
        ("print('[]')", 404),
    ],
)
def test_a_page_that_cannot_be_drawn_has_its_text(
    app, browser, head, monkeypatch, tmp_path, script, status
):
    upload(browser)
    version = newest(app, head)
    (tmp_path / "worker.py").write_text(script)
    monkeypatch.setattr(isolation, "WORKER", tmp_path / "worker.py")
    monkeypatch.setattr(isolated, "CLOCK_TIMES", 0.2)

    answer = browser.get(at(version, "/pages/1"))
    page = words(main_of(answer))

    assert answer.status_code == 200
    assert "There is no picture of this page" in page
    assert "Who this policy is for" in page
    assert browser.get(at(version, "/pages/1/large")).status_code == status


def test_what_could_not_be_drawn_is_tried_again_later(app, browser, head, monkeypatch):
    upload(browser)
    version = newest(app, head)
    with monkeypatch.context() as broken:
        broken.setattr(isolation, "WORKER", "/nowhere")
        browser.get(at(version, "/pages/1"))

    soon = main_of(browser.get(at(version, "/pages/1"))).find(".//img")
    with clock.at(NOW + timedelta(hours=1)):
        later = main_of(browser.get(at(version, "/pages/1"))).find(".//img")

    assert (soon, later is not None) == (None, True)


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_copy_costs_the_picture_and_not_the_page(app, browser, head, damage):
    upload(browser)
    version = newest(app, head)
    with app.app_context():
        path = files().root / version.copy_file_key
    path.write_bytes(b"%PDF-1.7") if damage == "changed" else path.unlink()

    answer = browser.get(at(version, "/pages/1"))

    assert answer.status_code == 200
    assert "There is no picture of this page" in words(main_of(answer))
    assert browser.get(at(version, "/copy")).status_code == 500


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "99999999999999999999"])
def test_beyond_the_last_page_there_is_nothing(app, browser, head, number):
    upload(browser)
    version = newest(app, head)

    assert browser.get(at(version, f"/pages/{number}")).status_code == 404
    assert browser.get(at(version, f"/pages/{number}/large")).status_code == 404


def test_a_word_document_is_shown_as_text_in_parts(app, browser, head):
    paragraphs = "".join(
        f"<w:p><w:r><w:t>Paragraph {number} says a little.</w:t></w:r></w:p>"
        for number in range(300)
    )
    upload(browser, docx(paragraphs), "policy.docx")
    version = newest(app, head)

    first, second = (main_of(browser.get(at(version, f"/pages/{number}"))) for number in (1, 2))

    assert "Only PDF files are shown as pictures" in words(first)
    assert "Part 1 of 3" in words(first)
    assert ("Paragraph 0 says" in words(first), "Paragraph 0 says" in words(second)) == (
        True,
        False,
    )
    assert first.find(".//img") is None
    assert browser.get(at(version, "/pages/1/large")).status_code == 404


def test_pages_of_another_school_are_not_there(app, browser, head, make, sign_in):
    other = make.manager(make.school())
    upload(sign_in(other))
    theirs = newest(app, other)

    found = {
        rest: browser.get(at(theirs, rest)).status_code
        for rest in ("/pages/1", "/pages/1/large", "/copy", "/dates")
    }
    found["changes"] = browser.get(f"/school/documents/{theirs.document_id}/changes").status_code

    assert set(found.values()) == {404}


def test_a_page_costs_the_same_queries_whatever_its_document_holds(app, browser, head):
    address = upload(browser)
    small = queries_of(app, browser, at(newest(app, head), "/pages/1"))
    for number in range(3):
        add_version(browser, address, policy_files.policy("School 7", "Cahul", f"Version {number}"))

    assert queries_of(app, browser, at(newest(app, head), "/pages/1")) == small


def queries_of(app, browser, address):
    browser.get(address)  # draws
    with statements_sent(app) as sent:
        browser.get(address)
    return len(sent)


def test_the_days_of_a_draft_are_saved_and_shown(app, browser, head):
    upload(browser)
    version = newest(app, head)
    days = {"evidence_on": "2026-09-01", "covers_from": "2025-09-01", "covers_to": "2026-06-30", "expires_on": "2027-09-01"}  # fmt: skip

    answer = browser.post(at(version, "/dates"), data=days)

    assert answer.status_code == 302
    page = words(main_of(browser.get(answer.location)))
    assert "dated 1 September 2026 · covers 1 September 2025 to 30 June 2026 · valid until 1 September 2027" in page  # fmt: skip
    kept = newest(app, head)
    assert {name: getattr(kept, name).isoformat() for name in days} == days
    with app.app_context():
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.event == "document.dated")
        ).one()
        assert entry.facts == {"number": 1, **days}


def test_days_that_cannot_be_right_come_back_as_typed(app, browser, head):
    upload(browser)
    version = newest(app, head)

    answer = browser.post(
        at(version, "/dates"), data={"evidence_on": "2026-09-01", "expires_on": "2026-08-01"}
    )

    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "It would expire before it was made." in html
    assert 'value="2026-08-01"' in html
    assert newest(app, head).expires_on is None


def test_what_was_handed_in_keeps_its_days(app, browser, head):
    upload(browser)
    version = newest(app, head)
    with app.app_context(), unit_of_work():
        services.freeze_versions(head.school_id, by=head, at=NOW)

    answer = browser.post(at(version, "/dates"), data={"expires_on": "2030-01-01"})

    assert answer.status_code == 422
    assert newest(app, head).expires_on is None
    assert "Its dates can no longer be changed" in words(
        main_of(browser.get(at(version, "/dates")))
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, "no longer counts as evidence"), (30, "Get a newer one before then"), (90, "")],
)
def test_the_page_warns_before_and_after_evidence_lapses(app, browser, head, days, expected):
    upload(browser)
    date_newest(app, head, TODAY + timedelta(days=days))
    version = newest(app, head)

    address = f"/school/documents/{version.document_id}"
    browser.get(address)  # what the upload had to say
    page = main_of(browser.get(address))
    notices = [words(one) for one in page.iter("div") if one.get("class") == "notice warn"]

    assert [expected in one for one in notices] == ([True] if expected else [])


def date_newest(app, head, expires_on):
    with app.app_context(), unit_of_work():
        version = queries.documents(head.school_id)[-1].newest
        version.expires_on = expires_on


def test_schools_are_told_60_and_14_days_before_once_each(app, browser, head):
    upload(browser)
    date_newest(app, head, TODAY + timedelta(days=60))

    told = []
    for days in (0, 0, 1, 45, 46, 46, 60, 61):
        with app.app_context(), unit_of_work():
            told.append(services.remind_of_expiry(at=NOW + timedelta(days=days)))

    assert told == [1, 0, 0, 0, 1, 0, 0, 0]
    with app.app_context():
        mails = session.scalars(select(Mail).where(Mail.kind == "evidence")).all()
        subject = "“Safety policy” is valid until "
        assert [(one.to, one.subject.startswith(subject)) for one in mails] == [
            (head.email, True)
        ] * 2


def test_only_the_newest_version_is_reminded_of(app, browser, head):
    address = upload(browser)
    date_newest(app, head, TODAY + timedelta(days=10))
    add_version(browser, address, policy_files.policy("School 7", "Cahul", "Second"))

    with app.app_context(), unit_of_work():
        assert services.remind_of_expiry(at=NOW) == 0


def test_another_last_day_is_announced_anew(app, browser, head):
    upload(browser)
    version = newest(app, head)
    browser.post(at(version, "/dates"), data={"expires_on": str(TODAY + timedelta(days=50))})
    told = []
    with app.app_context(), unit_of_work():
        told.append(services.remind_of_expiry(at=NOW))
    browser.post(at(version, "/dates"), data={"expires_on": str(TODAY + timedelta(days=55))})
    with app.app_context(), unit_of_work():
        told.append(services.remind_of_expiry(at=NOW))

    assert told == [1, 1]
