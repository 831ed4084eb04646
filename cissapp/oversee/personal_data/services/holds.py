"""Holds the documents of a school back from deletion, and lets them go."""

from datetime import date, datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.oversee.personal_data.models import RetentionHold
from cissapp.people.schools.models import School

LONGEST_MONTHS = 24


def hold_school(
    school: School, reason: str, until_on: date, *, by: Actor, at: datetime
) -> RetentionHold:
    """Hold back everything of a school until a date within two years; raise `Refused` for any other date."""
    if by.id is None:
        raise ValueError("a person holds")
    if not at.date() < until_on <= clock.months_after(at.date(), LONGEST_MONTHS):
        raise Refused(Problem("until_on", N_("Choose a day within the next two years.")))
    made = RetentionHold(
        school_id=school.id,
        group_id=school.group_id,
        reason=reason,
        until_on=until_on,
        held_at=at,
        held_by_id=by.id,
    )
    session.add(made)
    session.flush()
    record(
        Event.RETENTION_HELD,
        made,
        by=by,
        at=at,
        school_id=school.id,
        until_on=until_on.isoformat(),
    )
    session.flush()
    return made


def end_hold(hold: RetentionHold, *, by: Actor, at: datetime) -> None:
    """End a hold; one that has ended stays as it is."""
    if hold.ended_at is None:
        hold.ended_at, hold.ended_by_id = at, by.id
        session.flush()
        record(Event.RETENTION_RELEASED, hold, by=by, at=at, school_id=hold.school_id)
        session.flush()
