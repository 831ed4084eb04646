"""Writes of what is printed: papers that were made."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.people.schools.models import School
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.rules import PaperKind

# What hangs on a wall or lies on another site stays there when a new file is made.
STAYS_OUT = frozenset({PaperKind.POSTER, PaperKind.PAGE})


def record_paper(
    school: School,
    kind: PaperKind,
    name: str,
    language: str,
    facts: Mapping[str, str],
    *,
    version_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> MadePaper:
    """Record which paper was made of which facts; the newest of a kind, name and language replaces the one before."""
    lock(f"made-paper-{school.id}")
    paper = session.scalar(
        select(MadePaper).where(
            MadePaper.school_id == school.id,
            MadePaper.kind == kind,
            MadePaper.name == name,
            MadePaper.language == language,
        )
    )
    if paper is None:
        paper = MadePaper(school_id=school.id, kind=kind, name=name, language=language, facts={})
        paper.still_out = {}
        session.add(paper)
    elif kind in STAYS_OUT:
        paper.still_out = {**_changed(paper.facts, facts), **paper.still_out}
    paper.facts = dict(facts)
    paper.version_id = version_id
    paper.made_at, paper.made_by_id = at, by.id
    session.flush()
    record(Event.PAPER_MADE, paper, by=by, at=at, school_id=school.id, kind=kind, name=name)
    return paper


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return the values of an older paper that the newer one does not repeat."""
    return {key: value for key, value in old.items() if new.get(key) != value}
