"""Nothing typed is lost: reload, killed browser, cut line, ended session, sign-out, two tabs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Error

pytestmark = pytest.mark.browser

PAGE = "/school/self-assessment/A1"
TEXT = "Перший абзац, з «лапками» & <знаками>.\n\nДругий: " + "слово " * 700


def field(page: Any) -> Any:
    return page.locator("textarea[name=text]")


def type_more(page: Any, text: str) -> str:
    """Type at the end, key by key; give what the field holds then."""
    field(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    return str(field(page).input_value())


def saved(page: Any) -> None:
    page.locator("[data-draft-state].saved").wait_for()


def unsaved(page: Any, words: str) -> None:
    page.locator("[data-draft-state].unsaved", has_text=words).wait_for()


def on_device(page: Any) -> list[str]:
    keys: list[str] = page.evaluate("Object.keys(localStorage)")
    return [one for one in keys if one.startswith("ciss-draft:")]


@contextmanager
def slow_line(page: Any) -> Iterator[None]:
    """Let every answer take half a second longer: a page must not say "saved" while it waits."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 500, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    yield
    line.detach()


def killed(page: Any) -> None:
    """End the page's process: a page that is closed in order sends on its way out, and the line is back by then."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    page.context.close()


def sign_in(page: Any, person: dict[str, str]) -> None:
    page.get_by_label("Email address").fill(person["email"])
    page.get_by_label("Password").fill(person["password"])
    page.get_by_role("button", name="Sign in").click()


def test_not_one_letter_is_lost(server: Any, chromium: Any, open_page: Any, check: Any) -> None:
    head = server.person("school_manager", "registered, nothing begun")
    page = open_page(head)
    page.goto(PAGE)
    field(page).fill(TEXT)
    saved(page)
    page.reload()
    assert field(page).input_value() == TEXT
    check(page)

    # The line is cut while one types, and the browser is killed.
    page.context.set_offline(True)
    typed = type_more(page, " Без мережі.")
    unsaved(page, "offline")
    assert len(on_device(page)) == 1
    page.get_by_role("button", name="Save", exact=True).click()
    assert field(page).input_value() == typed
    assert page.url == server.url + PAGE
    unsaved(page, "offline")
    kept = page.context.storage_state()
    killed(page)
    again = chromium.new_context(storage_state=kept, base_url=server.url, locale="en-GB")
    page = again.new_page()
    with slow_line(page):
        page.goto(PAGE)
        page.get_by_text("as it was kept on this device").wait_for()
        assert field(page).input_value() == typed
        saved(page)
        assert on_device(page) == []

    # The session ends while one types.
    again.clear_cookies()
    typed = type_more(page, " Без сеансу.")
    unsaved(page, "you are signed out")
    page.locator("[data-draft-state] a").click()
    sign_in(page, head)
    page.get_by_text("as it was kept on this device").wait_for()
    assert field(page).input_value() == typed

    # Signing out waits for what was typed a moment ago; nothing of it stays on the device.
    saved(page)
    typed = type_more(page, " Вийшла.")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You have signed out.").wait_for()
    assert on_device(page) == []
    page.goto(f"/sign-in?next={PAGE}")
    sign_in(page, head)
    field(page).wait_for()
    assert field(page).input_value() == typed

    # Two tabs.
    second = again.new_page()
    second.goto(PAGE)
    other = type_more(second, " Друга вкладка.")
    saved(second)
    mine = type_more(page, " Перша вкладка.")
    page.get_by_text("You have another draft of this form").wait_for()
    page.get_by_role("link", name="Reload the page to see both").click()
    settle = page.locator("form.settle")
    settle.wait_for()
    assert {field(page).input_value()} | {
        one.inner_text() for one in settle.locator("span.typed").all()
    } == {mine, other}
    settle.locator("input[value=other]").check()
    settle.get_by_role("button", name="Use what I chose").click()
    page.get_by_text("Your draft now contains what you chose.").wait_for()
    assert field(page).input_value() in {mine, other}

    # Once it is sent, there is no draft any more.
    page.locator("input[name=level][value='1']").check()
    saved(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("[data-saved]", has_text="Saved").wait_for()
    assert page.locator("[data-draft-notice]").count() == 0
    assert on_device(page) == []
    again.close()


def test_what_was_saved_is_forgotten_where_no_form_follows(server: Any, open_page: Any) -> None:
    page = open_page(server.person("school_manager", "registered, nothing begun"))
    page.goto("/school/reporting/persons/new")
    page.locator("[name=office]").fill("School psychologist")
    page.locator("[name=contact]").fill("Room 12")
    page.locator("[name=hours]").fill("Daily")
    assert on_device(page)

    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_role("link", name="Add a person").wait_for()
    assert on_device(page) == []
    page.goto("/school/reporting/persons/new")
    page.locator("body[data-drafts-ready]").wait_for()
    assert page.get_by_text("when the connection was lost").count() == 0


def test_what_may_name_a_child_leaves_with_the_tab(server: Any, open_page: Any) -> None:
    page = open_page(server.person("school_manager", "registered, nothing begun"))
    page.goto("/school/self-assessment/B1")
    text = "A girl, Maria Popescu, 11 years old, of class 5b told us that her uncle touched her."
    field(page).fill(text)
    unsaved(page, "It may name or show a child.")
    assert on_device(page) == []
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    unsaved(page, "It may name or show a child.")
    assert field(page).input_value() == text
    page.goto("/drafts")
    assert text not in page.content()
