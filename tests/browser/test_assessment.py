"""The self-assessment with keys: a level, the next criterion, and a page that is taken over."""

import pytest

from tests.browser.conftest import Server
from tests.browser.test_journeys import Check, Open, of

pytestmark = pytest.mark.browser


def test_a_criterion_is_answered_with_two_keys(
    server: Server, open_page: Open, check: Check, width: str
):
    page = open_page(of(server, "school_manager", "head of a school: ready to submit", width))
    page.goto("/school/self-assessment/A5")
    check(page)

    page.keyboard.press("3")
    with page.expect_navigation():
        page.keyboard.press("n")
    assert page.url.endswith("/A6")
    with page.expect_navigation():
        page.keyboard.press("p")
    assert page.locator("input[name=level]:checked").get_attribute("value") == "3"

    page.locator("textarea[name=text]").focus()
    page.keyboard.press("1")
    assert page.locator("input[name=level]:checked").get_attribute("value") == "3"
    page.locator("input[name^=anchors-]").first.fill("")
    hint = page.locator("button.hint").first
    hint.click()
    number = (hint.get_attribute("value") or "").rpartition(":")[2]
    assert page.locator("input[name^=anchors-]").first.input_value() == number
    assert page.url.endswith("/A5")

    page.locator("[data-keys-off]").click()
    page.keyboard.press("0")
    assert page.locator("input[name=level]:checked").get_attribute("value") == "3"
