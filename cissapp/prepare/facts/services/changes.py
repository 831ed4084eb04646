"""Records changes of a school's facts, and notifies its people where old values are still in use."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.facts import mails
from cissapp.prepare.facts.models import ChangedFact, FactConfirmation
from cissapp.prepare.facts.queries.changes import old_values
from cissapp.prepare.facts.queries.gathering import STAFF
from cissapp.prepare.facts.rules.changes import changed_values, is_sought
from cissapp.prepare.facts.rules.facts import is_contact, said_by_agreement, said_by_entry
from cissapp.prepare.facts.services.confirming import write_confirmation
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    ToldOffice,
)

NAMES: dict[type[Any], str] = {
    ReportingPerson: "person",
    ReportingChannel: "channel",
    EscalationStep: "step",
    ToldOffice: "told",
}


def note_change(
    row: Any, *, before: Mapping[str, Any] | None, removed: bool, by: Actor, at: datetime
) -> None:
    """Record the previous values of an entry or the agreement, and confirm its contacts as they are now."""
    old = _said(row, before.__getitem__) if before else {}
    new = {} if removed else _said(row, partial(getattr, row))
    since = before.get("changed_at") if before else None
    _confirm(row.school_id, old, new, since or at, by=by, at=at)
    changed = list(changed_values(old, new))
    _note(row.school_id, [one for one in changed if is_sought(one[0])], by=by, at=at)
    if changed:
        _tell(row.school_id, {key for key, _, _ in changed}, at=at)


def _said(row: Any, column: Callable[[str], Any]) -> dict[str, str]:
    if isinstance(row, ReportingMechanism):
        return said_by_agreement(column)
    return said_by_entry(NAMES[type(row)], row.id, column)


def _confirm(
    school_id: UUID,
    old: Mapping[str, str],
    new: Mapping[str, str],
    since: datetime,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Record when each contact was confirmed: today if it is new or changed, otherwise when it was before.

    The agreement is one row with one time of change: without a confirmation of its own, a contact in it would
    appear confirmed whenever a time limit changes.
    """
    for key, value in new.items():
        if not is_contact(key) or not value:
            continue
        if old.get(key) != value:
            write_confirmation(school_id, key, value, day_in(by.country_code, at), by=by)
        elif key.startswith("cover.") and not session.get(FactConfirmation, (school_id, key)):
            write_confirmation(school_id, key, value, since.astimezone(UTC).date(), by=by)
    gone = [key for key in old if is_contact(key) and not new.get(key)]
    if gone:
        session.execute(
            delete(FactConfirmation).where(
                FactConfirmation.school_id == school_id, FactConfirmation.key.in_(gone)
            )
        )
    session.flush()


def note_person_left(person: User, *, at: datetime) -> None:
    """Record that a person's name is no longer to be printed for the school."""
    note_duty_changed(person, was=person.duty, at=at)


def note_duty_changed(person: User, *, was: Duty | None, at: datetime) -> None:
    """Record that a person's name is no longer to be printed for a duty that they had."""
    if person.school_id is None or was is None:
        return
    key = STAFF[Duty(was)]
    others = [one.name for one in people_of_school(person.school_id) if one.duty is was]
    new = ", ".join(others) or None
    _note(person.school_id, [(key, person.name, new)], by=person, at=at)
    _tell(person.school_id, {key}, at=at)


def _note(
    school_id: UUID, changed: list[tuple[str, str, str | None]], *, by: Actor, at: datetime
) -> None:
    session.add_all(
        ChangedFact(
            school_id=school_id,
            key=key,
            old=old,
            new=new,
            changed_at=at,
            changed_by_id=by.id,
        )
        for key, old, new in changed
    )
    session.flush()


def _tell(school_id: UUID, keys: set[str], *, at: datetime) -> None:
    """Notify the people of a school if any place states an old value of these facts."""
    school = session.get_one(School, school_id)
    found = old_values(school, at.astimezone(UTC).date())
    in_papers = any(one.key in keys for place in found.papers for one in place.differences)
    in_texts = any(one.key in keys for place in found.documents for one, _ in place.differences)
    if in_papers or in_texts:
        mails.notify_of_old_values(people_of_school(school_id), at=at)
