"""The whole chain in a real browser, each step by its own kind of person, narrow and wide."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.browser.conftest import COUNTRY, Server
from tests.browser.lines import answer
from tests.shipped import SHIPPED

pytestmark = pytest.mark.browser

GROUP = {width: code.lower() for width, code in COUNTRY.items()}

Open = Callable[..., Any]
Check = Callable[[Any], None]


def of(server: Server, role: str, about: str, width: str) -> dict[str, str]:
    """Find the demo person of this width's country."""
    end = f".{GROUP[width]}@"
    return next(
        one
        for one in server.people
        if one["role"] == role and about in one["about"] and end in one["email"]
    )


def settled(page: Any) -> None:
    page.wait_for_load_state("networkidle")


def test_a_visitor_sees_what_this_is(open_page: Open, check: Check):
    page = open_page()
    for path in ("/", "/sign-in", "/help", "/privacy", "/accessibility", "/verify", "/register"):
        page.goto(path)
        check(page)

    assert page.locator("h1").count() == 1


def test_a_head_reads_a_lesson_and_answers_a_quiz(
    server: Server, open_page: Open, check: Check, width: str
):
    module = SHIPPED.modules[3]
    page = open_page(of(server, "school_manager", "head of a school: half-way", width))
    check(page)
    page.goto("/learn")
    check(page)
    page.goto(f"/learn/{module.id}/{module.lessons[2].id}")
    check(page)
    page.get_by_role("button", name=re.compile("I have read this")).click()
    settled(page)
    page.goto(f"/learn/{module.id}/quiz")
    check(page)
    page.get_by_role("button", name="Start the quiz").click()
    settled(page)
    for position in range(1, module.file.quiz.draw + 1):
        page.goto(f"/learn/{module.id}/quiz/{position}")
        if position == 1:
            check(page)
        answer(page)
        saved = page.locator("[data-saved]").filter(has_text=re.compile(r"\d\d:\d\d:\d\d"))
        saved.wait_for()
        assert re.search(r"Saved \d\d:\d\d:\d\d", saved.inner_text())
    page.goto(f"/learn/{module.id}/quiz/check")
    check(page)
    page.get_by_role("button", name="Submit answers").click()
    settled(page)
    check(page)

    assert "/learn/attempts/" in page.url


def test_a_quiz_works_without_javascript(server: Server, open_page: Open, width: str):
    page = open_page(
        of(server, "school_manager", "designated person of a school: half-way", width),
        javascript=False,
    )
    module = SHIPPED.modules[2]
    quiz = f"/learn/{module.id}/quiz"
    page.goto(quiz)
    page.get_by_role("button", name="Start the quiz").click()
    for position in range(1, module.file.quiz.draw + 1):
        page.goto(f"{quiz}/{position}")
        if page.locator("[data-kind=single]").count():
            break
    address = page.url
    page.locator("fieldset input").first.check(force=True)
    page.get_by_role("button", name="Save and continue").click()
    page.goto(address)

    assert page.locator("fieldset input").first.is_checked()
    assert re.search(r"Saved \d\d:\d\d:\d\d", page.locator("main").inner_text())


def test_a_hostile_file_is_refused_with_its_reason_and_the_title_stays(
    server: Server, open_page: Open, check: Check, width: str, tmp_path: Path
):
    page = open_page(of(server, "school_manager", "head of a school: just begun", width))
    page.goto("/school/documents/new")
    check(page)
    hostile = tmp_path / "policy.pdf"
    hostile.write_bytes(b"MZ this is a program, not a policy")
    page.get_by_label(re.compile("Title")).fill("Our safety policy")
    page.locator("input[type=file]").set_input_files(hostile)
    kind = page.locator("select")
    if kind.count():
        kind.first.select_option(index=1)
    page.get_by_role("button", name=re.compile("Upload|Add")).first.click()
    page.locator("#file-error").wait_for()
    check(page)

    assert page.get_by_label(re.compile("Title")).input_value() == "Our safety policy"
    assert page.locator("[id^=errors], .errors").first.is_visible()


def test_a_head_hands_the_dossier_in(server: Server, open_page: Open, check: Check, width: str):
    page = open_page(of(server, "school_manager", "head of a school: ready to submit", width))
    for path in (
        "/school",
        "/school/documents",
        "/school/reporting",
        "/school/self-assessment",
        "/school/self-assessment/B9",
        "/school/people",
        "/school/certificate",
        "/school/application",
        "/school/application/submit",
    ):
        page.goto(path)
        check(page)
    page.locator("input[type=checkbox]").first.check(force=True)
    page.get_by_role("button", name="Sign and submit").click()
    settled(page)
    check(page)

    assert "Submitted" in page.locator("main").inner_text()


def test_a_stranger_checks_a_certificate_by_code_and_by_file(
    server: Server, open_page: Open, check: Check, width: str, tmp_path: Path
):
    head = open_page(of(server, "school_manager", "head of a school: certified", width))
    head.goto("/school/certificate")
    check(head)
    with head.expect_download() as download:
        head.get_by_role("link", name=re.compile("Download|PDF|file", re.IGNORECASE)).first.click()
    file = tmp_path / "certificate.pdf"
    download.value.save_as(file)
    altered = tmp_path / "altered.pdf"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    altered.write_bytes(content)

    stranger = open_page()
    for path, word in ((file, "Valid"), (altered, "Altered")):
        stranger.goto("/verify")
        stranger.locator("input[type=file]").set_input_files(path)
        stranger.get_by_role("button", name="Check the photo or file").click()
        stranger.locator(".verdict").wait_for()
        check(stranger)
        assert word.lower() in stranger.locator("main").inner_text().lower()
    stranger.goto("/register")
    stranger.locator("main a[href*='/verify/']").first.click()
    settled(stranger)
    check(stranger)

    assert "valid" in stranger.locator("main").inner_text().lower()


@pytest.mark.parametrize(
    ("about", "word"),
    [("expired", "expired"), ("suspended", "suspended"), ("withdrawn", "withdrawn")],
)
def test_a_certificate_says_what_it_is_worth(
    server: Server, open_page: Open, check: Check, width: str, about: str, word: str
):
    head = open_page(of(server, "school_manager", f"head of a school: certificate {about}", width))
    head.goto("/school/certificate")
    check(head)

    assert word in head.locator("main").inner_text().lower()


def test_a_ministry_sees_its_country_and_a_region_officer_the_region(
    server: Server, open_page: Open, check: Check, width: str
):
    ministry = open_page(of(server, "ministry", "ministry", width))
    check(ministry)
    assert f"/oversight/{COUNTRY[width]}" in ministry.url
    assert ministry.locator("svg").count() >= 1
    assert ministry.locator("table").count() >= 1
    text = ministry.locator("main").inner_text()
    assert "Doina" not in text
    ministry.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
    check(ministry)
    ministry.reload()
    with pikepdf.open(BytesIO(ministry.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 1

    officer = open_page(of(server, "region_officer", "region officer", width))
    check(officer)
    assert re.search(rf"/oversight/{COUNTRY[width]}/", officer.url)
    officer.goto(f"/oversight/{COUNTRY[width]}")
    assert "not found" in officer.locator("h1").inner_text().lower()


def test_coordinator_and_secretariat_find_their_pages(
    server: Server, open_page: Open, check: Check, width: str
):
    coordinator = open_page(of(server, "coordinator", "coordinator", width))
    for path in ("/reviews", "/schools", "/schools/new", "/schools/import"):
        coordinator.goto(path)
        check(coordinator)
    coordinator.goto("/schools")
    coordinator.locator("main a[href*='/schools/']").filter(
        has_text=re.compile("№|nr\\.")
    ).first.click()
    settled(coordinator)
    check(coordinator)

    secretariat = open_page(server.person("secretariat"))
    check(secretariat)
    secretariat.goto("/oversight")
    check(secretariat)
