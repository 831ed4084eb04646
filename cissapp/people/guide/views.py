"""Pages of the guides: the list with a search, one guide, and all of them to print."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cissapp.foundation.access.guard import public, signed_in
from cissapp.foundation.core.errors import Missing
from cissapp.people.guide.phrases import HEADINGS, guides_for
from cissapp.people.guide.rules import Audience, Guide, found, in_context
from cissapp.people.schools.queries import group_of_school
from cissapp.people.schools.rules import GroupContact

bp = Blueprint("guide", __name__, template_folder="templates")

LONGEST_SEARCH = 100


def _group() -> GroupContact | None:
    """Return the national group that the current visitor can ask: the one of their school."""
    person = signed_in()
    return group_of_school(person.school_id) if person and person.school_id else None


def _guides() -> dict[Audience, tuple[Guide, ...]]:
    """Return the guides for the current visitor."""
    person = signed_in()
    return guides_for(person.role if person else None)


@bp.get("/guide")
@public
def overview() -> ResponseReturnValue:
    """List the guides, those about the previous page first, or those that match a search."""
    guides = _guides()
    every = [guide for of_audience in guides.values() for guide in of_audience]
    wanted = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    return render_template(
        "guide/overview.html",
        guides=guides,
        headings=HEADINGS,
        here_first=in_context(every, request.args.get("on", "")),
        wanted=wanted,
        found=found(every, wanted, gettext) if wanted else [],
        group=_group(),
    )


@bp.get("/guide/print")
@public
def printed() -> ResponseReturnValue:
    """Show all guides of a person on one page, for paper."""
    return render_template(
        "guide/printed.html", guides=_guides(), headings=HEADINGS, group=_group()
    )


@bp.get("/guide/<guide_id>")
@public
def show(guide_id: str) -> ResponseReturnValue:
    """Show a guide, with those before and after it."""
    for audience, guides in _guides().items():
        ids = [guide.id for guide in guides]
        if guide_id in ids:
            at = ids.index(guide_id)
            return render_template(
                "guide/show.html",
                guide=guides[at],
                heading=HEADINGS[audience],
                earlier=guides[at - 1] if at else None,
                later=guides[at + 1] if at + 1 < len(guides) else None,
            )
    raise Missing
