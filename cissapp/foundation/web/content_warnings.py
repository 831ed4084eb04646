"""Checks submitted text before it is kept: asks the watcher, and remembers what the sender confirmed.

This module does not know the kinds of signs: the room that does registers its watcher with the application.
"""

from collections.abc import Callable

from flask import current_app, g, has_request_context, request
from flask_babel import gettext
from msgspec import Struct

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.core.db import release_transaction
from cissapp.foundation.web import languages
from cissapp.foundation.web.help_lines import ShownHelpline, country_of, services_in

WATCHER = "ciss-watcher"
CONFIRMED_FIELD = "looked"
SEEN_LETTERS = "ciss.letters-looked-at"
# The longest form's texts need a third of this; checking this many takes half a second at most.
MOST_LETTERS = 60_000
Counts = dict[str, int]


class TextsTooLong(Exception):
    """The texts of one request are longer than what is checked for it."""


class TextWatcher(Struct, frozen=True):
    """Counts the signs in a text by kind; `sentences` names each kind in plain words."""

    count: Callable[[str], Counts]
    sentences: dict[str, str]


class ContentWarning(Struct, frozen=True):
    """What was found, as a page shows it; never the words themselves.

    `mark` is the value of the checkbox. It stands for exactly these signs: others must be confirmed too.
    """

    mark: str
    sentences: list[str]
    helplines: list[ShownHelpline]


def letters_left() -> int:
    """Return how many characters may still be checked for this request."""
    return MOST_LETTERS - int(request.environ.get(SEEN_LETTERS, 0))


def check_text(text: str) -> ContentWarning | None:
    """Check a text; return None if it has no signs, or the sender confirmed exactly these.

    The transaction, which has changed nothing yet, is released so that the check does not block writers.
    Raise `TextsTooLong` if the texts of this request are longer than any form allows.
    """
    if not text.strip():
        return None
    if len(text) > letters_left():
        raise TextsTooLong
    request.environ[SEEN_LETTERS] = MOST_LETTERS - letters_left() + len(text)
    release_transaction()
    counts = watcher().count(text)
    return None if is_confirmed(counts) else warning_of(counts)


def watcher() -> TextWatcher:
    """Return the watcher of this application."""
    found: TextWatcher = current_app.extensions[WATCHER]
    return found


def warning_of(counts: Counts) -> ContentWarning:
    """Build the warning of what was seen, in the language of the page."""
    sentences = [gettext(watcher().sentences[kind]) for kind in counts]
    helplines = services_in(country_of(signed_in()), languages.current())
    return ContentWarning(mark_of(counts), sentences, helplines)


def mark_of(counts: Counts) -> str:
    """Format the counts as the value of the checkbox, such as "child_named.2-disclosure.1"."""
    return "-".join(f"{kind}.{count}" for kind, count in sorted(counts.items()))


def is_confirmed(counts: Counts) -> bool:
    """Return whether there are no signs, or the sender confirmed exactly these; remember it."""
    if not counts:
        return True
    if not has_request_context() or mark_of(counts) not in request.form.getlist(CONFIRMED_FIELD):
        return False
    confirmed = g.setdefault("confirmed", {})
    for kind, count in counts.items():
        confirmed[kind] = confirmed.get(kind, 0) + count
    return True


def confirmed_marks() -> list[str]:
    """List the marks that were sent and are well-formed, so that a form of two steps carries them along."""
    sent = request.form.getlist(CONFIRMED_FIELD) if has_request_context() else []
    known = set(watcher().sentences)
    return [
        mark
        for mark in sent[:10]
        if len(mark) < 200 and all(one.partition(".")[0] in known for one in mark.split("-"))
    ]


def has_confirmation() -> bool:
    """Return whether something was confirmed in this request."""
    return bool(g.get("confirmed")) if has_request_context() else False


def take_confirmation() -> Counts:
    """Return what was confirmed in this request, once."""
    confirmed: Counts = g.pop("confirmed", {}) if has_request_context() else {}
    return confirmed
