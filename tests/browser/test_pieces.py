"""A large file in a real browser over a line that is cut: it arrives whole, and says how far it is."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.prepare.documents.uploads.test_views import large_pdf

pytestmark = pytest.mark.browser

SIZE = 4_000_000
WAITING = "No connection. What was sent is kept. The upload continues automatically when you are back online."
PIECES = "**/school/uploads/*"


@pytest.fixture
def scan(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A scan of a policy; another one for each test, because the same is not taken twice."""
    path = tmp_path / f"scan-{len(request.node.name)}.pdf"
    path.write_bytes(large_pdf(factories, SIZE + len(request.node.name)))
    return path


@pytest.fixture
def page(open_page: Any, server: Any, scan: Path) -> Any:
    """The form of a new document, filled in, of a school that may still upload."""
    opened = open_page(server.person("school_manager", "sent back by the first look"))
    opened.goto("/school/documents/new")
    opened.get_by_label("Title").fill(f"Scan {scan.stem}")
    opened.get_by_label("Kind of document").select_option("ORD")
    return opened


def cut_after(page: Any, pieces: int) -> None:
    """Cut the line with the next piece after so many: each is sent once the one before is acknowledged."""
    left = iter(range(pieces))

    def pass_on(route: Any) -> None:
        if route.request.method != "PATCH" or next(left, None) is not None:
            route.continue_()
            return
        page.context.set_offline(True)
        route.abort("internetdisconnected")
        page.unroute(PIECES, pass_on)

    page.route(PIECES, pass_on)


def document_hash(page: Any) -> str:
    """Read the fingerprint that the page of the document shows."""
    page.locator("summary", has=page.locator(".code")).first.click()
    return str(page.locator("details .code.small").first.inner_text())


def test_a_cut_line_costs_a_piece_and_not_the_file(page: Any, scan: Path, check: Any):
    page.get_by_label("File").set_input_files(scan)
    cut_after(page, 3)

    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_text(WAITING).wait_for()
    figure = page.locator("[data-figure]").inner_text()
    check_offline(page)
    page.context.set_offline(False)
    page.wait_for_url(re.compile("/school/documents/[0-9a-f-]{36}$"))

    assert re.fullmatch(r"\d{1,2} per cent sent \(\d+ kB of 4\.0 MB\)\.", figure)
    assert document_hash(page) == hashlib.sha256(scan.read_bytes()).hexdigest()
    check(page)


def check_offline(page: Any) -> None:
    """What was typed stays while the line is away."""
    assert page.get_by_label("Title").input_value().startswith("Scan ")


def test_a_page_loaded_anew_goes_on_with_the_same_file(page: Any, scan: Path, check: Any):
    page.get_by_label("File").set_input_files(scan)
    cut_after(page, 3)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_text(WAITING).wait_for()
    page.context.set_offline(False)
    page.route(PIECES, lambda route: route.abort())
    page.goto("/school/documents/new")
    page.unroute_all(behavior="ignoreErrors")
    check(page)
    begun = page.locator("[data-upload]").first
    received = int(begun.get_attribute("data-received"))
    first: list[int] = []
    page.on(
        "request",
        lambda one: one.method == "PATCH" and first.append(int(one.headers["upload-offset"])),
    )

    page.get_by_label("Title").fill(f"Again {scan.stem}")
    page.get_by_label("Kind of document").select_option("ORD")
    page.get_by_label("File").set_input_files(scan)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url(re.compile("/school/documents/[0-9a-f-]{36}$"))

    # A piece that was under way when the page was left may have arrived after it was loaded anew.
    assert 0 < received <= first[0] < scan.stat().st_size
    assert document_hash(page) == hashlib.sha256(scan.read_bytes()).hexdigest()


def test_a_refused_file_says_why_beside_the_field(page: Any, tmp_path: Path):
    wrong = tmp_path / "notes.pdf"
    wrong.write_bytes(b"%PDF-1.4 these are no pages")
    page.get_by_label("File").set_input_files(wrong)

    page.get_by_role("button", name="Upload", exact=True).click()
    page.locator("#file-error").wait_for()

    assert page.get_by_label("Title").input_value().startswith("Scan ")
    assert page.get_by_label("Kind of document").input_value() == "ORD"
    assert page.locator("[data-upload]").count() == 0


def test_a_file_that_is_too_large_is_told_when_it_is_chosen_and_not_sent(
    page: Any, tmp_path: Path, scan: Path
):
    large, sent = tmp_path / "large.pdf", []
    with large.open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    page.on("request", lambda one: "/school/" in one.url and sent.append(one.url))

    page.get_by_label("File").set_input_files(large)
    page.get_by_role("status").get_by_text("This file is larger than 10 MB.").wait_for()
    page.get_by_role("button", name="Upload", exact=True).click()

    assert (page.evaluate("document.activeElement.id"), sent) == ("file", [])

    page.get_by_label("File").set_input_files(scan)

    assert page.get_by_role("status").get_by_text(scan.name).is_visible()


def test_without_javascript_the_form_sends_the_file_itself(
    open_page: Any, server: Any, tmp_path: Path, width: str
):
    head = server.person("school_manager", "sent back by the first look")
    page = open_page(head, javascript=False)
    path = tmp_path / "plain.pdf"
    path.write_bytes(factories.pdf_of(f"Plain {width}"))
    page.goto("/school/documents/new")
    page.get_by_label("Title").fill(f"Plain {width}")
    page.get_by_label("Kind of document").select_option("ORD")
    page.get_by_label("File").set_input_files(path)

    page.get_by_role("button", name="Upload", exact=True).click()

    page.wait_for_url(re.compile("/school/documents/[0-9a-f-]{36}$"))
    assert document_hash_without_script(page) == hashlib.sha256(path.read_bytes()).hexdigest()


def document_hash_without_script(page: Any) -> str:
    return str(page.locator("details .code.small").first.text_content()).strip()
