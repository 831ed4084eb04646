"""What is missing and by when, in words."""

from collections.abc import Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct, field

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.foundation.web.forms import ShownProblem, shown
from cissapp.people.deadlines.phrases import distance_text
from cissapp.prepare.applications import rules
from cissapp.prepare.applications.queries.position import SchoolPosition
from cissapp.prepare.applications.queries.readiness import CRITERION_LACKS
from cissapp.prepare.applications.rules import ApplicationFacts, ApplicationState, MissingItem


def duration(minutes: int) -> str:
    """Render how long something takes."""
    if minutes < 120:
        return str(ngettext("about %(num)d minute", "about %(num)d minutes", minutes))
    return str(ngettext("about %(num)d hour", "about %(num)d hours", round(minutes / 60)))


def due(on: date) -> str:
    """Render the day by which something is due."""
    today = clock.today()
    values = {"day": filters.day(on), "far": distance_text((on - today).days)}
    if on < today:
        return str(_("It was due on %(day)s, %(far)s. You can still submit it.", **values))
    return str(_("Submit it by %(day)s, %(far)s.", **values))


def answer_asked_for(on: date) -> str:
    """Render the date by which the group needs the school's answer, for any page."""
    return str(
        _(
            "The national group needs your answer by %(day)s, %(far)s.",
            day=filters.day(on),
            far=distance_text((on - clock.today()).days),
        )
    )


def reason_closed(found: SchoolPosition) -> str | None:
    """Return why nothing can be submitted now, however complete it is; None if submission is possible."""
    if found.last_application.state in {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW}:
        return str(_("Your application is already submitted."))
    if not found.last_application.is_open and not rules.opens_by_itself(found.last_application):
        return str(_("Start the next application first."))
    return None


class RemarkGroup(Struct, frozen=True):
    """Something to do in several places: what, where to start, and the places folded behind it."""

    title: str
    start: ShownProblem
    rest: list[ShownProblem]


class MissingPart(Struct, frozen=True):
    """What a part of the application lacks: single things, and the same thing in several places."""

    title: str
    problems: list[ShownProblem]
    groups: list[RemarkGroup] = field(default_factory=list)


# Titles for the same gap in several criteria.
GROUP_TITLES = {
    CRITERION_LACKS["level"]: N_("Choose a level for each criterion."),
    CRITERION_LACKS["text"]: N_("Explain how the school meets it, or why it does not apply."),
    CRITERION_LACKS["documents"]: N_("Name a document that shows this."),
    CRITERION_LACKS["anew"]: N_(
        "Read your earlier answers, and save again the ones that are still true."
    ),
}


def missing_items(code: str, left: Sequence[MissingItem]) -> list[ShownProblem]:
    """Render what is missing, each item with its link."""
    return [shown(one) for one in rules.problems_of(code, left)]


def missing_parts(facts: ApplicationFacts) -> list[MissingPart]:
    """Group everything that is missing by its part of the application; the same gap is shown once."""
    parts = [
        (_("Training"), "training", facts.training_left),
        (_("Documents"), "documents", facts.documents_left),
        (_("Reporting mechanism"), "mechanism", facts.mechanism_left),
    ]
    found = [MissingPart(title, missing_items(code, left)) for title, code, left in parts if left]
    if facts.criteria_left:
        found.append(_criteria(facts.criteria_left))
    return found


def _criteria(left: Sequence[MissingItem]) -> MissingPart:
    by_gap: dict[str, list[MissingItem]] = {}
    for one in left:
        by_gap.setdefault(one.message, []).append(one)
    single = [items[0] for items in by_gap.values() if len(items) == 1]
    groups = [_group(message, items) for message, items in by_gap.items() if len(items) > 1]
    return MissingPart(_("Self-assessment"), missing_items("criteria", single), groups)


def _group(message: str, items: Sequence[MissingItem]) -> RemarkGroup:
    names = [str(one.values["criterion"]) for one in items]
    hrefs = [url_for(one.link[0], **one.link[1]) for one in items]
    places = [ShownProblem(name, href) for name, href in zip(names, hrefs, strict=True)]
    return remark_group(_(GROUP_TITLES[message]), places)


def remark_group(title: str, places: Sequence[ShownProblem]) -> RemarkGroup:
    """Render a remark on several places, with a link to the first of them."""
    first = places[0]
    start = ShownProblem(_("Start with %(place)s", place=first.text), first.href)
    return RemarkGroup(title, start, [*places] if len(places) > 1 else [])
