"""Links to the pages where missing questions and values are entered."""

from collections.abc import Iterable

from flask import current_app, url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.web import languages
from cissapp.prepare.policy.forms import START
from cissapp.prepare.policy.phrases import NUMBERS, REPORTING, STALE, VALUE_PLACES, Link
from cissapp.prepare.policy.queries import PolicyState


class MissingThing(Struct, frozen=True):
    """Something not entered yet, in words, and the address where it is entered."""

    text: str
    href: str


def missing_things(state: PolicyState, names: Iterable[str]) -> list[MissingThing]:
    """Return the name of each question or value, with the address where it is entered."""
    return [missing_thing(state, one) for one in names]


def missing_thing(state: PolicyState, name: str) -> MissingThing:
    """Return the name of a question or value, with the address where it is entered."""
    text = name_of(state.library, name)
    if name in state.stale:
        return MissingThing(_(STALE, what=text), address_of(NUMBERS))
    question = next((one for one in state.library.questions if one.id == name), None)
    if question:
        address = url_for(
            "policy.section", section_id=question.key.section, _anchor=f"{START}{name}"
        )
        return MissingThing(text, address)
    place = VALUE_PLACES.get(name)
    return MissingThing(text, address_of(place.link if place else REPORTING))


def name_of(library: Toolkit, name: str) -> str:
    """Return the name of a question or value in the language of the page."""
    question = next((one for one in library.questions if one.id == name), None)
    if question:
        return question.text(languages.current()).text
    place = VALUE_PLACES.get(name)
    return str(_(place.words)) if place else name


def address_of(link: Link) -> str:
    """Return the address of a page, or of the reporting mechanism if the page does not exist."""
    endpoint, values = link
    if endpoint not in current_app.view_functions:
        endpoint, values = REPORTING
    return url_for(endpoint, **values)
