"""Reads of applications."""

from uuid import UUID

from sqlalchemy import bindparam, select

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationState

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
    .where(Application.school_id == bindparam("school_id"))
    .order_by(Application.cycle.desc())
    .limit(1)
)


def newest_application(school_id: UUID) -> Application | None:
    """Find the last application of a school, open or not."""
    return session.scalar(_NEWEST, {"school_id": school_id})


def applications_of(school_id: UUID) -> list[Application]:
    """List all applications of a school, the newest first."""
    query = select(Application).where(Application.school_id == school_id)
    return list(session.scalars(query.order_by(Application.cycle.desc())))
