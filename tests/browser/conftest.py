"""A real browser against a real server with the demo's data."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from tests.client import skeleton_of
from tests.conftest import is_given
from tests.processes import ciss, ended
from tests.verdicts import LOOKED_AT

# The same engine without the parts of a desktop is a sixth cheaper.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
WIDTHS = {"narrow": (360, 740), "wide": (1280, 900)}
# Each width has schools of its own, so that the two runs do not meet.
COUNTRY = {"narrow": "MD", "wide": "UA"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Walk on a phone; in the long form on a wide screen as well. Both look at each page in both widths."""
    if "width" in metafunc.fixturenames and not is_given(metafunc, "width"):
        walked = list(WIDTHS) if metafunc.config.getoption("long") else ["narrow"]
        metafunc.parametrize("width", walked)


@dataclass(frozen=True)
class Server:
    """A running demo."""

    url: str
    folder: Path
    people: list[dict[str, str]]

    def person(self, role: str, about: str = "") -> dict[str, str]:
        """Find a demo person by role and a word of what the sign-in table says of them."""
        return next(one for one in self.people if one["role"] == role and about in one["about"])


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, shared_folder: Path, request: pytest.FixtureRequest
) -> Iterator[Server]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    folder = tmp_path_factory.mktemp("demo")
    countries = COUNTRY.values() if request.config.getoption("long") else [COUNTRY["narrow"]]
    shutil.copytree(_made(shared_folder / "made", *countries), folder, dirs_exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log, of_demo = folder / "server.log", ("--few", "--port", str(port), "--folder", str(folder))
    process = ciss("demo", *of_demo, environment=os.environ, output=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process, log)
        people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
        yield Server(url, folder, people)
    finally:
        process.terminate()
        ended(process)


def _made(folder: Path, *countries: str) -> Path:
    """Make the demo once for all processes of a run, for walks in these countries: a server begins with a copy."""
    ready = os.environ.get("CISS_TEST_DEMO_FOLDER")
    if ready:  # a demo made before, to save its minute while one works on a page
        return Path(ready)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "people.json").exists():
            command = [sys.executable, "-m", "tests.browser.demonstration", folder, *countries]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def _wait_for(url: str, process: ForkServerProcess, log: Path) -> None:
    for _ in range(600):
        if not process.is_alive():
            raise AssertionError(log.read_text())
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"the demo did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for one file of tests: its event loop must not run on into the tests after it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(server: Server, chromium: Any, width: str) -> Iterator[Callable[..., Any]]:
    """Give a fresh browser window; with a person, signed in through the sign-in page."""
    contexts = []

    def opened(person: dict[str, str] | None = None, *, javascript: bool = True) -> Any:
        context = chromium.new_context(
            viewport=size_of(width),
            java_script_enabled=javascript,
            base_url=server.url,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        foreign: list[str] = []
        page.on("request", lambda one: one.url.startswith(server.url) or foreign.append(one.url))
        page.foreign = foreign
        if person:
            page.goto("/sign-in")
            page.get_by_label("Email address").fill(person["email"])
            page.get_by_label("Password").fill(person["password"])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_load_state()
        return page

    yield opened
    for context in contexts:
        context.close()


TOO_WIDE = """Array.from(document.querySelectorAll("main *"))
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((one) => one.outerHTML.slice(0, 120))"""


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only findings are looked at: to describe every element that is as it should be takes longer than to find the others.
FINDINGS: dict[str, Any] = {"resultTypes": ["violations"]}
EVERY_RULE: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, **FINDINGS}
# What hangs on the width, where the long form does not look at everything again.
RULES_OF_WIDTH: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
    **FINDINGS,
}


@pytest.fixture
def check(width: str, request: pytest.FixtureRequest) -> Callable[[Any], None]:
    """Demand of a page, in both widths: no axe finding (WCAG 2.2 AA), no sideways scroll, no foreign request.

    A page that differs in nothing but words from one that was looked at is not given to axe again.
    """
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    in_long_form = request.config.getoption("long")

    def looked(page: Any, shown: str, options: dict[str, Any]) -> None:
        seen = (shown, skeleton_of(page.content()))
        if in_long_form or not LOOKED_AT.has(*seen):
            results = axe.run(page, options=options)
            found = [
                (one["id"], one["nodes"][0]["html"][:150]) for one in results.response["violations"]
            ]
            assert found == [], (page.url, found)
            LOOKED_AT.add(*seen)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (page.url, "scrolls sideways by", overflow, page.evaluate(TOO_WIDE))
        assert page.foreign == []

    def checked(page: Any) -> None:
        looked(page, width, EVERY_RULE)
        for other in WIDTHS.keys() - {width}:
            page.set_viewport_size(size_of(other))
            looked(page, other, EVERY_RULE if in_long_form else RULES_OF_WIDTH)
        page.set_viewport_size(size_of(width))

    return checked


def size_of(width: str) -> dict[str, int]:
    return dict(zip(("width", "height"), WIDTHS[width], strict=True))
