"""The front page of the toolkit: what can be made, the state of each item, and what comes first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.content.values import Module
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.prepare.toolkit.phrases.products import ShownState, minutes_of, shown_state
from cissapp.prepare.toolkit.rules.first_thing import FirstThing
from cissapp.prepare.toolkit.rules.making import ProductState


class ProductRow(Struct, frozen=True):
    """A product in the list of its module."""

    title: str
    href: str
    minutes: str
    use: str
    language: str
    state: ShownState


class ModuleProducts(Struct, frozen=True):
    """The products of a module; the list that contains the next one is open."""

    number: int
    title: str
    made: str
    rows: list[ProductRow]
    is_open: bool


class ProductStanding(Struct, frozen=True):
    """The state of a product of the school, and when it was last made."""

    product: Product
    state: ProductState
    made_at: datetime | None


class Tool(Struct, frozen=True):
    """Another tool of the toolkit: its page, its purpose, its state."""

    label: str
    href: str
    detail: str
    state: ShownState | None = None


class NextThing(Struct, frozen=True):
    """The single next step on the page."""

    title: str
    detail: str
    href: str
    label: str


def next_product(standings: Iterable[ProductStanding]) -> ProductStanding | None:
    """Find the first product that is not made."""
    return next((one for one in standings if one.state is ProductState.NOT_MADE), None)


def modules_with_products(
    modules: Sequence[Module], standings: Sequence[ProductStanding], language: str
) -> list[ModuleProducts]:
    """List the products by module."""
    coming = next_product(standings)
    found = []
    for module in modules:
        own = [one for one in standings if one.product.key.module == module.id]
        made = sum(one.made_at is not None for one in own)
        found.append(
            ModuleProducts(
                number=module.number,
                title=module.text(language).title,
                made=str(ngettext("%(num)d made", "%(num)d made", made)) if made else "",
                rows=[_row(one, language) for one in own],
                is_open=coming in own if coming else module.number == 1,
            )
        )
    return [one for one in found if one.rows]


def _row(standing: ProductStanding, language: str) -> ProductRow:
    product = standing.product
    words = product.text(language)
    return ProductRow(
        title=words.title,
        href=url_for("toolkit.product", product_id=product.id),
        minutes=minutes_of(product),
        use=words.use,
        language=product.language(language),
        state=shown_state(standing.state, standing.made_at),
    )


# --- the other tools -----------------------------------------------------------------------------

POLICY = (
    "policy.studio",
    N_("Policy studio"),
    N_("Answer plain questions to make a safety policy, for adults and for pupils."),
)
SHOWN = (
    (
        "posters.posters",
        N_("Posters and cards"),
        N_("Your own ways to report, to print and put up."),
    ),
    (
        "reporting_page.settings",
        N_("Public page on how to report"),
        N_("One page for pupils, parents and staff, which you can also print."),
    ),
)
KEPT = (
    (
        "facts.numbers",
        N_("Numbers to confirm"),
        N_("A number is printed for six months after someone confirms it."),
    ),
    (
        "facts.changes",
        N_("Where old details are still shown"),
        N_("Every document and page that still shows old details, with the new file."),
    ),
    (
        "awareness.rounds",
        N_("Do pupils know who to tell?"),
        N_("Four taps in class, without names. Totals are shown once there are ten answers."),
    ),
    (
        "plan.plan",
        N_("Year plan"),
        N_("Who does what by when, to print or add to your calendar."),
    ),
    (
        "history.levels",
        N_("Levels of the five modules"),
        N_("How you are doing in the five modules, and which other standards your work supports."),
    ),
)


def tools(
    entries: Iterable[tuple[str, str, str]], states: Mapping[str, ShownState | None]
) -> list[Tool]:
    """List tools with their pages; `states` are by endpoint."""
    return [
        Tool(str(_(label)), url_for(endpoint), str(_(detail)), states.get(endpoint))
        for endpoint, label, detail in entries
    ]


# --- what comes first ----------------------------------------------------------------------------


def next_thing(thing: FirstThing, coming: ProductStanding | None, language: str) -> NextThing:
    """Return the next step for the page."""
    if thing is FirstThing.PRODUCT and coming:
        return _to_make(coming, language)
    title, detail, endpoint, label = _NEXT.get(thing, _NEXT[FirstThing.PLAN])
    return NextThing(str(_(title)), str(_(detail)), url_for(endpoint), str(_(label)))


def _to_make(coming: ProductStanding, language: str) -> NextThing:
    words = coming.product.text(language)
    return NextThing(
        words.title,
        f"{minutes_of(coming.product)}{BETWEEN_FACTS}{words.use}",
        url_for("toolkit.product", product_id=coming.product.id),
        str(_("Make it now")),
    )


_NEXT = {
    FirstThing.WAYS: (
        N_("Add who takes reports and how to report"),
        N_("Every document here is made from this. You only enter it once."),
        "mechanism.reporting",
        N_("Enter the ways to report"),
    ),
    FirstThing.RENEW: (
        N_("Something changed: some documents are out of date"),
        N_("The list shows which ones, and the new file is ready."),
        "facts.changes",
        N_("See what changed"),
    ),
    FirstThing.CONFIRM: (
        N_("Confirm your numbers"),
        N_("A number that nobody has confirmed for six months is not printed anywhere."),
        "facts.numbers",
        N_("Confirm the numbers"),
    ),
    FirstThing.POLICY: (
        N_("Write your safety policy"),
        N_(
            "You answer plain questions. The studio writes the sentences and shows what they cover."
        ),
        "policy.studio",
        N_("Open the policy studio"),
    ),
    FirstThing.POSTERS: (
        N_("Print the poster on how to report"),
        N_("Pupils can only use a way to report if they know about it."),
        "posters.posters",
        N_("See the posters"),
    ),
    FirstThing.PLAN: (
        N_("Plan the year"),
        N_("Put what you have made to use: who does what by when."),
        "plan.plan",
        N_("Open the year plan"),
    ),
}
