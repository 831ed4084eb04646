"""The live badge: what it says, that it can be read, that nobody is noted."""

import logging
import re
from xml.etree import ElementTree

import pytest

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core import clock
from cissapp.verify.directory.badge.looks import LOOKS, NOT_KNOWN, look_of
from cissapp.verify.verification.rules import CheckAnswer
from tests.certify.certificates.pages import act
from tests.factories import NOW
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

SVG = "{http://www.w3.org/2000/svg}"


def address(certificate) -> str:
    return f"/badge/{in_groups(certificate.code)}.svg"


def drawing(answer) -> ElementTree.Element:
    return ElementTree.fromstring(answer.get_data(as_text=True))


def texts(answer) -> list[str]:
    return [one.text or "" for one in drawing(answer).iter(f"{SVG}text")]


def test_a_badge_says_status_level_and_years(client, make):
    certificate = make.certified(make.school(name="Liceul <Nr> & 4", language="en"))

    answer = client.get(address(certificate))

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert texts(answer) == ["2", "CISS", "✓", "valid", "Level 2 · 2026 – 2028"]
    assert drawing(answer).find(f"{SVG}title").text == (
        "CISS certificate of Liceul <Nr> & 4: valid, 2026 – 2028"
    )


def test_it_changes_with_the_status(app, client, make):
    certificate = make.certified(make.school(language="en"))
    found = {"valid": texts(client.get(address(certificate)))[3]}
    with clock.at(NOW.replace(year=2028, month=11, day=1)):
        found["soon"] = texts(client.get(address(certificate)))[3]
    with clock.at(NOW.replace(year=2029)):
        found["expired"] = texts(client.get(address(certificate)))[3]
    act(app, certificate, "suspend")
    found["suspended"] = texts(client.get(address(certificate)))[3]
    act(app, certificate, "reinstate")
    found["again"] = texts(client.get(address(certificate)))[3]
    act(app, certificate, "withdraw")
    found["withdrawn"] = texts(client.get(address(certificate)))[3]

    assert found == {
        "valid": "valid",
        "soon": "valid, expires soon",
        "expired": "expired",
        "suspended": "suspended",
        "again": "valid",
        "withdrawn": "withdrawn",
    }


def test_the_answers_of_the_public_check_all_have_a_look():
    named = {status.value for status in LOOKS}

    assert {one: look_of(one.value) for one in CheckAnswer if one.value not in named} == {
        CheckAnswer.ALTERED: NOT_KNOWN,
        CheckAnswer.NOT_OURS: NOT_KNOWN,
        CheckAnswer.MISTYPED: NOT_KNOWN,
        CheckAnswer.UNREADABLE: NOT_KNOWN,
        CheckAnswer.ELSEWHERE: NOT_KNOWN,
    }


@pytest.mark.parametrize("code", ["0000-0000-0000-0000-0000", "nonsense", "%3Csvg%3E", "A" * 400])
def test_an_unknown_code_has_a_picture_that_says_so(client, code: str):
    answer = client.get(f"/badge/{code}.svg")

    assert (answer.status_code, answer.mimetype) == (404, "image/svg+xml")
    assert texts(answer) == ["CISS", "✕", "not known"]
    assert drawing(answer).find(f"{SVG}title").text == "CISS certificate: not known"


def test_it_speaks_the_language_of_the_school_or_the_one_asked_for(client, make):
    certificate = make.certified(make.school(language="ro"))

    found = [
        drawing(client.get(f"{address(certificate)}{query}", headers=[("Accept-Language", "uk")]))
        for query in ("", "?lang=uk", "?lang=xx", "?lang=../../etc")
    ]

    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [one.get(lang) for one in found] == ["ro", "uk", "ro", "ro"]


def test_other_sites_may_show_it_for_an_hour_without_a_cookie(client, sign_in, make):
    certificate = make.certified()
    visitor, person = (
        client.get(address(certificate)),
        sign_in(make.user()).get(address(certificate)),
    )

    kept = {
        name: visitor.headers[name]
        for name in (
            "Cache-Control",
            "Access-Control-Allow-Origin",
            "Cross-Origin-Resource-Policy",
            "Content-Security-Policy",
        )
    }
    assert kept == {
        "Cache-Control": "public, max-age=3600",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert visitor.get_data() == person.get_data()
    assert [one.headers.getlist("Set-Cookie") for one in (visitor, person)] == [[], []]


def test_who_asks_again_learns_that_nothing_has_changed(app, client, make):
    certificate = make.certified()
    asked = {"If-None-Match": client.get(address(certificate)).headers["ETag"]}
    same = client.get(address(certificate), headers=asked)
    act(app, certificate, "suspend")
    other = client.get(address(certificate), headers=asked)

    assert (same.status_code, same.get_data(), other.status_code) == (304, b"", 200)


def test_nobody_is_noted(app, client, make, caplog):
    certificate = make.certified()

    with statements_sent(app) as sent, caplog.at_level(logging.DEBUG):
        answer = client.get(
            f"{address(certificate)}?lang=en&visitor=secret-mark",
            headers={"Referer": "https://school.example/secret-page"},
        )

    assert {one.split(maxsplit=1)[0] for one in sent} <= {"BEGIN", "SELECT"}
    assert "secret" not in caplog.text + answer.get_data(as_text=True)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_word_stands_out():
    ratios = {
        look.word: (luminance(look.ground) + 0.05) / (luminance(look.ink) + 0.05)
        for look in [*LOOKS.values(), NOT_KNOWN]
    }

    assert {word: ratio for word, ratio in ratios.items() if ratio < 7} == {}


def test_no_badge_says_that_a_school_is_safe(client, make):
    certificate = make.certified(make.school(name="Lyceum"))

    said = [
        client.get(f"{address(certificate)}?lang={one}").get_data(as_text=True)
        for one in ("en", "ro", "uk", "ru", "be")
    ]

    words = r"(?i)\bsafe|sigur|безпечн|безопасн|бяспечн"
    assert [re.findall(words, one) for one in said] == [[]] * 5


def test_nothing_in_it_runs_or_loads(client, make):
    answer = client.get(address(make.certified()))

    tags = {one.tag.removeprefix(SVG) for one in drawing(answer).iter()}
    assert tags == {"svg", "title", "rect", "path", "g", "text"}
    assert not re.search(r"href|url\(|style|\son\w+=", answer.get_data(as_text=True))


def test_the_words_have_room(client, make):
    from PIL import ImageFont

    from cissapp.foundation.paper.fonts import SANS_BOLD, file_of

    certificate = make.certified()
    font = ImageFont.truetype(str(file_of(SANS_BOLD)), 17)
    for language in ("en", "ro", "uk", "ru", "be"):
        found = drawing(client.get(f"{address(certificate)}?lang={language}"))
        word = [one for one in found.iter(f"{SVG}text") if one.get("font-size") == "17"][-1]
        end = float(word.get("x")) + font.getlength(word.text)
        assert end + 10 < float(found.get("width")), language
