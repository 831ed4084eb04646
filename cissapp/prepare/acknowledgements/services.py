"""Writes of the acknowledgements.

An acknowledgement is not recorded in the audit trail, since its time could reveal who made it.
"""

import secrets
from datetime import date, datetime

from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, new_id, session
from cissapp.foundation.core.errors import Missing
from cissapp.prepare.acknowledgements import queries
from cissapp.prepare.acknowledgements.models import Acknowledgement, StaffReading
from cissapp.prepare.acknowledgements.rules import (
    ReadingRequest,
    refuse_other_kinds,
    refuse_too_many,
    refuse_unexplained,
)
from cissapp.prepare.documents.models import Document


def ask_staff(
    document: Document, asked: ReadingRequest, *, by: Actor, at: datetime
) -> StaffReading:
    """Ask the staff to read the newest version of a policy; asking again changes only the number of staff.

    The count carries on from the version before, unless the school declares a change of substance and
    explains it.
    """
    refuse_other_kinds(document.evidence_code)
    lock(f"staff:{document.id}")
    if not document.versions:
        raise Missing
    newest, before = document.versions[-1], queries.newest_reading(document.id)
    if before is not None and before.version_id == newest.id:
        return _changed(before, asked.staff, by=by, at=at)
    if before is not None:
        refuse_unexplained(asked)
    reading_id = new_id()
    begins = before is None or asked.substantive
    reading = StaffReading(
        id=reading_id,
        school_id=document.school_id,
        document_id=document.id,
        version_id=newest.id,
        version_number=newest.number,
        sha256=newest.sha256,
        series_id=before.series_id if before is not None and not begins else reading_id,
        token=secrets.token_urlsafe(16),
        substantive=begins,
        change=asked.change if before is not None else "",
        staff=asked.staff,
        opened_at=at,
        opened_by_id=by.id,
    )
    session.add(reading)
    facts = {"number": newest.number, "sha256": newest.sha256, "staff": asked.staff}
    school_id = document.school_id
    record(Event.STAFF_ASKED, reading, by=by, at=at, school_id=school_id, **facts, anew=begins)
    session.flush()
    return reading


def _changed(reading: StaffReading, staff: int, *, by: Actor, at: datetime) -> StaffReading:
    if reading.staff != staff:
        reading.staff = staff
        school_id = reading.school_id
        record(Event.STAFF_COUNTED, reading, by=by, at=at, school_id=school_id, staff=staff)
        session.flush()
    return reading


def acknowledge(reading: StaffReading, *, on: date) -> None:
    """Count one more reader of exactly this version, storing only the date."""
    lock(f"staff:{reading.document_id}")
    staff = session.scalar(select(StaffReading.staff).where(StaffReading.id == reading.id))
    refuse_too_many(queries.count_of_series(reading.series_id), staff or 0)
    session.add(
        Acknowledgement(series_id=reading.series_id, sha256=reading.sha256, acknowledged_on=on)
    )
    session.flush()
