"""The state of a product in words: in the toolkit, on its own page, and in its lesson."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.web.filters import day
from cissapp.prepare.toolkit.rules.making import ProductState


class ShownState(Struct, frozen=True):
    """The state of a product as a tag: its kind and its text."""

    kind: str
    text: str


def shown_state(state: ProductState, made_at: datetime | None) -> ShownState:
    """Return the state of a product as a tag."""
    if state is ProductState.NOT_MADE or made_at is None:
        return ShownState("none", str(_("Not made yet")))
    if state is ProductState.OLD:
        return ShownState(
            "warn", str(_("Made on %(day)s, but something has changed since", day=day(made_at)))
        )
    return ShownState("ok", str(_("Made on %(day)s", day=day(made_at))))


def minutes_of(product: Product) -> str:
    """Return how long a product takes, in words."""
    return str(ngettext("%(num)d minute", "%(num)d minutes", product.key.minutes))


class LessonProduct(Struct, frozen=True):
    """A product as its lesson shows it: a link to make it, and the date on which it was made."""

    title: str
    language: str
    href: str
    label: str
    made: str | None


def lesson_product(product: Product, made_at: datetime | None, language: str) -> LessonProduct:
    """Render the product of a lesson."""
    label = (
        _("View it, or make it again")
        if made_at
        else ngettext(
            "Make it now, %(num)d minute", "Make it now, %(num)d minutes", product.key.minutes
        )
    )
    return LessonProduct(
        title=product.text(language).title,
        language=product.language(language),
        href=url_for("toolkit.product", product_id=product.id),
        label=str(label),
        made=str(_("Made on %(day)s", day=day(made_at))) if made_at else None,
    )
