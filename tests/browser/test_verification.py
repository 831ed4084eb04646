"""The public check in a browser: a file that is known already is not sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
Check = Callable[[Any], None]


def asked(page: Any, file: Path) -> list[tuple[str, str]]:
    """Choose a file on the page, send the form, and give what the browser asked for."""
    seen: list[tuple[str, str]] = []
    page.on("request", lambda one: seen.append((one.method, one.url.split("/", 3)[3][:11])))
    page.locator("input[type=file]").set_input_files(file)
    seen.clear()
    page.get_by_role("button", name="Check the photo or file").click()
    page.locator(".verdict").wait_for()
    return [one for one in seen if "verify" in one[1]]


def test_a_known_file_is_not_sent(server: Server, open_page: Open, check: Check, tmp_path: Path):
    known, other = tmp_path / "certificate.pdf", tmp_path / "other.pdf"
    stored = sorted((server.folder / "files" / "certificates").glob("*.pdf"))
    known.write_bytes(stored[0].read_bytes())
    other.write_bytes(known.read_bytes() + b"\n")

    found = []
    for file in (known, other):
        page = open_page()
        page.goto("/verify")
        found.append(asked(page, file))
        check(page)

    assert found == [
        [("HEAD", "verify/file"), ("GET", "verify/file")],
        [("HEAD", "verify/file"), ("POST", "verify")],
    ]
