"""The page of the toolkit's figures: clauses changed, clauses that fail review, products made."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.web import languages
from cissapp.people.schools.queries import own_group
from cissapp.review.history import phrases
from cissapp.review.history.queries import toolkit_use as queries
from cissapp.review.history.rules.toolkit_use import (
    FEW,
    CriterionResult,
    ToolkitUse,
    most_changed,
    most_failed,
    shown_count,
)
from cissapp.review.history.views.blueprint import bp


class CountTable(Struct, frozen=True):
    """A table of counts; `rest` states how many lines are hidden, `empty` is the text for an empty table."""

    title: str
    explained: str
    head: list[str]
    rows: list[list[str]]
    rest: str
    empty: str


@bp.get("/group/toolkit")
@permit(Permission.TOOLKIT_FIGURES_READ)
def toolkit_use() -> ResponseReturnValue:
    """Show how schools use the toolkit, in counts: those of a coordinator's own group, or all."""
    dated = queries.toolkit_use(actor(), content().toolkit)
    found = dated.figures
    own = own_group(actor())
    return render_template(
        "history/toolkit_use.html",
        group=own.group.name if own else _("All groups"),
        policies=phrases.count_of(found.policies),
        few=FEW,
        as_of=dated.as_of,
        tables=[_clauses(found), _criteria(found), _products(found)],
    )


def _clauses(found: ToolkitUse) -> CountTable:
    toolkit, language = content().toolkit, languages.current()
    every = most_changed(found.clauses, list(toolkit.clause_by_id))
    listed = [one for one in every if _is_shown(one.changed) or _is_shown(one.left_out)]
    rest = ngettext(
        "%(num)d more clause is changed or left out by fewer than %(few)s schools.",
        "%(num)d more clauses are each changed or left out by fewer than %(few)s schools.",
        len(every) - len(listed),
        few=FEW,
    )
    return CountTable(
        _("Clauses that schools change or leave out"),
        _(
            "How many schools use, change or leave out each clause of the policy library in their policy today."
        ),
        [_("Clause"), _("Used as it is"), _("Changed"), _("Left out")],
        [
            [
                toolkit.clause_by_id[one.clause_id].text(language).title,
                *(phrases.count_of(number) for number in (one.taken, one.changed, one.left_out)),
            ]
            for one in listed
        ],
        rest if len(every) > len(listed) else "",
        _("No school has used clauses from the library yet."),
    )


def _criteria(found: ToolkitUse) -> CountTable:
    every = most_failed(found.criteria, list(content().standard.by_id))
    listed = [one for one in every if _is_shown(one.below)]
    rest = ngettext(
        "%(num)d more criterion was found below level 2 by fewer than %(few)s reviews.",
        "%(num)d more criteria were each found below level 2 by fewer than %(few)s reviews.",
        len(every) - len(listed),
        few=FEW,
    )
    return CountTable(
        _("Where clauses fail review"),
        _(
            "Decided reviews of schools that submitted with a clause for the criterion, and how many of them found it below level 2. A round that did not score the criterion again is not counted."
        ),
        [_("Criterion"), _("Reviews"), _("Below level 2"), _("Share")],
        [_result(one) for one in listed],
        rest if len(every) > len(listed) else "",
        _("No review of a policy from the library has been decided yet."),
    )


def _result(one: CriterionResult) -> list[str]:
    title = content().standard.by_id[one.criterion_id].text(languages.current()).title
    counts = [phrases.count_of(one.reviews), phrases.count_of(one.below)]
    return [f"{one.criterion_id} {title}", *counts, _share(one.below, one.reviews)]


def _is_shown(number: int) -> bool:
    return shown_count(number) is not None


def _share(part: int, whole: int) -> str:
    """Render a share; a dash if either number is hidden."""
    if shown_count(part) is None or shown_count(whole) is None:
        return phrases.NO_FIGURE
    return str(format_percent(part / whole))


def _products(found: ToolkitUse) -> CountTable:
    toolkit, language = content().toolkit, languages.current()
    return CountTable(
        _("Products made most often"),
        _("How many schools made each product at least once."),
        [_("Product"), _("Schools")],
        _rows(
            [
                (toolkit.product_by_id[one.product_id].text(language).title, one.schools)
                for one in found.products
            ]
        ),
        "",
        _("No school has made a product yet."),
    )


def _rows(found: Sequence[tuple[str, int]]) -> list[list[str]]:
    return [[name, phrases.count_of(number)] for name, number in found]
