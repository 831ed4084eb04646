"""The front page of the toolkit: the next step, the policy, the products of the lessons, and other tools."""

from collections.abc import Collection, Sequence
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.queries import GatheredFacts, gather
from cissapp.prepare.facts.queries.changes import old_values, papers_of
from cissapp.prepare.facts.rules import PaperKind, is_printed
from cissapp.prepare.policy import queries as policy_queries
from cissapp.prepare.toolkit import queries
from cissapp.prepare.toolkit.phrases import front_page
from cissapp.prepare.toolkit.phrases.front_page import ProductStanding
from cissapp.prepare.toolkit.phrases.products import ShownState, shown_state
from cissapp.prepare.toolkit.rules.first_thing import ToolkitFacts, first_thing
from cissapp.prepare.toolkit.rules.making import ProductState, state_of
from cissapp.prepare.toolkit.views.blueprint import bp


@bp.get("/school/toolkit")
@permit(Permission.DOSSIER_READ, of=own_school)
def toolkit(school: School) -> ResponseReturnValue:
    """Show what can be made here, the state of each item, and what comes first."""
    gathered, papers = gather(school), papers_of(school.id)
    old = old_values(school, clock.today())
    old_ids = {place.paper.id for place in old.papers}
    standings = _standings(school, papers, old_ids)
    coming = front_page.next_product(standings)
    states = _states(gathered, papers, old_ids)
    if old.count:
        states["facts.changes"] = ShownState("warn", str(_("Old details in documents")))
    has_own = queries.has_own_policy(school.id)
    if not _has_made(papers, PaperKind.POLICY):
        states["policy.studio"] = _state_without_paper(school, has_own=has_own)
    facts = _facts(gathered, papers, standings, has_old=old.count > 0, has_own=has_own)
    thing, language = first_thing(facts), languages.current()
    return render_template(
        "toolkit/toolkit.html",
        next=front_page.next_thing(thing, coming, language),
        policy=front_page.tools([front_page.POLICY], states),
        modules=front_page.modules_with_products(content().modules, standings, language),
        shown=front_page.tools(front_page.SHOWN, states),
        kept=front_page.tools(front_page.KEPT, states),
    )


def _standings(
    school: School, papers: Sequence[MadePaper], old_ids: Collection[UUID]
) -> list[ProductStanding]:
    """Return the state of each product's newest paper; old if the paper in any language is."""
    answers = queries.product_answers(school.id)
    found = []
    for product in content().toolkit.products:
        own = [one for one in papers if (one.kind, one.name) == (PaperKind.PRODUCT, product.id)]
        made_at = own[0].made_at if own else None
        saved = answers.get(product.id)
        answered_at = saved.saved_at if saved else None
        state = state_of(
            made_at, is_old=any(one.id in old_ids for one in own), answered_at=answered_at
        )
        found.append(ProductStanding(product, state, made_at))
    return found


def _facts(
    gathered: GatheredFacts,
    papers: Sequence[MadePaper],
    standings: Sequence[ProductStanding],
    *,
    has_old: bool,
    has_own: bool,
) -> ToolkitFacts:
    return ToolkitFacts(
        has_ways=bool(gathered.persons and gathered.channels),
        has_old=has_old,
        has_unconfirmed=_has_unconfirmed(gathered),
        has_policy=has_own or _has_made(papers, PaperKind.POLICY),
        has_all_products=all(one.state is not ProductState.NOT_MADE for one in standings),
        has_posters=_has_made(papers, PaperKind.POSTER),
    )


def _has_made(papers: Sequence[MadePaper], kind: PaperKind) -> bool:
    return any(one.kind is kind for one in papers)


def _state_without_paper(school: School, *, has_own: bool) -> ShownState:
    """Return the state of the policy for a school that has not made one in the studio."""
    if has_own:
        return ShownState("info", str(_("You uploaded your own")))
    if policy_queries.answers(school.id):
        return ShownState("info", str(_("Begun")))
    return ShownState("none", str(_("Not made yet")))


def _has_unconfirmed(gathered: GatheredFacts) -> bool:
    """Check whether a contact that the school itself confirms is out of date."""
    return any(
        not fact.is_helpline and not is_printed(fact, clock.today())
        for fact in gathered.facts.values()
    )


def _states(
    gathered: GatheredFacts, papers: Sequence[MadePaper], old_ids: Collection[UUID]
) -> dict[str, ShownState | None]:
    """Return the states of the other tools, by endpoint, without those that have none."""
    kinds = {"policy.studio": PaperKind.POLICY, "posters.posters": PaperKind.POSTER}
    states: dict[str, ShownState | None] = {}
    for endpoint, kind in kinds.items():
        newest = next((one for one in papers if one.kind is kind), None)
        made_at = newest.made_at if newest else None
        state = state_of(
            made_at, is_old=newest is not None and newest.id in old_ids, answered_at=None
        )
        states[endpoint] = shown_state(state, made_at)
    if gathered.page:
        states["reporting_page.settings"] = ShownState("ok", str(_("On")))
    if _has_unconfirmed(gathered):
        states["facts.numbers"] = ShownState("warn", str(_("Please confirm")))
    return states
