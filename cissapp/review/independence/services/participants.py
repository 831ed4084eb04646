"""Checks who may act on an application, and locks it."""

from datetime import datetime
from uuid import UUID

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import reasons_not_to_open


def require_group_member(application: Application, by: Actor) -> UUID:
    """Return the id of a member of the school's national group; raise `Missing` for everyone else."""
    if by.id is None or by.group_id is None or by.group_id != application.group_id:
        raise Missing
    if application.only_for_id not in {None, by.id}:
        raise Missing
    return by.id


def require_untied_member(application: Application, *, by: Actor, at: datetime) -> UUID:
    """Return the id of a group member to whom the case is open; else raise `Refused` with the reasons."""
    person_id = require_group_member(application, by)
    found = reasons_not_to_open(queries.involvement_of(application, person_id, today=at.date()))
    if found:
        raise Refused(*found)
    return person_id


def require_declarant(application: Application, by: Actor) -> UUID:
    """Return the id of a person who may declare: of the group, a guest of the case, or on its panel."""
    if by.id is not None and by.guest_application_id == application.id:
        return by.id
    role = queries.assignment_of(application.id, by.id)
    if by.id is not None and role is not None and role.role is CaseRole.PANEL_MEMBER:
        return by.id
    return require_group_member(application, by)


def lock_application(application: Application) -> None:
    """Lock a school's application, and reload what another person may have changed."""
    lock(f"application:{application.school_id}")
    session.refresh(application)
