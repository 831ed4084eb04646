"""What was typed into a form that could not be handled, as its own form named it."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from flask import current_app, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from wtforms.fields import BooleanField, HiddenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.fields.core import UnboundField

from cissapp.foundation.web.forms import Form

# What a form that no class declares sends for a choice: an id, a number, a name in the code.
CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}.*|[a-z0-9_]{1,40}|[A-Z][0-9]{1,2}")
UNSEEN = {"then", "seen", "looked", "draft", "next"}


class TypedEntry(Struct, frozen=True):
    """A value with the label of its field; None, where no form says what it is called."""

    label: str | None
    value: str


def shown_entries(action: str, entries: Sequence[tuple[str, str]]) -> list[TypedEntry]:
    """List what people typed or chose themselves, each under its label in the language of the page.

    Names in the code mean nothing to people: without a label a value is shown by itself.
    """
    labels, hidden = _fields_of(_module_of(action))
    return [
        TypedEntry(str(labels[name]) if name in labels else None, value)
        for name, value in entries
        if value.strip() and name not in hidden | UNSEEN
    ]


def written_entries(action: str, entries: Sequence[tuple[str, str]]) -> list[TypedEntry]:
    """List only what people wrote themselves, to be copied: a choice is sent as a code that they never read."""
    chosen = _choices_of(_module_of(action))
    labels, _hidden = _fields_of(_module_of(action))
    written = [
        (name, value)
        for name, value in entries
        if name not in chosen and (name in labels or not CODE.fullmatch(value.strip()))
    ]
    return shown_entries(action, written)


def chosen_files() -> list[str]:
    """List the names of the files that were sent with this request."""
    return [one.filename for _field, one in request.files.items(multi=True) if one.filename]


def _module_of(action: str) -> str | None:
    """Name the module of the view that takes a form sent to an address of ours."""
    adapter = current_app.create_url_adapter(request)
    with suppress(HTTPException, RequestRedirect):
        if adapter is not None:
            endpoint, _values = adapter.match(action, method="POST")
            return current_app.view_functions[endpoint].__module__
    return None


@cache
def _fields_of(module: str | None) -> tuple[dict[str, object], set[str]]:
    """Return the labels of the forms that a module of views uses, and the names that no page shows.

    A name with two labels has none: which of its forms was sent is not known here.
    """
    found: dict[str, list[object]] = defaultdict(list)
    hidden: set[str] = set()
    for name, field in _declared(module):
        if issubclass(field.field_class, HiddenField):
            hidden.add(name)
            continue
        label = field.kwargs.get("label", next(iter(field.args), None))
        if label and label not in found[name]:
            found[name].append(label)
    return {name: labels[0] for name, labels in found.items() if len(labels) == 1}, hidden


@cache
def _choices_of(module: str | None) -> set[str]:
    """Return the names of fields in which people choose and do not write, in the forms of a module of views."""
    return {
        name
        for name, field in _declared(module)
        if issubclass(field.field_class, (SelectFieldBase, BooleanField))
    }


def _declared(module: str | None) -> Iterator[tuple[str, "UnboundField[Any]"]]:
    used = vars(sys.modules[module]).values() if module else ()
    for form in used:
        if isinstance(form, type) and issubclass(form, Form):
            for name in dir(form):
                field = getattr(form, name)
                if isinstance(field, UnboundField):
                    yield name, field
