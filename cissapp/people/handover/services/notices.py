"""Notifies others when somebody did something sensitive."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.handover import mails, queries
from cissapp.people.handover.rules.powers import power_of


def tell_others(
    event: Event,
    *,
    subject: Any,
    by: Actor,
    at: datetime,
    school_id: UUID | None,
    facts: Mapping[str, Any],
) -> None:
    """Notify the others of an act in the table, in the transaction that records it in the audit trail.

    Called for every audit trail entry, so that no act can be forgotten at the place where it is done.
    """
    power = power_of(event, facts, by.role, own=getattr(subject, "id", "") == by.id)
    if power is None:
        return
    session.flush()
    about = queries.concerned_of(subject, school_id)
    people = queries.others_of(power.others, about, by.id)
    where = mails.Where(event, str(getattr(subject, "id", "")), about, facts)
    mails.tell_others(people, power.title, where, by=by, at=at)
