"""Who may act on a visit, whether it can still change, and its entries in the audit trail."""

from datetime import datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record as trail
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem
from cissapp.review.independence.services.participants import (
    lock_application,
    require_untied_member,
)
from cissapp.review.visits.models import Visit
from cissapp.review.visits.rules import (
    state_problems,
)


def lock_visit(visit: Visit) -> None:
    """Lock the application of a visit, and read again what another person may have changed of the visit."""
    lock_application(visit.application)
    session.refresh(visit)


def acting_side(visit: Visit, *, by: Actor, at: datetime) -> tuple[UUID, bool]:
    """Return the acting person's id and whether they act for the school; raise `Missing` for anyone else."""
    lock_visit(visit)
    if by.id is not None and by.school_id is not None and by.school_id == visit.school_id:
        return by.id, True
    return require_untied_member(visit.application, by=by, at=at), False


def reasons_not_to_change(visit: Visit) -> list[Problem]:
    """List why a visit can no longer change: it is signed or cancelled, or the case is closed."""
    found = state_problems(visit.application.state)
    if visit.record is not None:
        found.append(
            Problem("signed", N_("Two people have signed the record. It cannot be changed."))
        )
    if visit.cancelled_at is not None:
        found.append(Problem("cancelled", N_("This visit was called off.")))
    return found


def record_event(event: Event, visit: Visit, *, by: Actor, at: datetime, **facts: object) -> None:
    """Record what happened to a visit in the audit trail."""
    trail(
        event,
        visit,
        by=by,
        at=at,
        school_id=visit.application.school_id,
        application=str(visit.application_id),
        **facts,
    )
    session.flush()
