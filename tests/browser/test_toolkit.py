"""The toolkit in a real browser: pages of a school, and those that strangers open on the spot."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Server
from tests.browser.test_journeys import of
from tests.shipped import SHIPPED

pytestmark = pytest.mark.browser

PAGES = (
    "/school/toolkit",
    f"/school/toolkit/products/{SHIPPED.toolkit.products[0].id}",
    "/school/policy",
    "/school/policy/sections/scope",
    "/school/policy/adults",
    "/school/toolkit/posters",
    "/school/toolkit/posters/round",
    "/school/toolkit/numbers",
    "/school/toolkit/changes",
    "/school/toolkit/awareness",
    "/school/reporting/page",
    "/school/plan",
    "/school/levels",
    "/school/duties",
)


def test_the_pages_of_the_toolkit_can_be_used_by_everybody(
    server: Server, open_page: Callable[..., Any], check: Callable[[Any], None], width: str
):
    page = open_page(of(server, "school_manager", "head of a school: ready", width))

    for path in PAGES:
        page.goto(path)
        check(page)


def test_a_pupil_taps_four_times_and_a_parent_reads_without_leaving_anything(
    server: Server, open_page: Callable[..., Any], check: Callable[[Any], None], width: str
):
    head = open_page(of(server, "school_manager", "head of a school: ready", width))
    head.goto("/school/reporting/page")
    address = re.search(r"/s/[0-9a-z]{8}", head.content())
    head.goto("/school/toolkit/awareness")
    head.get_by_role("link", name=re.compile("^După")).click()
    code = re.search(r"/a/[0-9A-Za-z]{6}", head.content())
    assert address
    assert code

    stranger = open_page()
    stranger.goto(address[0])
    check(stranger)
    stranger.goto(code[0])
    check(stranger)
    for question in stranger.locator("fieldset").all():
        question.locator("label").first.click()
    stranger.locator("form.taps button").click()
    stranger.wait_for_url(re.compile("/thanks"))
    check(stranger)

    assert stranger.context.cookies() == []
    assert stranger.evaluate("localStorage.length + sessionStorage.length") == 0
