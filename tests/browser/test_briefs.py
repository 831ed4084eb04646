"""The brief of a country as it is printed: one sheet in every language, whatever it has to show."""

from urllib.parse import urlsplit

import pypdfium2
import pytest
from msgspec.structs import replace

from cissapp.foundation.core.roles import Role
from cissapp.oversee.figures import queries
from cissapp.oversee.figures.rules import ChangeReason, Why
from tests.browser.conftest import CHROMIUM
from tests.oversee.oversight import sample

pytestmark = [
    pytest.mark.one_database("sqlite"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

LANGUAGES = ("en", "ro", "uk", "ru", "be")
ADDRESS = "http://ciss.example"
# As `_header.html` has it where the pages are those of a demonstration.
BANNER = b'<div class="demo"><p>Demonstration: invented schools and people.</p></div>'
WHY = ((Why.CERTIFIED, 41), (Why.EXPIRED, -9), (Why.ENDED, -4), (Why.LEFT, -2), (Why.MOVED, -1))
REASONS = tuple(ChangeReason(why, number) for why, number in (*WHY, (Why.OTHER, -1)))


@pytest.fixture
def page(chromium):
    """A window of a browser that no other test has used."""
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def answered_by(client):
    """Answer a browser from the application itself: a page that is only printed needs no server."""

    def answer(route):
        asked = urlsplit(route.request.url)
        with client.get(f"{asked.path}?{asked.query}") as found:
            body = found.get_data().replace(b"</header>", b"</header>" + BANNER, 1)
            route.fulfill(status=found.status_code, headers=dict(found.headers), body=body)

    return answer


def test_the_brief_of_a_country_is_printed_on_one_sheet(make, sign_in, monkeypatch, page):
    """With five regions to help, all reasons, a month that was corrected, and the banner of a demonstration."""
    corrected = [replace(one, version=2, reason="Two schools were wrong.") for one in sample.KEPT]
    sample.stand_in(monkeypatch)
    monkeypatch.setattr(queries, "frozen_months", lambda _country_code: corrected)
    plain = queries.brief
    monkeypatch.setattr(
        queries, "brief", lambda *one, **asked: replace(plain(*one, **asked), reasons=REASONS)
    )
    printed = {}
    for language in LANGUAGES:
        page.route("**/*", answered_by(sign_in(make.user(Role.MINISTRY, language=language))))
        page.goto(f"{ADDRESS}/oversight/MD")
        sheets = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        printed[language] = [one.get_textpage().get_text_bounded().strip()[-60:] for one in sheets]
        page.unroute("**/*")

    assert {language: len(sheets) for language, sheets in printed.items()} == dict.fromkeys(
        LANGUAGES, 1
    ), printed
