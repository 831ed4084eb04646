"""Reads of the reporting mechanism."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, select

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


def mechanisms_of_schools(school_ids: Collection[UUID]) -> dict[UUID, ReportingMechanism]:
    """Return the time limits and rules of several schools, without those that saved none."""
    query = select(ReportingMechanism).where(ReportingMechanism.school_id.in_(school_ids))
    return {one.school_id: one for one in session.scalars(query)}


def entries(school_id: UUID, part: MechanismPart) -> list[Any]:
    """List the people, channels or steps of a school in the order in which they were added.

    Recipients are listed by their place in the order instead.
    """
    return list(session.scalars(_entries_of_school(part), {"school_id": school_id}))


@cache
def _entries_of_school(part: MechanismPart) -> Select[Any]:
    """Build, only once, the query that runs for the first page of a school."""
    return _in_order(ENTRIES[part].school_id == bindparam("school_id"), part)


def entries_of_schools(
    school_ids: Collection[UUID], part: MechanismPart
) -> defaultdict[UUID, list[Any]]:
    """Return the entries of each of several schools."""
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in session.scalars(_in_order(ENTRIES[part].school_id.in_(school_ids), part)):
        found[row.school_id].append(row)
    return found


def _in_order(condition: ColumnElement[bool], part: MechanismPart) -> Select[Any]:
    kind = ENTRIES[part]
    turn = (ToldOffice.place,) if kind is ToldOffice else ()
    return select(kind).where(condition).order_by(*turn, kind.added_at, kind.id)


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
