"""A lesson as PDF: for whom the lesson is, with the help line of the own country."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.help_lines import strip_of
from cissapp.foundation.web.languages import NAMES
from cissapp.learn.learning.papers.styles import BOTTOM
from cissapp.learn.learning.views.papers import _calls
from tests.shipped import LESSON, MODULE

PAGE = f"/learn/{MODULE.id}/{LESSON.id}"
READS = {Role.SCHOOL_MANAGER, Role.REVIEWER, Role.COORDINATOR, Role.SECRETARIAT}
needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed"
)


def text_of(content: bytes, folder: Path) -> str:
    path = folder / "lesson.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("query", "edge"), [("", b"595.2"), ("?paper=a4", b"595.2"), ("?paper=Letter", b"612")]
)
def test_a_lesson_comes_on_either_paper(make, sign_in, query: str, edge: bytes):
    from io import BytesIO

    import pikepdf

    answer = sign_in(make.manager()).get(f"{PAGE}.pdf{query}")

    with pikepdf.open(BytesIO(answer.data)) as opened:
        box = [float(one) for one in opened.pages[0].mediabox]
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert str(box[2]).encode().startswith(edge)
    name = f"ciss-{MODULE.number}-{LESSON.number}-{LESSON.id}.pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'


def test_another_paper_is_refused_with_a_sentence(make, sign_in):
    answer = sign_in(make.manager()).get(
        f"{PAGE}.pdf?paper=a5", headers={"Accept": "application/json"}
    )

    assert (answer.status_code, answer.json["message"]) == (
        409,
        "There are two paper sizes: a4 and letter.",
    )


def test_the_page_of_the_lesson_leads_to_it(make, sign_in):
    page = sign_in(make.manager()).get(PAGE).get_data(as_text=True)

    assert f'<a href="{PAGE}.pdf">Print or save as PDF</a>' in page


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.GUEST])
def test_it_is_for_whom_the_lesson_is(make, sign_in, role: Role):
    browser = sign_in(make.user(role))

    statuses = {browser.get(address).status_code for address in (PAGE, f"{PAGE}.pdf")}

    assert statuses == ({200} if role in READS else {403})


def test_what_does_not_exist_is_missing_and_strangers_sign_in(client, make, sign_in):
    browser = sign_in(make.manager())

    assert browser.get(f"/learn/{MODULE.id}/nothing.pdf").status_code == 404
    assert browser.get(f"/learn/nothing/{LESSON.id}.pdf").status_code == 404
    assert client.get(f"{PAGE}.pdf").location.startswith("/sign-in?next=")


@needs_pdftotext
def test_the_number_of_the_own_country_stands_at_the_foot(app, make, sign_in, tmp_path):
    head, secretariat = make.manager(), make.user(Role.SECRETARIAT)
    with app.test_request_context():
        strip = strip_of("MD", "en")

    text = text_of(sign_in(head).get(f"{PAGE}.pdf").data, tmp_path)
    without = text_of(sign_in(secretariat).get(f"{PAGE}.pdf").data, tmp_path)

    assert f"Worried about a child? {strip.call.numbers[0][0]} – {strip.call.about}" in text
    assert (
        f"Police: {strip.police.numbers[0][0]} · Report material online: {strip.report.web}" in text
    )
    assert "This is not a place to report a case." in text
    assert f"http://ciss.example{PAGE}" in text
    assert "Worried about a child? http://ciss.example/help" in without


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", NAMES)
def test_the_foot_has_room_in_every_country_and_language(app, language: str):
    from reportlab.platypus import Paragraph

    from cissapp.learn.learning.papers.styles import FOOT, SIDE

    with app.test_request_context(headers={"Accept-Language": language}):
        countries = app.extensions["ciss-content"].countries
        feet = {code: _calls(strip_of(code, language), "x") for code in countries}
    heights = {
        code: sum(Paragraph(line, FOOT).wrap(595 - 2 * SIDE, 500)[1] for line in lines)
        for code, lines in feet.items()
    }

    # Below stand at most two lines of where it comes from, and the number of the page.
    room = BOTTOM - 16 - 18 - 3 * FOOT.leading
    assert {code: height for code, height in heights.items() if height > room} == {}
