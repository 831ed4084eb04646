"""Writes of the reporting mechanism."""

from datetime import datetime
from typing import Any

from blinker import Signal
from msgspec.structs import asdict

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.form_drafts.services import OVERTAKEN, reread_unchanged
from cissapp.people.schools.models import School
from cissapp.prepare.documents.services.locks import lock_for_change
from cissapp.prepare.mechanism import queries
from cissapp.prepare.mechanism.models import ReportingMechanism
from cissapp.prepare.mechanism.queries import Entry
from cissapp.prepare.mechanism.rules import RUBRIC_PART, MechanismPart
from cissapp.prepare.mechanism.rules.parts import (
    MOST_ENTRIES,
    AboutAdults,
    ChannelFacts,
    Coverage,
    EscalationFacts,
    PersonFacts,
    ProtectionRules,
    RecipientFacts,
    TimeLimits,
)

EntryFacts = PersonFacts | ChannelFacts | EscalationFacts | RecipientFacts
AgreedFacts = TimeLimits | ProtectionRules | Coverage | AboutAdults

# Sent inside the transaction with an entry or the agreement and its previous values by column name, or
# None if it is new. `removed` is true if it was deleted. Rooms above listen.
mechanism_changed = Signal()

PART_OF: dict[type[EntryFacts], MechanismPart] = {
    PersonFacts: MechanismPart.PERSONS,
    ChannelFacts: MechanismPart.CHANNELS,
    EscalationFacts: MechanismPart.ESCALATION,
    RecipientFacts: MechanismPart.TOLD,
}


def add_entry(school: School, facts: EntryFacts, *, by: Actor, at: datetime) -> Entry:
    """Add an entry to a list, or return the identical one if it exists; raise `Refused` if full."""
    lock_for_change(school.id, part=RUBRIC_PART)
    part = PART_OF[type(facts)]
    present = queries.entries(school.id, part)
    for one in present:
        if _says(one, facts):
            same: Entry = one
            return same
    if len(present) >= MOST_ENTRIES:
        raise Refused(
            Problem("many", N_("You can keep at most %(most)s lines here."), {"most": MOST_ENTRIES})
        )
    row: Entry = queries.ENTRIES[part](school_id=school.id, added_at=at, **asdict(facts))
    session.add(row)
    session.flush()
    _record(row, "added", by=by, at=at)
    mechanism_changed.send(row, before=None, removed=False, by=by, at=at)
    return row


def change_entry(row: Entry, facts: EntryFacts, *, by: Actor, at: datetime) -> None:
    """Change a person, a channel or a step."""
    lock_for_change(row.school_id, part=RUBRIC_PART)
    reread_unchanged(row, facts.__struct_fields__)
    if _says(row, facts):
        return
    before = _said(row)
    _write(row, facts)
    _record(row, "changed", by=by, at=at)
    mechanism_changed.send(row, before=before, removed=False, by=by, at=at)


def remove_entry(row: Entry, *, by: Actor, at: datetime) -> None:
    """Remove an entry of a list; do nothing if a colleague has removed it already."""
    lock_for_change(row.school_id, part=RUBRIC_PART)
    if session.get(type(row), row.id, populate_existing=True) is None:
        return
    before = _said(row)
    session.delete(row)
    _record(row, "removed", by=by, at=at)
    mechanism_changed.send(row, before=before, removed=True, by=by, at=at)


def save_mechanism(
    school: School, facts: AgreedFacts, *, by: Actor, at: datetime
) -> ReportingMechanism:
    """Save limits, rules, cover or where reports about adults go; identical values change nothing."""
    seen = session.get(ReportingMechanism, school.id)
    lock_for_change(school.id, part=RUBRIC_PART)
    row = seen or session.get(ReportingMechanism, school.id)
    if row is not None and seen is None:
        raise Refused(OVERTAKEN)  # a colleague was the first to describe it, while this save waited
    if row is not None:
        reread_unchanged(row, facts.__struct_fields__)
    if row is not None and _says(row, facts):
        return row
    before = None if row is None else _said(row)
    if row is None:
        row = ReportingMechanism(school_id=school.id, never_handles_images=False)
        session.add(row)
    _write(row, facts)
    row.changed_at = at
    row.changed_by_id = by.id  # type: ignore[assignment] # the system describes no mechanism
    session.flush()
    _record(row, "changed", by=by, at=at)
    mechanism_changed.send(row, before=before, removed=False, by=by, at=at)
    return row


def _said(row: Any) -> dict[str, Any]:
    """Return the values of all columns of a row, before it is changed."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _says(row: Any, facts: Any) -> bool:
    return all(getattr(row, name) == value for name, value in asdict(facts).items())


def _write(row: Any, facts: Any) -> None:
    for name, value in asdict(facts).items():
        setattr(row, name, value)


def _record(row: Entry | ReportingMechanism, what: str, *, by: Actor, at: datetime) -> None:
    record(Event.MECHANISM_CHANGED, row, by=by, at=at, school_id=row.school_id, what=what)
    session.flush()
