"""The browser of the tests: sends tokens as a page's form would, and reads every page strictly."""

import re
from html import unescape
from typing import Any

import html5lib
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from cissapp.people.accounts.models import User
from cissapp.people.accounts.sessions import TOKEN
from tests.pages import main_of, tree, words
from tests.verdicts import PARSED, Verdicts

CHECKED = Verdicts("checked")
SECRETS = ("password_hash", "token_hash")


class Client(FlaskClient):
    """A client whose posts carry a CSRF token, and whose pages must be whole."""

    def sign_in(self, user: User) -> None:
        """Open a session for the person, as the sign-in page does."""
        from cissapp.foundation.core import clock
        from cissapp.foundation.core.db import session, unit_of_work
        from cissapp.people.accounts import services

        with self.application.app_context(), unit_of_work():
            token = services.sign_in_joined(session.merge(user, load=True), at=clock.now())
        with self.session_transaction() as cookie:
            cookie.clear()
            cookie[TOKEN] = token

    def token(self) -> str:
        """Give a CSRF token of this browser's session."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", "0" * 40)
        return str(
            URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token").dumps(
                raw
            )
        )

    def post(self, *arguments: Any, csrf: bool = True, **values: Any) -> TestResponse:
        """Post a form, or JSON with the token in a header; with `csrf=False` without the token."""
        if csrf and "json" in values:
            values["headers"] = {**values.get("headers", {}), "X-CSRFToken": self.token()}
        elif csrf:
            data = values.get("data") or {}
            values["data"] = (
                [*data, ("csrf_token", self.token())]
                if isinstance(data, list)
                else {**data, "csrf_token": self.token()}
            )
            if isinstance(values["data"], list):
                fields: dict[str, Any] = {}
                for name, value in values["data"]:
                    fields.setdefault(name, []).append(value)
                values["data"] = fields
        return super().post(*arguments, **values)

    def open(self, *arguments: Any, **values: Any) -> TestResponse:
        """Send a request; a page that comes back is read strictly."""
        response = super().open(*arguments, **values)
        if response.mimetype == "text/html" and response.get_data():
            check_page(response.get_data(as_text=True), str(arguments))
        return response


def check_page(html: str, where: str) -> None:
    """Demand a whole page: parses as HTML5, one h1, a title, unique ids, labelled fields, no secrets."""
    if "<!doctype html>" not in html[:200].lower():
        return  # the short body of a redirect
    for secret in SECRETS:
        assert secret not in html, (where, secret)
    # Most answers of a walk are the same few refusals, but for a token. Of all checks this one asks for values.
    _check_optional(html, where)
    without_values = VALUE.sub("", html)
    if not CHECKED.has(without_values):
        _check_anew(html, where)
        CHECKED.add(without_values)


def _check_anew(html: str, where: str) -> None:
    for part in parts_of(html):
        skeleton = skeleton_of(part)
        if not PARSED.has(skeleton):
            check_strictly(part, where)
            PARSED.add(skeleton)
    _check_words(html, where)
    tags = [(name, dict(ATTRIBUTE.findall(rest))) for name, rest in TAG.findall(html)]
    ids = [values["id"] for _, values in tags if "id" in values]
    assert len(ids) == len(set(ids)), (where, [one for one in ids if ids.count(one) > 1])
    _check_controls(tags, where)
    _check_drafts(tags, where)


MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
# What must not stand inside of its like: a frame that has one open around its main part is found all the same.
ANY_MAIN = '<main><form></form><a href="x">x</a><button>x</button></main>'
BEFORE_MAIN = "<!doctype html><title>x</title><body>"


def parts_of(html: str) -> list[str]:
    """Take the main part of a page out of its frame: the same frame is around many, and each is parsed once."""
    main = MAIN.search(html)
    if main is None:
        return [html]
    return [html[: main.start()] + ANY_MAIN + html[main.end() :], BEFORE_MAIN + main[0]]


# What the parser's verdict does not hang on: text without a special sign, and such values of attributes.
SKELETON = re.compile(r'="[^"&<>]*"|>[^<>&]+(?=<)')
# A value with a special sign stays: it may be what is wrong.
VALUE = re.compile(r'\svalue="[^"&<>]*"')
TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\"[^\"]*\"|[^\">])*)>")
ATTRIBUTE = re.compile(r'\s([a-z-]+)="([^"]*)"')


def skeleton_of(html: str) -> str:
    """Take the words out of a page: what is left are its tags, the names of attributes, and special signs."""
    return SKELETON.sub(_bare, html)


def _bare(found: re.Match[str]) -> str:
    """Keep of a text only whether it is more than blanks: in a table that makes a difference."""
    first, rest = found[0][0], found[0][1:]
    return first if first == "=" or rest.isspace() else f"{first}x"


def check_strictly(html: str, where: str) -> None:
    """Demand that a page parses as HTML5 without one error."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    parser.parse(html)
    lines = html.splitlines()
    faults = [(code, lines[at[0] - 1]) for at, code, _ in parser.errors]
    assert not faults, (where, faults[:3])


def _check_words(html: str, where: str) -> None:
    headings = re.findall(r"<h1\b[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert len(headings) == 1, (where, "one h1", len(headings))
    found = re.search(r"<title\b[^>]*>(.*?)</title>", html, re.DOTALL)
    assert found, (where, "no title")
    title, heading = _text(found[1]), _text(headings[0])
    assert title.startswith(heading), (where, title, heading)
    assert not re.search(r"\sstyle=|\son[a-z]+=\"", html), (where, "inline style or handler")
    # A lesson has a box of which "None" is the title.
    missing = None if "/learn/" in where else re.search(r">\s*(None|Undefined)\s*<", html)
    assert not missing, (where, "a value that is not there")


def _text(inner: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", inner)).split())


def _check_controls(tags: list[tuple[str, dict[str, str]]], where: str) -> None:
    labels = {values.get("for") for name, values in tags if name == "label"}
    for name, values in tags:
        if name == "script":
            assert values.get("src"), (where, "inline script")
        if name not in {"input", "select", "textarea"}:
            continue
        if values.get("type") in {"hidden", "submit"} or values.get("aria-label"):
            continue
        assert values.get("id") in labels, (where, name, values)


# A quiz saves its answers itself; passwords are never kept; two drafts are put beside each other.
NO_DRAFTS = {"attempt", "current_password", "kept_action", "draft"}


def _check_drafts(tags: list[tuple[str, dict[str, str]]], where: str) -> None:
    """Demand that every long form of who is signed in keeps drafts, whoever added it."""
    if not any(name == "body" and "data-person" in values for name, values in tags):
        return
    forms: list[tuple[dict[str, str], list[tuple[str, dict[str, str]]]]] = []
    for name, values in tags:
        if name == "form":
            forms.append((values, []))
        elif name in {"input", "select", "textarea"} and values.get("name") and forms:
            forms[-1][1].append((name, values))
    for form, controls in forms:
        names = {values.get("name", "") for _, values in controls}
        if form.get("method") != "post" or "data-draft" in form or names & NO_DRAFTS:
            continue
        silent = {"hidden", "checkbox", "file", "submit", "password"}
        typed = {
            values.get("name", "") for _, values in controls if values.get("type") not in silent
        }
        long = any(name == "textarea" for name, _ in controls)
        many = len(typed) > 1
        assert not many, (where, "a form without drafts", sorted(names))
        assert not long, (where, "a form without drafts", sorted(names))


def _check_optional(html: str, where: str) -> None:
    """Demand that no field that its label calls optional is refused when it is left empty."""
    if 'class="field wrong"' not in html or 'class="optional' not in html:
        return
    page = html5lib.parse(html, namespaceHTMLElements=False)
    for field in page.iterfind(".//*[@class='field wrong']"):
        controls = [one for one in field.iter() if one.tag in {"input", "select", "textarea"}]
        # A choice that does not exist was sent; no button shows it.
        if "Not a valid choice" in "".join(field.itertext()):
            continue
        called = any("optional" in part.get("class", "") for part in field.iter("span"))
        assert not called or not all(map(_is_empty, controls)), (where, controls[0].attrib)


def _is_empty(control: Any) -> bool:
    """Tell whether nothing was chosen or typed; what was wrong with a file or a password is not shown again."""
    if control.tag == "textarea":
        return not (control.text or "").strip()
    if control.tag == "select":
        chosen = [one for one in control.iter("option") if "selected" in one.attrib]
        return not any(one.get("value") for one in chosen)
    if control.get("type") in {"radio", "checkbox"}:
        return "checked" not in control.attrib
    return control.get("type") not in {"file", "password"} and not control.get("value")


def draft_ticket(answer: TestResponse) -> str:
    """Return the ticket of the first form with a draft."""
    return str(tree(answer).find(".//input[@name='draft']").get("value"))


def main_text(response: TestResponse) -> str:
    """Return what is written in the main part of a page, blanks squeezed."""
    body = re.sub(r"(?s)^.*<main|</main>.*$", "", response.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def pages_of(browser: Client, address: str) -> list[str]:
    """Follow the links to the next page of a list from one page on, as a reader would; return the main parts."""
    found: list[str] = []
    while address:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        main = main_of(answer)
        found.append(words(main))
        after = main.find(".//a[@rel='next']")
        address = "" if after is None else str(after.get("href"))
        assert len(found) < 100, "the pages go round in a circle"
    return found
