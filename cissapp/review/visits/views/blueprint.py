"""The blueprint, and what the pages share."""

from collections.abc import Callable

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries import content_of
from cissapp.review.visits import phrases as agenda
from cissapp.review.visits import queries
from cissapp.review.visits.models import Visit
from cissapp.review.visits.rules import OPEN_STATES, STAGE_KINDS, STAGE_NAMES, VisitStage

bp = Blueprint("visits", __name__, template_folder="../templates")


@bp.app_context_processor
def links() -> dict[str, Callable[..., object]]:
    """Offer other rooms whether a date of a visit waits for the school, and where the visit stands."""
    return {"waits_for_date": queries.waits_for_date, "visit_status": visit_status}


def visit_status(application: Application) -> tuple[str, str] | None:
    """Return where the visit of a case stands, as colour and words; what waits for the group stands out."""
    found = queries.visit_progress(application.id, actor().id)
    if found is None:
        return None
    if application.state in OPEN_STATES:
        if found.stage is VisitStage.PROPOSED and found.proposed_by_school:
            return "warn", _("Proposed by the school")
        begun = found.starts_at is not None and found.starts_at <= clock.now()
        if found.stage is VisitStage.AGREED and begun and not found.signed:
            return "warn", _("Read and sign the record")
    return STAGE_KINDS[found.stage], _(STAGE_NAMES[found.stage])


def require_visit(application: Application) -> Visit:
    """Return the current visit; raise `Missing` if there is none."""
    found = queries.current_visit(application.id)
    if found is None:
        raise Missing
    return found


def zone_of(application: Application) -> str:
    """Return the school's time zone, in which dates are typed."""
    return content().time_zone(application.school.country_code)


def standard_of(application: Application) -> Standard:
    """Return the standard that the application is judged by."""
    return content_of(application, content()).standard


def shown_agenda(application: Application) -> dict[str, list[str]]:
    """Return the agenda in the language of the page."""
    standard, language = standard_of(application), languages.current()
    return {
        "people": agenda.people_to_meet(),
        "asked": agenda.interview_criteria(standard, language),
        "looked_at": agenda.observed_criteria(standard, language),
    }


def calendar_file(visit: Visit | None, address: str) -> ResponseReturnValue:
    """Answer with the calendar entry of an agreed date; raise `Missing`, if none is agreed."""
    if visit is None or visit.starts_at is None:
        raise Missing
    file = agenda.calendar_entry(visit, address=address)
    headers = {"Content-Disposition": 'attachment; filename="visit.ics"'}
    return Response(file, mimetype="text/calendar", headers=headers)
