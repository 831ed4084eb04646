"""Writes of the reporting mechanism."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools.models import School
from cissapp.prepare.documents.services.locks import take_turn
from cissapp.prepare.mechanism import queries
from cissapp.prepare.mechanism.models import ReportingMechanism
from cissapp.prepare.mechanism.queries import Entry
from cissapp.prepare.mechanism.rules import MECHANISM_PART, Part
from cissapp.prepare.mechanism.rules.parts import (
    ENTRIES,
    AboutAdults,
    ChannelFacts,
    Cover,
    PersonFacts,
    Rules,
    StepFacts,
    TimeLimits,
    ToldFacts,
)

EntryFacts = PersonFacts | ChannelFacts | StepFacts | ToldFacts
AgreedFacts = TimeLimits | Rules | Cover | AboutAdults

PART_OF: dict[type[EntryFacts], Part] = {
    PersonFacts: Part.PERSONS,
    ChannelFacts: Part.CHANNELS,
    StepFacts: Part.ESCALATION,
    ToldFacts: Part.TOLD,
}


def add_entry(school: School, facts: EntryFacts, *, by: Actor, at: datetime) -> Entry:
    """Add a person, a channel or a step; one that is there already is given back, not doubled."""
    take_turn(school.id, part=MECHANISM_PART)
    part = PART_OF[type(facts)]
    present = queries.entries(school.id, part)
    for one in present:
        if _says(one, facts):
            same: Entry = one
            return same
    if len(present) >= ENTRIES:
        raise Refused(
            Problem("many", N_("At most %(most)s lines are kept here."), {"most": ENTRIES})
        )
    row: Entry = queries.ENTRIES[part](school_id=school.id, added_at=at, **asdict(facts))
    session.add(row)
    session.flush()
    _record(row, "added", by=by, at=at)
    return row


def change_entry(row: Entry, facts: EntryFacts, *, by: Actor, at: datetime) -> None:
    """Change a person, a channel or a step."""
    take_turn(row.school_id, part=MECHANISM_PART)
    if _says(row, facts):
        return
    _write(row, facts)
    _record(row, "changed", by=by, at=at)


def remove_entry(row: Entry, *, by: Actor, at: datetime) -> None:
    """Remove a person, a channel or a step; one that a colleague removed is gone already."""
    take_turn(row.school_id, part=MECHANISM_PART)
    if session.get(type(row), row.id, populate_existing=True) is None:
        return
    session.delete(row)
    _record(row, "removed", by=by, at=at)


def save_mechanism(
    school: School, facts: AgreedFacts, *, by: Actor, at: datetime
) -> ReportingMechanism:
    """Save time limits, rules, cover or the way for reports about adults; the same again changes nothing."""
    take_turn(school.id, part=MECHANISM_PART)
    row = queries.mechanism(school.id)
    if row is not None and _says(row, facts):
        return row
    if row is None:
        row = ReportingMechanism(school_id=school.id, never_handles_images=False)
        session.add(row)
    _write(row, facts)
    row.changed_at = at
    row.changed_by_id = by.id  # type: ignore[assignment] # the system describes no mechanism
    session.flush()
    _record(row, "changed", by=by, at=at)
    return row


def _says(row: Any, facts: Any) -> bool:
    return all(getattr(row, name) == value for name, value in asdict(facts).items())


def _write(row: Any, facts: Any) -> None:
    for name, value in asdict(facts).items():
        setattr(row, name, value)


def _record(row: Entry | ReportingMechanism, what: str, *, by: Actor, at: datetime) -> None:
    record(Event.MECHANISM_CHANGED, row, by=by, at=at, school_id=row.school_id, what=what)
    session.flush()
