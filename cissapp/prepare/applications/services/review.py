"""What a review does to an application: begin, ask, send back, decide."""

from datetime import date, datetime

from cissapp.foundation.content.installed import content as current_content
from cissapp.foundation.content.schema import Process
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import last_minute
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.people.schools import services as schools
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications import rules
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import (
    GROUP_DEADLINES,
    calendar_day_after,
    working_day_after,
)
from cissapp.prepare.applications.queries.standards import content_of
from cissapp.prepare.applications.rules import (
    ApplicationAction,
    ApplicationFacts,
    ApplicationOutcome,
)
from cissapp.prepare.applications.services.deadlines import meet_deadlines, open_deadline
from cissapp.prepare.applications.services.transitions import OUTCOMES, course, move
from cissapp.prepare.documents import services as documents


def return_to_school(application: Application, *, by: Actor, at: datetime) -> None:
    """Send an incomplete application back after its completeness check, once; everything is open again."""
    days = _process(application).answer_days
    move(
        application,
        ApplicationAction.RETURN,
        by=by,
        at=at,
        facts=ApplicationFacts(course=course(application)),
    )
    application.open_criteria = None
    documents.unlock_evidence(application.school_id)
    _open_school_deadline(
        application, DeadlineKind.CHANGES, working_day_after(application, days, at), by, at
    )


def ask(application: Application, *, open_criteria: list[str], by: Actor, at: datetime) -> None:
    """Ask the school about these criteria; they are opened, and the review deadline stops."""
    if not open_criteria:
        raise Refused(Problem("texts", N_("Name at least one criterion.")))
    days = _process(application).answer_days
    facts = ApplicationFacts(course=course(application))
    move(application, ApplicationAction.ASK, by=by, at=at, facts=facts, open_criteria=open_criteria)
    application.open_criteria = open_criteria
    documents.lock_evidence(application.school_id, open_criteria=open_criteria, at=at)
    _open_school_deadline(
        application, DeadlineKind.CHANGES, working_day_after(application, days, at), by, at
    )


def _process(application: Application) -> Process:
    """Return the days of the standard under which an application was submitted."""
    return content_of(application, current_content()).standard.decision.process


def _open_school_deadline(
    application: Application, kind: DeadlineKind, due_on: date, by: Actor, at: datetime
) -> None:
    """End the group's deadlines and start the school's, which runs to the end of its last day."""
    meet_deadlines(application, *GROUP_DEADLINES, at=at)
    open_deadline(application, kind, due_on, by=by, at=at)
    application.due_at = last_minute(due_on, calendar_at(application.school.country_code))
    schools.place(application.school, progress=Progress.CHANGES_REQUESTED, at=at)
    session.flush()


def start_review(application: Application, *, by: Actor, at: datetime) -> None:
    """Start the review of the round."""
    move(
        application,
        ApplicationAction.START_REVIEW,
        by=by,
        at=at,
        facts=ApplicationFacts(course=course(application)),
    )
    schools.place(application.school, progress=Progress.IN_REVIEW, at=at)
    session.flush()


def request_changes(
    application: Application,
    *,
    open_criteria: list[str],
    days: int,
    by: Actor,
    at: datetime,
) -> None:
    """Send the application back for this many days: these criteria are open, everything else stays locked."""
    if not open_criteria:
        raise Refused(Problem("open_criteria", N_("Name at least one criterion.")))
    facts = ApplicationFacts(course=course(application))
    move(
        application,
        ApplicationAction.REQUEST_CHANGES,
        by=by,
        at=at,
        facts=facts,
        open_criteria=open_criteria,
    )
    application.open_criteria = open_criteria
    documents.lock_evidence(application.school_id, open_criteria=open_criteria, at=at)
    due_on = calendar_day_after(application, days, at)
    _open_school_deadline(application, DeadlineKind.MINOR_GAPS, due_on, by, at)


def decide(
    application: Application,
    *,
    outcome: ApplicationOutcome,
    level: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """End the application: certified with a level, or major gaps, after which everything is open again.

    Minor gaps do not end it: see `request_changes`.
    """
    action = rules.OUTCOME_ACTIONS[outcome]
    if action not in OUTCOMES:
        raise ValueError("minor gaps end nothing")
    move(application, action, by=by, at=at, level=level)
    meet_deadlines(application, *GROUP_DEADLINES, at=at)
    if action is ApplicationAction.REJECT:
        documents.unlock_evidence(application.school_id)
    schools.place(application.school, progress=Progress.DECIDED, at=at)
    session.flush()
