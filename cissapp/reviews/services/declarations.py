"""Keeps what a person declares about ties to a school."""

from datetime import datetime

from cissapp.applications.models import Application
from cissapp.audit.rules import Event
from cissapp.audit.services import record
from cissapp.core.actor import Actor
from cissapp.core.db import session
from cissapp.core.errors import N_, Problem, Refused
from cissapp.reviews import queries
from cissapp.reviews.models import Declaration
from cissapp.reviews.rules import READABLE
from cissapp.reviews.services.persons import alone, member


def declare(
    application: Application, *, grounds: list[str], note: str, by: Actor, at: datetime
) -> Declaration:
    """Keep a person's ties to the school, or that there is none; once, and for good."""
    alone(application)
    person_id = member(application, by)
    if application.state not in READABLE:
        raise Refused(Problem("state", N_("The school has taken its application back.")))
    if queries.declaration_of(application, person_id):
        raise Refused(Problem("declaration", N_("You declared this already. It stays as it is.")))
    declaration = Declaration(
        application_id=application.id,
        user_id=person_id,
        grounds=grounds,
        note=note,
        declared_at=at,
    )
    session.add(declaration)
    session.flush()
    record(
        Event.CONFLICT_DECLARED,
        declaration,
        by=by,
        at=at,
        school_id=application.school_id,
        application=str(application.id),
        grounds=grounds,
    )
    session.flush()
    return declaration
