"""Records that contacts are still right."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.prepare.facts.models import FactConfirmation
from cissapp.prepare.facts.queries.gathering import facts_of
from cissapp.prepare.facts.rules import Fact


def seen(fact: Fact) -> str:
    """Return a token for a contact as a person saw it; it changes with the value."""
    return hashlib.sha256(f"{fact.key}={fact.value}".encode()).hexdigest()[:16]


def confirm_facts(
    school: School, marks: Collection[str] | None, *, by: Actor, at: datetime
) -> list[str]:
    """Confirm the contacts with these tokens, or all if `marks` is None; return their keys.

    A contact that a colleague has changed since has another token and is left out; so are helplines.
    """
    on = day_in(by.country_code, at)
    facts = facts_of(school, on).values()
    own = [one for one in facts if one.is_contact and not one.is_helpline]
    confirmed = [one for one in own if marks is None or seen(one) in marks]
    for fact in confirmed:
        write_confirmation(school.id, fact.key, fact.value, on, by=by)
    session.flush()
    if confirmed:
        count = len(confirmed)
        record(Event.FACTS_CONFIRMED, school, by=by, at=at, school_id=school.id, count=count)
    return [one.key for one in confirmed]


def write_confirmation(school_id: UUID, key: str, value: str, on: date, *, by: Actor) -> None:
    """Store that a contact was confirmed on a date, replacing any earlier confirmation."""
    session.merge(
        FactConfirmation(
            school_id=school_id, key=key, value=value, confirmed_on=on, confirmed_by_id=by.id
        )
    )
