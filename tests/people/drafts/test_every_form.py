"""Every form keeps drafts, or says why not; a form that is added keeps them without a word.

That the pages do it is looked at with every page that any test opens (`tests/client.py`).
"""

from collections.abc import Iterator

import wtforms
from wtforms.fields.core import UnboundField

from cissapp import factory
from cissapp.foundation.web.drafts.exclusions import EXCLUDED, NEVER, reason_of
from cissapp.foundation.web.forms import Form

# Whoever adds a form here takes drafts away from it: look whether it must be.
KNOWN = {
    "BulkForm",
    "JoinForm",
    "PanelForm",
    "PlaceForm",
    "QueueFilterForm",
    "PupilForm",
    "RegisterSearchForm",
    "SchoolSearchForm",
}


def kinds(parent: type[Form] = Form) -> Iterator[type[Form]]:
    assert factory.ROOMS  # every form is there once the application is
    for one in parent.__subclasses__():
        if one.__module__.startswith("cissapp."):
            yield one
        yield from kinds(one)


def fields(form: type[Form]) -> list[tuple[str, type[wtforms.Field]]]:
    found = [(name, getattr(form, name, None)) for name in dir(form)]
    return [(name, one.field_class) for name, one in found if isinstance(one, UnboundField)]


def is_long(form: type[Form]) -> bool:
    shown = [kind for _name, kind in fields(form) if not issubclass(kind, NEVER)]
    return (
        any(issubclass(kind, wtforms.TextAreaField) for kind in shown)
        or sum(not issubclass(kind, wtforms.BooleanField) for kind in shown) > 1
    )


def test_an_exclusion_names_a_form_that_is_there_and_gives_a_reason():
    names = {form.__name__ for form in kinds()}

    assert sorted(set(EXCLUDED) - names) == []
    assert [name for name, reason in EXCLUDED.items() if len(reason) < 15] == []


def test_what_is_excluded_is_known():
    excluded = {form.__name__ for form in kinds() if is_long(form) and reason_of(form)}

    assert excluded == KNOWN
