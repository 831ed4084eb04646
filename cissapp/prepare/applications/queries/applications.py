"""Reads of applications."""

from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState

CLOSED = (ApplicationState.DECIDED, ApplicationState.WITHDRAWN)


def application(application_id: UUID) -> Application | None:
    """Find an application."""
    return session.get(Application, application_id)


def open_application(school_id: UUID) -> Application | None:
    """Find the application of a school that is in progress."""
    return session.scalar(
        select(Application).where(
            Application.school_id == school_id, Application.state.not_in(CLOSED)
        )
    )


# Runs for the first page of a school and many others, so it is built once.
_NEWEST = (
    select(Application)
    .where(
        Application.school_id == bindparam("school_id"),
        or_(Application.state != ApplicationState.WITHDRAWN, Application.round > 0),
    )
    .order_by(Application.cycle.desc())
    .limit(1)
)
_NEWEST_SUBMITTED = (
    select(Application)
    .where(
        Application.school_id == bindparam("school_id"),
        Application.state != ApplicationState.WITHDRAWN,
        Application.round > 0,
    )
    .order_by(Application.cycle.desc())
    .limit(1)
)


def newest_application(school_id: UUID) -> Application | None:
    """Find the last application of a school, open or not, but for drafts that were given up.

    After such a draft the one before it still says how the school stands. So it does after any withdrawn
    application, if it is certified or in review: an appeal against its decision may have been won.
    """
    newest = session.scalar(_NEWEST, {"school_id": school_id})
    if newest is None or newest.state is not ApplicationState.WITHDRAWN:
        return newest
    before = newest_submitted(school_id)
    return before if before and before.outcome is not ApplicationOutcome.MAJOR_GAPS else newest


def newest_submitted(school_id: UUID) -> Application | None:
    """Find the last application that a school submitted and did not withdraw, whatever it has begun since."""
    return session.scalar(_NEWEST_SUBMITTED, {"school_id": school_id})


def last_cycle(school_id: UUID) -> int:
    """Return the number of a school's last application, a draft that was given up included; 0 before the first."""
    query = select(func.max(Application.cycle)).where(Application.school_id == school_id)
    return session.scalar(query) or 0


def applications_of(school_id: UUID) -> list[Application]:
    """List all applications of a school, the newest first."""
    query = select(Application).where(Application.school_id == school_id)
    return list(session.scalars(query.order_by(Application.cycle.desc())))
