"""What the inputs of a form hold, as a browser would send them, and how people read it."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field, fields

from cissapp.foundation.form_drafts.rules import Digests, Values, digest
from cissapp.foundation.web.drafts.exclusions import SUGGESTED, is_kept
from cissapp.foundation.web.forms import Form, ShownValue

CHOICES = (fields.SelectField, fields.SelectMultipleField)


def kept_fields(form: Form) -> Iterator[Field]:
    """List the fields that a draft holds."""
    return (one for one in form if is_kept(one))


def is_compound(field: Field) -> bool:
    """Return whether a field is several inputs, named after it: "pages-1", "pages-2"."""
    return not isinstance(field, (*CHOICES, fields.BooleanField)) and not hasattr(field, "_value")


def values_of(field: Field) -> Values:
    """Return what a field would send if nobody touched it, by the names of its inputs."""
    if is_compound(field):
        data = field.data if isinstance(field.data, dict) else {}
        return {f"{field.name}-{key}": [str(value)] for key, value in data.items()}
    if isinstance(field, fields.BooleanField):
        return {field.name: ["y"] if field.data else []}
    if isinstance(field, fields.SelectMultipleField):
        return {field.name: [str(one) for one in field.data or []]}
    if isinstance(field, fields.SelectField):
        return {field.name: [] if field.data is None else [str(field.data)]}
    return {field.name: [str(field._value())]}  # type: ignore[attr-defined] # noqa: SLF001 -- as its widget does


def values_of_form(form: Form) -> Values:
    """Return what the fields of a form would send, by the names of their inputs."""
    return {
        name: values for field in kept_fields(form) for name, values in values_of(field).items()
    }


def saved_values(form: Form) -> Values:
    """Return what the fields of a form that was sent would hold if nothing had been sent."""
    values: Values = {}
    for field in kept_fields(form):
        sent = dict(vars(field))
        # As long as it is there, dates and numbers are written as they were sent.
        field.raw_data = None
        field.process(None, field.object_data)
        values |= values_of(field)
        vars(field).update(sent)
    return values


def digests_of(form: Form) -> Digests:
    """Return digests of what the form's fields hold now, those of empty ones too."""
    return {
        name: "" if name in SUGGESTED else digest(values)
        for name, values in values_of_form(form).items()
    }


def pour(form: Form, values: Values) -> None:
    """Put a draft's values into the form, unchanged, as if they had just been typed."""
    typed = MultiDict([(name, one) for name, several in values.items() for one in several])
    for field in kept_fields(form):
        start = f"{field.name}-"
        mine = [name for name in values if name == field.name or name.startswith(start)]
        if is_compound(field) and mine:
            before = values_of(field)
            field.process(MultiDict({**before, **{one: values[one] for one in mine}}))
        elif field.name in values:
            field.filters = ()
            field.process(typed, field.data)


def is_offered(form: Form, name: str, values: list[str]) -> bool:
    """Return whether a field takes these values: a choice may be gone."""
    field = form._fields.get(name)
    if not isinstance(field, CHOICES):
        return True
    return set(filter(None, values)) <= {str(key) for key, _label in _choices(field)}


def label_of(form: Form, name: str) -> str | None:
    """Return the label of the field that an input belongs to; None, if the form has none."""
    field = _field_of(form, name)
    return str(field.label.text) if field is not None else None


def words_of(form: Form, name: str, values: list[str]) -> str:
    """Write what an input holds as people read it: choices by their labels."""
    field = _field_of(form, name)
    if isinstance(field, fields.BooleanField):
        return str(_("Yes") if values else _("No"))
    if isinstance(field, CHOICES):
        labels = {str(key): str(label) for key, label in _choices(field)}
        gone = str(_("A choice that is no longer here"))
        values = [labels.get(one, gone if one else "") for one in values]
    return "\n".join(values)


def shown_value(form: Form, name: str, values: list[str], other: list[str]) -> ShownValue:
    """Write what an input holds beside what it conflicts with."""
    return ShownValue(
        name,
        label_of(form, name) or _("A field that is no longer here"),
        words_of(form, name, values),
        words_of(form, name, other),
    )


def _field_of(form: Form, name: str) -> Field | None:
    fields_of: dict[str, Field] = form._fields
    return fields_of.get(name) or fields_of.get(name.rpartition("-")[0])


def _choices(field: Any) -> list[tuple[Any, Any]]:
    found = field.choices or []
    if isinstance(found, dict):
        return [pair for pairs in found.values() for pair in pairs]
    return [(one[0], one[1]) if isinstance(one, tuple | list) else (one, one) for one in found]
