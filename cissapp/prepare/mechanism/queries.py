"""Reads of the reporting mechanism."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    ToldOffice,
)
from cissapp.prepare.mechanism.rules import MechanismPart, MechanismRecord

Entry = ReportingPerson | ReportingChannel | EscalationStep | ToldOffice

ENTRIES: dict[MechanismPart, type[Any]] = {
    MechanismPart.PERSONS: ReportingPerson,
    MechanismPart.CHANNELS: ReportingChannel,
    MechanismPart.ESCALATION: EscalationStep,
    MechanismPart.TOLD: ToldOffice,
}


def mechanism(school_id: UUID) -> ReportingMechanism | None:
    """Find the time limits and rules of a school, if any were saved."""
    return session.get(ReportingMechanism, school_id)


def entries(school_id: UUID, part: MechanismPart) -> list[Any]:
    """List the persons, channels or steps of a school in the order in which they were added.

    Those who are told stand in the order of their turns.
    """
    kind = ENTRIES[part]
    turn = (ToldOffice.place,) if kind is ToldOffice else ()
    return list(
        session.scalars(
            select(kind).where(kind.school_id == school_id).order_by(*turn, kind.added_at, kind.id)
        )
    )


def entry(part: MechanismPart, entry_id: UUID) -> Entry | None:
    """Find an entry of a list."""
    found: Entry | None = session.get(ENTRIES[part], entry_id)
    return found


def mechanism_record(school_id: UUID, language: str) -> MechanismRecord:
    """Gather the reporting mechanism of a school for the checks; `language` is that of instruction."""
    return MechanismRecord(
        agreed=mechanism(school_id),
        persons=entries(school_id, MechanismPart.PERSONS),
        channels=entries(school_id, MechanismPart.CHANNELS),
        steps=entries(school_id, MechanismPart.ESCALATION),
        told=entries(school_id, MechanismPart.TOLD),
        language=language,
    )
