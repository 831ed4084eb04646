"""Checks of who may act on an appeal that is not yet decided."""

from datetime import datetime
from uuid import UUID

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.review.appeals import queries
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.queries.participation import reasons_not_to_hear
from cissapp.review.appeals.rules import AppealState
from cissapp.review.independence import services as assignments


def lock_open_appeal(appeal: Appeal) -> None:
    """Lock an appeal and refuse once it is decided."""
    assignments.lock_application(appeal.application)
    session.refresh(appeal)
    if appeal.state is not AppealState.FILED:
        raise Refused(Problem("state", N_("This appeal has been decided and cannot be changed.")))


def require_hearing_member(appeal: Appeal, *, by: Actor, at: datetime) -> UUID:
    """Return the id of a member of the panel who may act: declared, and without a conflict of interest."""
    lock_open_appeal(appeal)
    person_id = queries.panel_member(appeal, by.id).person_id
    closed = reasons_not_to_hear(appeal, person_id, today=at.date())
    if closed:
        raise Refused(*closed)
    return person_id
