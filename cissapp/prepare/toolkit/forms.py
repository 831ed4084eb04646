"""The form of a product: its own fields, and the language of the file."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from cissapp.foundation.content.schema.toolkit import FieldKind, ProductFieldWords, ToolkitField
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.fields import Ticks
from cissapp.prepare.toolkit.rules.answers import CHOSEN, NO, YES, options_of

# The prefix of fields from the content, so that they cannot clash with ours.
OWN = "answer_"


class WholeNumberField(IntegerField):
    """A whole number; anything else is left to the range check, whose message says what to enter."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; None if it is not a whole number."""
        with suppress(ValueError):
            super().process_formdata(valuelist)


class ProductForm(SharedForm):
    """The language of the file; the fields of a product are added from its content."""

    language = SelectField(_l("Language of the file"), validate_choice=True)
    fields_of_product: ClassVar[Sequence[ToolkitField]] = ()

    @property
    def own(self) -> list[Field]:
        """The fields of the product, in their order."""
        return [self._fields[f"{OWN}{one.id}"] for one in self.fields_of_product]

    def given(self) -> dict[str, Any]:
        """Return the answers by field, as they are stored."""
        said = {one.id: self._fields[f"{OWN}{one.id}"].data for one in self.fields_of_product}
        return {name: _kept(value) for name, value in said.items()}

    def ask_for(self, names: Sequence[str]) -> None:
        """Show an error beside each of these fields: the product cannot be made without it."""
        for name in names:
            field = self._fields[f"{OWN}{name}"]
            field.errors = [
                *field.errors,
                _("Answer this first. The file cannot be made without it."),
            ]


def _kept(value: Any) -> Any:
    if value is None or isinstance(value, list):
        return value or ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def product_form(
    product: Product,
    page_language: str,
    offered: Sequence[tuple[str, str]],
    chosen: str,
    answers: Mapping[str, Any],
) -> ProductForm:
    """Build the form of a product with what was answered before; labels are in the language of the page."""
    words = product.text(page_language).fields
    own = {f"{OWN}{one.id}": _field(one, words[one.id]) for one in product.key.fields}
    kind = type("ProductForm", (ProductForm,), {**own, "fields_of_product": product.key.fields})
    said = {f"{OWN}{one.id}": _said(one, answers.get(one.id)) for one in product.key.fields}
    form: ProductForm = kind(data={**said, "language": chosen})
    form.language.choices = list(offered)
    form.language.flags.required = True
    for one in product.key.fields:
        field = form[f"{OWN}{one.id}"]
        field.flags.required = one.needed
        if one.kind in CHOSEN:
            field.choices = _choices(one, words[one.id])
    return form


def _field(field: ToolkitField, words: ProductFieldWords) -> Any:
    label, hint = words.label, words.hint or ""
    if field.kind is FieldKind.CHOICES:
        return Ticks(label, description=hint)
    if field.kind in CHOSEN:
        return RadioField(label, [Optional()], description=hint)
    if field.kind is FieldKind.NUMBER:
        message = _(
            "Enter a whole number from %(least)s to %(most)s.", least=field.least, most=field.most
        )
        limits = NumberRange(field.least, field.most, message)
        return WholeNumberField(label, [Optional(), limits], description=hint)
    if field.kind is FieldKind.DATE:
        return DateField(label, [Optional()], description=hint)
    too_long = _("Use at most %(most)s characters.", most=field.most)
    return StringField(label, [Length(max=field.most, message=too_long)], description=hint)


def _choices(field: ToolkitField, words: ProductFieldWords) -> list[tuple[str, str]]:
    own = {YES: _("Yes"), NO: _("No")} if field.kind is FieldKind.YES_NO else {}
    return [(one, words.options.get(one) or own.get(one, one)) for one in options_of(field)]


def _said(field: ToolkitField, answer: Any) -> Any:
    """Return a stored answer as data for its field."""
    if answer in (None, ""):
        return [] if field.kind is FieldKind.CHOICES else None
    if field.kind is FieldKind.NUMBER:
        return int(answer) if str(answer).isdecimal() else None
    return _day(str(answer)) if field.kind is FieldKind.DATE else answer


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
