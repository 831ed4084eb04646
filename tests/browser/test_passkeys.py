"""A passkey in a real browser: set up before somebody is in, used to sign in, and what a page says without one."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from cissapp.foundation.core.roles import Role
from tests import factories
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.one_database("sqlite")]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """A site at a name for which browsers make passkeys without https."""
    server = make_server("localhost", 0, app, threaded=True)
    url = f"http://localhost:{server.server_port}"
    usual, base = app.config["CISS"], app.config["BASE_URL"]
    app.config["CISS"] = replace(usual, base_url=url, second_factor=True)
    app.config["BASE_URL"] = url
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    app.config["CISS"], app.config["BASE_URL"] = usual, base


def test_a_reviewer_sets_a_passkey_up_and_signs_in_with_it(chromium: Any, address: str) -> None:
    reviewer = factories.user(Role.REVIEWER)
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda said: messages.append(said.text))
    tool = context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = tool.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def enter() -> None:
        page.goto("/sign-in")
        page.get_by_label("Email address").fill(reviewer.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()

    enter()
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Create a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.get_by_role("link", name="I have saved the codes: continue").click()
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    enter()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/account/factors")
    page.get_by_role("heading", name="My phone").wait_for()
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    tool.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    enter()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_text("The passkey was not used. Try again, or use a code.").wait_for()

    assert [said for said in messages if "Content Security Policy" in said] == []
    context.close()
