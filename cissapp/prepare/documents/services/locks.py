"""Locks and unlocks the evidence of a school, and orders its changes one after the other."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cissapp.foundation.core import db
from cissapp.foundation.core.db import session
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.models import EvidenceLock
from cissapp.prepare.documents.rules import refuse_if_closed


def lock_evidence(school_id: UUID, *, open_criteria: list[str], at: datetime) -> None:
    """Lock the evidence of a school except for these criteria; a later call replaces an earlier one."""
    found = session.get(EvidenceLock, school_id)
    if found is None:
        session.add(EvidenceLock(school_id=school_id, open_criteria=open_criteria, locked_at=at))
    else:
        found.open_criteria = open_criteria
        found.locked_at = at
    session.flush()


def unlock_evidence(school_id: UUID) -> None:
    """Unlock all evidence of a school."""
    found = session.get(EvidenceLock, school_id)
    if found is not None:
        session.delete(found)
        session.flush()


def lock_for_change(school_id: UUID, *, part: str | None = None) -> None:
    """Wait for other changes of this school's evidence, then refuse what is locked."""
    db.lock(f"dossier:{school_id}")
    refuse_if_closed(queries.open_criteria(school_id), part=part)


def lock_for_answers(school_id: UUID, criterion_ids: Iterable[str]) -> None:
    """Wait once for other changes, then refuse the first of several answers that is locked."""
    db.lock(f"dossier:{school_id}")
    opened = queries.open_answers(school_id)
    for criterion_id in criterion_ids:
        refuse_if_closed(opened, criterion_id)


def lock_for_answers_of(school_id: UUID, part: str) -> None:
    """Wait for other changes, then refuse a part none of whose answers is open."""
    db.lock(f"dossier:{school_id}")
    refuse_if_closed(queries.open_answers(school_id), part=part)
