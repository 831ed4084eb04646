"""Writes of the dates of a piece of evidence, and the mails before it expires."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec.structs import asdict

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.form_drafts.services import reread_unchanged
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_schools
from cissapp.prepare.documents import mails, queries
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from cissapp.prepare.documents.rules.dates import (
    REMIND_DAYS,
    EvidenceDates,
    date_problems,
    due_reminder,
)
from cissapp.prepare.documents.services.locks import lock_for_change


def save_dates(
    version: DocumentVersion, dates: EvidenceDates, *, by: Actor, at: datetime
) -> DocumentVersion:
    """Save the dates of a draft; a submitted version keeps its dates."""
    lock_for_change(version.school_id)
    session.refresh(version, ["state"])
    reread_unchanged(version, dates.__struct_fields__)
    if version.state is not VersionState.DRAFT:
        raise Refused(
            Problem(
                "state",
                N_("This version has been submitted and cannot be changed. Add a newer one."),
            )
        )
    problems = date_problems(dates, day_in(by.country_code, at))
    if problems:
        raise Refused(*problems)
    if dates == dates_of(version):
        return version
    if dates.expires_on != version.expires_on:
        version.reminded_days = None
    for name, day in asdict(dates).items():
        setattr(version, name, day)
    facts = {name: day.isoformat() if day else None for name, day in asdict(dates).items()}
    record(
        Event.DOCUMENT_DATED,
        version,
        by=by,
        at=at,
        school_id=version.school_id,
        number=version.number,
        **facts,
    )
    session.flush()
    return version


def dates_of(version: DocumentVersion) -> EvidenceDates:
    """Return the dates of a version."""
    return EvidenceDates(
        version.evidence_on, version.covers_from, version.covers_to, version.expires_on
    )


def remind_of_expiry(*, at: datetime) -> int:
    """Mail schools 60 and 14 days before evidence expires; return the number of documents.

    Safe to repeat: sent reminders are recorded. Safe to miss: the next run sends them. Each batch is
    committed by itself.
    """
    today = at.astimezone(UTC).date()
    due = [
        one.id
        for one in queries.expiring_versions(today, today + timedelta(days=REMIND_DAYS[0]))
        if due_reminder(one.expires_on, today, one.reminded_days) is not None
    ]

    def remind(ids: Sequence[UUID]) -> int:
        newest = queries.newest_among(ids)
        people = people_of_schools({document.school_id for document, _version in newest})
        return sum(
            _remind(document, version, people.get(document.school_id, []), at)
            for document, version in newest
        )

    return each_kept(batches_of(due), remind)


def _remind(
    document: Document, version: DocumentVersion, people: Sequence[User], at: datetime
) -> bool:
    # Checked again within the write: another run may have sent it, or the date may have changed.
    today = at.astimezone(UTC).date()
    until = version.expires_on
    due = due_reminder(until, today, version.reminded_days) if until else None
    if until is None or due is None:
        return False
    version.reminded_days = due
    for person in people:
        mails.warn_of_expiry(person, document, until=until, at=at)
    return True
