"""Closes and opens the dossier of a school, and lets one change of it happen at a time."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cissapp.foundation.core import db
from cissapp.foundation.core.db import session
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.models import DossierLock
from cissapp.prepare.documents.rules import refuse_if_closed


def lock_evidence(school_id: UUID, *, open_criteria: list[str], at: datetime) -> None:
    """Close the dossier but for these criteria; said again, only the newest counts."""
    found = session.get(DossierLock, school_id)
    if found is None:
        session.add(DossierLock(school_id=school_id, open_criteria=open_criteria, locked_at=at))
    else:
        found.open_criteria = open_criteria
        found.locked_at = at
    session.flush()


def unlock_evidence(school_id: UUID) -> None:
    """Open the whole dossier."""
    found = session.get(DossierLock, school_id)
    if found is not None:
        session.delete(found)
        session.flush()


def lock_for_change(
    school_id: UUID, criterion_id: str | None = None, *, part: str | None = None
) -> None:
    """Wait for other changes of this dossier, then refuse what is closed."""
    lock_for_changes(school_id, [criterion_id], part=part)


def lock_for_changes(
    school_id: UUID, criterion_ids: Iterable[str | None], *, part: str | None = None
) -> None:
    """Wait once for a change of several criteria, then refuse the first that is closed."""
    db.lock(f"dossier:{school_id}")
    opened = queries.open_criteria(school_id)
    for criterion_id in criterion_ids:
        refuse_if_closed(opened, criterion_id, part=part)
