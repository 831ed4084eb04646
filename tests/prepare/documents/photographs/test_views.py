"""A policy on paper: its photographs wait, are put in order, and become one document."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import ocr
from cissapp.foundation.intake.photographs import FAULTS, PhotoFault
from cissapp.foundation.paper.photographs import PhotographedPage, write_photographs
from cissapp.foundation.safeguards.rules import KIND_NAMES, SignKind
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.photographs import queries, services
from cissapp.prepare.documents.photographs.models import Photograph
from cissapp.prepare.documents.photographs.rules import LIFETIME, PhotographSet
from cissapp.prepare.documents.rules import TextSource
from cissapp.prepare.documents.services.machine_reading import read_waiting_scans
from tests.foundation.intake import photographs as photos
from tests.prepare.pages import main_of, said, text_of, texts, upload, value

needs_tesseract = pytest.mark.skipif(
    not ocr.can_read(["en"]), reason="Tesseract or its English model is not installed"
)
NEW = "/school/documents/photographs"
FORM = {"title": "Safety policy", "evidence_code": "POL"}
PAGE = photos.jpeg(photos.page())


def send(browser, *photographs: tuple[bytes, str], address: str = NEW, **headers: str):
    sent = {"photos": [(BytesIO(content), name) for content, name in photographs]}
    return browser.post(address, data=sent, content_type="multipart/form-data", headers=headers)


def waiting(head) -> list[Photograph]:
    return queries.waiting(PhotographSet(head.school_id, head.id))


def gather(head, *texts_of_pages: str) -> None:
    """Let pages wait, as if they had been photographed and read."""
    small = photos.jpeg(Image.new("L", (60, 80), 255))
    with unit_of_work():
        for position, text in enumerate(texts_of_pages, 1):
            keys = f"photographs/{position}", f"photographs/{position}-small"
            for key in keys:
                files().put(key, small)
            photo = Photograph(
                school_id=head.school_id,
                user_id=head.id,
                position=position,
                file_name=f"page {position}.jpg",
                sha256=str(position),
                file_key=keys[0],
                small_file_key=keys[1],
                width=60,
                height=80,
                size=len(small),
                source=TextSource.MACHINE,
                text=text,
                words=[[word, 1, 1, 20, 8] for word in text.split()],
                added_at=clock.now(),
                expires_at=clock.now() + LIFETIME,
            )
            session.add(photo)


def stored_keys(folder: str = "photographs/") -> list[str]:
    return [entry.key for entry in files().stored() if entry.key.startswith(folder)]


@needs_tesseract
def test_photographs_become_one_document_and_what_is_refused_costs_no_other(app, browser, head):
    answer = send(browser, (PAGE, "1.jpg"), (b"%PDF-1.7", "2.jpg"), (b"", "3.jpg"))

    assert answer.status_code == 422
    page = text_of(main_of(answer))
    assert f"“2.jpg”: {FAULTS[PhotoFault.IS_DOCUMENT]}" in page
    assert f"“3.jpg”: {FAULTS[PhotoFault.EMPTY]}" in page
    assert said(answer)[0] == "1 page has been kept."
    assert send(browser, (PAGE, "again.jpg")).status_code == 302  # an answer that was lost
    with app.app_context():
        (photo,) = waiting(head)
        address = f"/school/photographs/{photo.id}/small"
    assert browser.get(address).mimetype == "image/jpeg"

    answer = browser.post(f"{NEW}/document", data=FORM)

    with app.app_context():
        (entry,) = documents.documents(head.school_id)
        version = entry.newest
        assert answer.location == f"/school/documents/{entry.id}"
        assert (version.pages, version.page_sources) == (1, ["machine"])
        assert documents.page_texts(version)[0].split() == photos.POLICY.split()
        assert (waiting(head), stored_keys()) == ([], [])
    shown = browser.get(f"/school/documents/{entry.id}/versions/{version.id}/pages/1")
    assert "Read automatically, so it may contain mistakes." in text_of(main_of(shown))


def test_a_script_is_told_in_json(browser):
    answer = send(browser, (b"GIF89a", "a.gif"), Accept="application/json")

    assert (answer.status_code, answer.json) == (
        200,
        {"refused": [f"“a.gif”: {FAULTS[PhotoFault.OTHER_PICTURE]}"]},
    )


def test_a_photo_that_shows_a_person_is_refused(app, browser, head):
    from skimage import data

    sheet = photos.page()
    sheet.paste(Image.fromarray(data.astronaut()).resize((700, 700)), (200, 950))

    answer = send(browser, (photos.jpeg(sheet), "head.jpg"))

    assert f"“head.jpg”: {FAULTS[PhotoFault.PEOPLE]}" in text_of(main_of(answer))
    with app.app_context():
        assert (waiting(head), stored_keys()) == ([], [])


def test_sixty_photos_are_not_looked_at_in_one_go(browser):
    answer = send(browser, *[(b"no photo", f"{number}.jpg") for number in range(60)])

    assert "52 more photos were not checked, because only 8 can be checked at a time." in text_of(
        main_of(answer)
    )


def test_pages_are_moved_and_removed_without_a_script(app, browser, head):
    with app.app_context():
        gather(head, "first", "second", "third")
        first, second, third = waiting(head)
    browser.post(f"/school/photographs/{third.id}/up")
    browser.post(f"/school/photographs/{first.id}/down")
    removed = browser.post(f"/school/photographs/{second.id}/remove")

    assert removed.location == f"{NEW}#pages"
    with app.app_context():
        assert [photo.text for photo in waiting(head)] == ["third", "first"]
        assert len(stored_keys()) == 4
    page = browser.get(NEW)
    assert texts(page, "h3") == ["Page 1", "Page 2", *texts(page, "h3")[2:]]


def test_a_document_needs_pages_and_keeps_what_was_typed(app, browser, head):
    empty = browser.post(f"{NEW}/document", data=FORM)
    assert "Add a photo of the first page." in text_of(main_of(empty))
    assert value(empty, "title") == "Safety policy"
    with app.app_context():
        gather(head, "Our rules")

    assert browser.post(f"{NEW}/document", data={"title": ""}).status_code == 422

    with app.app_context():
        assert len(waiting(head)) == 1


def test_the_text_of_photographs_is_looked_at_before_it_is_kept(app, browser, head):
    with app.app_context():
        gather(head, "Pupil Anna Popescu, class 5B, was bullied by Ion.")

    asked = browser.post(f"{NEW}/document", data=FORM)

    assert asked.status_code == 422
    assert KIND_NAMES[SignKind.CHILD_NAMED] in text_of(main_of(asked))
    confirmed = browser.post(f"{NEW}/document", data={**FORM, "looked": value(asked, "looked")})
    assert confirmed.status_code == 302


def test_photographs_that_wait_too_long_are_removed(app, head):
    with app.app_context():
        gather(head, "one", "two")
        with unit_of_work():
            late = clock.now() + LIFETIME + timedelta(days=1)
            assert services.remove_expired(store=files(), at=late) == 2
        assert (waiting(head), stored_keys()) == ([], [])


# --- scans -------------------------------------------------------------------------------------


def scan(*sheets: Image.Image) -> bytes:
    pages = [PhotographedPage(photos.jpeg(one), *one.size) for one in sheets]
    return write_photographs(pages, title="Scan", language="en")


@needs_tesseract
def test_a_scan_is_read_when_the_school_asks_and_a_child_is_asked_about(app, browser, head):
    named = photos.page("Pupil Anna Popescu, class 5B,\nwas bullied by Ion on Monday.")
    upload(browser, scan(photos.page(), named), "scan.pdf")
    with app.app_context():
        (entry,) = documents.documents(head.school_id)
        version_id = entry.newest.id
        assert entry.newest.page_sources == ["waiting", "waiting"]
    address = f"/school/documents/{entry.id}/versions/{version_id}/reading"
    assert "2 pages are waiting to be read" in text_of(main_of(browser.get(address)))

    asked = browser.post(address)

    assert asked.status_code == 422
    with app.app_context():
        version = session.get_one(DocumentVersion, version_id)
        assert version.page_sources == ["machine", "waiting"]
        assert version.text.split() == photos.POLICY.split()
    done = browser.post(address, data={"looked": value(asked, "looked")})
    assert done.status_code == 302
    assert "All pages have been read." in text_of(main_of(browser.get(address)))


@needs_tesseract
def test_the_daily_work_reads_scans_and_holds_a_page_with_a_child(app, browser, head):
    named = photos.page("Pupil Anna Popescu, class 5B,\nwas bullied by Ion on Monday.")
    upload(browser, scan(named, Image.new("L", photos.A4, 250)), "scan.pdf")
    with app.app_context():
        assert read_waiting_scans(store=files()) == 2
        assert read_waiting_scans(store=files()) == 0
        version = session.scalars(select(DocumentVersion)).one()

        assert (version.page_sources, version.text) == (["held", "none"], "")
