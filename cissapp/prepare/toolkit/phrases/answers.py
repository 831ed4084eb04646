"""A school's answers for a product, as they are printed in a language."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from babel.dates import format_date
from babel.lists import format_list
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.content.languages import locale_of
from cissapp.foundation.content.schema.toolkit import FieldKind, ProductFieldWords, ToolkitField
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.office.filling import Value, plain
from cissapp.prepare.toolkit.rules.answers import YES, Answer, fitting


def values_of_answers(
    product: Product, answers: Mapping[str, object], language: str
) -> dict[str, Value]:
    """Return the values of a product's own fields, without fields that have no answer."""
    words = product.text(language).fields
    fields = {one.id: one for one in product.key.fields}
    said = fitting(product.key.fields, answers)
    return {
        name: Value(plain(_written(fields[name], words.get(name), answer, language)))
        for name, answer in said.items()
    }


def _written(
    field: ToolkitField, words: ProductFieldWords | None, answer: Answer, language: str
) -> str:
    """Return an answer as it is written in a sentence."""
    options = words.options if words else {}
    if isinstance(answer, list):
        chosen = [options.get(one, one) for one in answer]
        return str(format_list(chosen, locale=locale_of(language)))
    if field.kind is FieldKind.YES_NO:
        return options.get(answer) or _yes_or_no(answer, language)
    if field.kind is FieldKind.DATE:
        with suppress(ValueError):
            return format_date(date.fromisoformat(answer), format="d MMMM y", locale=language)
    return options.get(answer, answer)


def _yes_or_no(answer: str, language: str) -> str:
    with force_locale(language):
        return str(_("yes") if answer == YES else _("no"))
