"""What is missing and by when, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.core import clock
from cissapp.foundation.web import filters
from cissapp.foundation.web.forms import ShownProblem, shown
from cissapp.prepare.applications import rules
from cissapp.prepare.applications.queries.position import SchoolPosition
from cissapp.prepare.applications.rules import ApplicationFacts, ApplicationState, MissingItem

SHORT = 5


def duration(minutes: int) -> str:
    """Render how long something takes."""
    if minutes < 120:
        return str(ngettext("about %(num)d minute", "about %(num)d minutes", minutes))
    return str(ngettext("about %(num)d hour", "about %(num)d hours", round(minutes / 60)))


def due(on: date) -> str:
    """Render the day by which something is due."""
    values = {"day": filters.day(on), "far": filters.in_days(on)}
    if on < clock.today():
        return str(_("It was due on %(day)s, %(far)s. You can still submit it.", **values))
    return str(_("Submit it by %(day)s, %(far)s.", **values))


def answer_asked_for(on: date) -> str:
    """Render the day by which the group waits for the school's answer, for any page."""
    return str(
        _(
            "The national group waits for your answer until %(day)s, %(far)s.",
            day=filters.day(on),
            far=filters.in_days(on),
        )
    )


def reason_closed(found: SchoolPosition) -> str | None:
    """Return why nothing can be submitted now, however complete it is; None, if something can."""
    if found.last_application.state in {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW}:
        return str(_("Your application is already submitted."))
    if not found.last_application.is_open and not rules.opens_by_itself(found.last_application):
        return str(_("Start the next application first."))
    return None


@dataclass(frozen=True)
class MissingPart:
    """What a part of the application lacks."""

    title: str
    problems: list[ShownProblem]


def missing_items(code: str, left: Sequence[MissingItem]) -> list[ShownProblem]:
    """Render what is missing, each item with its link."""
    return [shown(one) for one in rules.problems_of(code, left)]


def missing_parts(facts: ApplicationFacts) -> list[MissingPart]:
    """Group everything that is missing by its part of the application."""
    parts = [
        (_("Training"), "training", facts.training_left),
        (_("Documents"), "documents", facts.documents_left),
        (_("Reporting mechanism"), "mechanism", facts.mechanism_left),
        (_("Criteria"), "criteria", facts.criteria_left),
    ]
    return [MissingPart(title, missing_items(code, left)) for title, code, left in parts if left]


def missing_in_short(found: SchoolPosition) -> tuple[list[ShownProblem], int]:
    """Return the first few things that are missing, and how many more; none while nothing can be done."""
    parts = [] if reason_closed(found) else missing_parts(found.readiness.facts)
    everything = [one for part in parts for one in part.problems]
    return everything[:SHORT], max(0, len(everything) - SHORT)
