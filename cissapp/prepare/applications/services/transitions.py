"""The only writer of an application's state, and the lock that it holds."""

from datetime import datetime
from typing import Any

from blinker import Signal

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content as current_content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries, rules
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import (
    ApplicationAction,
    ApplicationCourse,
    ApplicationFacts,
    ApplicationOutcome,
)

EVENTS = {
    ApplicationAction.SUBMIT: Event.APPLICATION_SUBMITTED,
    ApplicationAction.RETURN: Event.APPLICATION_RETURNED,
    ApplicationAction.ASK: Event.QUESTION_ASKED,
    ApplicationAction.START_REVIEW: Event.APPLICATION_REVIEW_STARTED,
    ApplicationAction.REQUEST_CHANGES: Event.CHANGES_REQUESTED,
    ApplicationAction.CERTIFY: Event.APPLICATION_DECIDED,
    ApplicationAction.REJECT: Event.APPLICATION_DECIDED,
    ApplicationAction.WITHDRAW: Event.APPLICATION_WITHDRAWN,
    ApplicationAction.CLOSE: Event.APPLICATION_CLOSED,
    ApplicationAction.ALTER: Event.APPLICATION_ALTERED,
    ApplicationAction.REOPEN: Event.APPLICATION_REOPENED,
}

OUTCOMES = {
    ApplicationAction.CERTIFY: ApplicationOutcome.CERTIFIED,
    ApplicationAction.REJECT: ApplicationOutcome.MAJOR_GAPS,
    ApplicationAction.ALTER: ApplicationOutcome.CERTIFIED,
}

NOTHING = ApplicationFacts()

application_moved = Signal()
"""Tells the rooms above of a step of the state machine: the application, its `old` state, `by` and `at`."""


def lock_school(school: School) -> None:
    """Lock the evidence and the application of a school until this change is committed.

    Every change of the evidence waits for a lock of the same name.
    """
    lock(f"dossier:{school.id}")


def course(application: Application) -> ApplicationCourse:
    """Gather what has happened in an application."""
    return queries.course(application, current_content().standard.decision.process.rounds)


def move(
    application: Application,
    action: ApplicationAction,
    *,
    by: Actor,
    at: datetime,
    facts: ApplicationFacts = NOTHING,
    level: int | None = None,
    **details: Any,
) -> None:
    """Take a step of the state machine, or raise `Refused` with every reason; nothing else writes the state.

    Of two people who act at once, the second gets `StaleDataError`. `details` are recorded.
    """
    old = application.state
    new = rules.advance(action, old, facts)
    application.state = new
    application.changed_at = at
    if action is ApplicationAction.SUBMIT:
        application.round += 1
        application.reviews_wanted = 1
        application.due_at = None
    if action in OUTCOMES:
        application.outcome = OUTCOMES[action]
        application.level = level
        details = {**details, "outcome": OUTCOMES[action].value, "level": level}
    session.flush()
    record(
        EVENTS[action],
        application,
        by=by,
        at=at,
        school_id=application.school_id,
        old=old.value,
        new=new.value,
        round=application.round,
        **details,
    )
    session.flush()
    application_moved.send(application, old=old, by=by, at=at)
