"""Every word on a page goes through the catalogue or comes from the content: none is left in English.

Every page is opened with a marked language, in which each sentence of the catalogue and each text of the
content stands between ⟦ and ⟧. What stands outside of them must be what somebody has typed.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import flask_babel
import pytest
from babel.support import NullTranslations
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from cissapp.foundation.access.guard import has
from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import db
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.problem_kinds import KINDS
from cissapp.learn.translation.services import write_entries
from cissapp.oversee.api.rules.operations import OPERATIONS
from cissapp.people.accounts.models import User
from cissapp.prepare.drills.rules.messages import MESSAGES
from config import ROOT
from tests.architecture.test_translations import catalogue
from tests.client import Client
from tests.conftest import Databases
from tests.foundation.access.test_every_route import addresses
from tests.shipped import SHIPPED
from tests.world import Place, world

# Names that are the same in every language, and what the pages of a machine say to a machine.
NAMES = re.compile(
    r"\b(CISS|ECPAT|Eurydice|OpenID Connect|OIDC|PKCE|issuer|client ID|client secret|PDF|CSV|JSON|ZIP|QR|SHA-256|SVG|HTML|DOCX|ODT|PNG|JPEG|HEIC|WebP|Esc|BagIt|Ed25519|URL|DID|ISO|"
    r"English|Română|Українська|Русский|Беларуская|UTC|EET|EEST|MSK|DOS|KB|MB|kB|[A-C]\d{1,2}|[IVX]+|head_name|head_email|locality|ABCD-EFGH|Reviewer 7F3A)\b"
)
ADDRESS = re.compile(
    r"\S*(://|@|/)\S*|\S+\.(example|md|org|pdf|json|csv|zip|bit|txt|html)\b|\b[0-9a-f]{8,}\b|\b[A-Z0-9]{3} [A-Z0-9]{3}\b"
)
HIDDEN = {"script", "style", "code", "pre", "template", "title"}
INLINE = {
    "a",
    "abbr",
    "b",
    "em",
    "i",
    "span",
    "strong",
    "small",
    "tspan",
    "time",
    "br",
    "code",
    "text",
}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# The words are the same on both; the walk of all routes asks PostgreSQL for the same pages.
pytestmark = pytest.mark.one_database("sqlite")
# What takes longest to make, and is no page.
FILES = (".pdf", ".zip", ".xlsx", ".png")
WORDS = ("alt", "aria-label", "placeholder", "title")


DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
# A document that is shown has the date of its own language.
DAY = re.compile(r"\b\d{1,2} [a-z]+ \d{4}\b")
PIECES = re.compile(r"[·–—:;,()“”«»„/|…\n]| - ")


# Names of services, works and formats that no language translates.
PUBLISHED = {
    "Take It Down",
    "degree safe",
    "StopNCII",
    "StopCrime",
    "Stop Sexting",
    "INHOPE",
    "IWF",
    "SigurOnline",
    "Telefonul Copilului",
    "CSAM",
    "Open Badge",
    "verifiable credential",
    "JWT",
    "jwt",
    "RFC",
    "WCAG",
    "XLSX",
    "OpenDocument",
    "JavaScript",
    "cookie",
    "docx",
    "odt",
    "png",
    "svg",
    "ABC",
    "ABCD-EFGH-",
    "cyberpolice",
    "ticket",
    # What a program says to the API, and what it is written in.
    "API",
    "OpenAPI",
    "Excel",
    "Power BI",
    "Python",
    "Standard Webhooks",
    "standardwebhooks",
    "Authorization",
    "Bearer",
    "TOKEN",
    "ETag",
    "If-None-Match",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "cursor",
    "null",
    # Parameters, folders and endings of files.
    *(
        "applications",
        "documents",
        "code",
        "hidden",
        "index",
        "hash",
        "first",
        "second",
        "start",
        "size",
        "end",
    ),
    *("https", "lang", "letter", "com", "doc", "pdf", "rtf"),
    # Programs and formats.
    *(
        "Aegis",
        "FreeOTP",
        "Google Authenticator",
        "Microsoft Authenticator",
        "Live",
        "Office",
        "Word",
    ),
    *("ActiveX", "PostScript", "Rich Text", "Rich Text Format", "XFA", "TLS", "Base"),
    *("KOI", "UTF-", "Windows-", "DRILL", "DRILL-", "MD-", "NAME-"),
    "Certified Internet Safe School",
}


VALUE = re.compile(r"%\(\w+\)[sd]")


class Marked(NullTranslations):
    """A language in which every sentence stands between marks, and what is put into it outside of them."""

    def ugettext(self, message: str) -> str:
        return VALUE.sub(r"⟧\g<0>⟦", f"⟦{message}⟧")

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return self.ugettext(singular if num == 1 else plural)

    def upgettext(self, context: str, message: str) -> str:
        return self.ugettext(message)

    gettext, ngettext, pgettext = ugettext, ungettext, upgettext


class Texts(HTMLParser):
    """Gathers what a page says, block by block, and the words of attributes."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.hidden = 0
        # What says of itself that it is in another language than the person's, such as a file that is shown.
        self.language = language
        self.foreign: list[tuple[str, bool]] = []
        self.source = False
        self.block = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in HIDDEN
        own = dict(attrs).get("lang") or self.language
        if tag not in VOID:
            self.foreign.append((tag, own != self.language))
        # Titles of sources stay as they were published.
        self.source = tag == "a" and "noreferrer" in (dict(attrs).get("rel") or "")
        if tag not in INLINE:
            self.end_block()
        if not self.is_foreign:
            self.found += [value for name, value in attrs if name in WORDS and value]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in HIDDEN
        self.source = False
        if tag not in INLINE:
            self.end_block()
        while self.foreign and self.foreign.pop()[0] != tag:
            pass

    @property
    def is_foreign(self) -> bool:
        return any(foreign for _tag, foreign in self.foreign)

    def handle_data(self, data: str) -> None:
        if not self.hidden and not self.source and not self.is_foreign:
            self.block += data

    def end_block(self) -> None:
        if self.block.strip():
            self.found.append(self.block)
        self.block = ""


def marked(text: str) -> str:
    """Mark the words of a text, and leave its Markdown alone."""
    lines = []
    for line in text.split("\n"):
        cells = [_marked_cell(one) for one in line.split("|")]
        lines.append("|".join(cells))
    return "\n".join(lines)


def _marked_cell(cell: str) -> str:
    start, words = re.fullmatch(r"(\s*(?:[-*>]\s+|\d+\.\s+|#+\s+)?)(.*)", cell).groups()
    return f"{start}⟦{words}⟧" if any(one.isalpha() for one in words) else cell


@pytest.fixture(scope="module")
def marked_content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """The content with marks around all its words."""
    root = tmp_path_factory.mktemp("marked") / "modules"
    shutil.copytree(ROOT / "modules", root)
    entries = SHIPPED.translations.entries
    taken = {
        key: {at: marked(words) for at, words in languages[ENGLISH].items()}
        for key, languages in entries.items()
    }
    write_entries(root, ENGLISH, taken)
    return load(root)


def typed() -> set[str]:
    """List every text of the database, with what people typed, and the ids of questions, whichever were drawn."""
    found = {question.id for module in SHIPPED.modules for question in module.questions}
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f"SELECT * FROM {table.name}")):
            for value in row:
                found |= set(strings(value))
    # A page may show the lines of a document as one.
    return found | {" ".join(one.split()) for one in found}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value[:1] in "[{":
            try:
                yield from strings(json.loads(value))
            except ValueError:
                yield value
        else:
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def unmarked(said: str, known: str) -> list[str]:
    """List what stands outside of all marks, and is neither a name nor an address nor typed by somebody."""
    before = None
    while before != said:
        before, said = said, re.sub(r"⟦[^⟦⟧]*⟧", "|", said)
    for pattern in (ADDRESS, NAMES, DATE, DAY):
        said = pattern.sub("|", said)
    pieces = (one.strip() for one in PIECES.split(said))
    return [one for one in pieces if re.search(r"[^\W\d_]{2,}", one) and one not in known]


def said_on_pages(
    app: Flask, place: Place, browsers: dict[Role, Client], language: str
) -> Iterator[tuple[str, str]]:
    """Open every page that can be read, as somebody who may, and yield address and what it says."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in (rule.methods or set()):
            continue
        permission = getattr(app.view_functions[rule.endpoint], "access", None)
        may = [one for one in browsers if permission and has(place.people[one], permission)]
        browser = browsers[may[0] if may else Role.SCHOOL_MANAGER]
        address = addresses(app, rule, place)
        if address.endswith(FILES):
            continue
        # Other walks read the tags of these pages strictly.
        answer = FlaskClient.open(browser, address)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = Texts(language)
            page.feed(answer.get_data(as_text=True))
            page.end_block()
            for one in page.found:
                yield str(rule), one


def test_no_word_of_a_page_is_outside_of_the_catalogue(
    app: Flask,
    databases: Databases,
    sign_in: Callable[[User], Client],
    marked_content: Content,
    monkeypatch: pytest.MonkeyPatch,
):
    place = databases.kept(world)["MD"]
    with app.app_context():
        monkeypatch.setattr(flask_babel.get_domain(), "get_translations", Marked)
    monkeypatch.setitem(app.extensions, EXTENSION, marked_content)
    with app.app_context():
        coded = [one for texts in MESSAGES.values() for one in texts.values()]
        known = "\n".join([*sorted(typed()), *coded, *for_programs(), *districts(marked_content)])
    browsers = {role: sign_in(person) for role, person in place.people.items()}
    left: dict[str, str] = {}
    asked = set()
    for rule, one in said_on_pages(app, place, browsers, ENGLISH):
        asked.add(rule)
        for piece in unmarked(one, known):
            left.setdefault(piece, rule)

    assert len(asked) > 80
    assert not left, listed(left)


def for_programs() -> Iterator[str]:
    """List what the API says to those who write programs, which is English in every language."""
    for kind in KINDS.values():
        yield f"{kind.title}. {kind.meaning}".replace("`", "")
    for operation in OPERATIONS:
        yield f"{operation.method} {operation.summary}"


def districts(content: Content) -> Iterator[str]:
    """List the official names of regions below the top, which no language translates."""
    for pack in content.countries.values():
        for region in pack.regions.values():
            if region.parent:
                yield from region.names.values()


def listed(left: dict[str, str]) -> str:
    return "\n".join(f"{one!r} on {rule}" for one, rule in sorted(left.items()))


# Names that Cyrillic sentences write in Latin letters.
LATIN = re.compile(r"[A-Za-z][A-Za-z’'-]+(?: [A-Za-z][A-Za-z’'-]+)*")
NO_WORDS = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<code>[^<]*</code>|<[^>]*>|\w+_\w+")


@pytest.mark.parametrize("language", ["uk", "ru", "be"])
def test_no_english_is_left_in_a_sentence_of_another_alphabet(language: str):
    left = set()
    for message in filter(lambda one: one.id, catalogue(language)):
        for sentence in message.string if isinstance(message.string, tuple) else (message.string,):
            said = NAMES.sub("|", ADDRESS.sub("|", NO_WORDS.sub("|", sentence)))
            left |= {(words, sentence) for words in LATIN.findall(said) if len(words) > 2}

    assert [one for one in sorted(left) if one[0] not in PUBLISHED] == []


def test_no_english_is_left_on_ukrainian_pages(
    app: Flask, databases: Databases, sign_in: Callable[[User], Client]
):
    place = databases.kept(world)["UA"]
    for person in place.people.values():
        person.language = "uk"
    with app.app_context():
        known = "\n".join(sorted(typed()))
    browsers = {role: sign_in(person) for role, person in place.people.items()}
    left: dict[str, str] = {}
    for rule, one in said_on_pages(app, place, browsers, "uk"):
        said = NAMES.sub("|", ADDRESS.sub("|", one))
        for words in LATIN.findall(said):
            if words not in known and words not in PUBLISHED and len(words) > 2:
                left.setdefault(words, rule)

    assert not left, listed(left)
