"""Records which facts each paper was made from, and that copies with old values were replaced."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.people.schools.models import School
from cissapp.prepare.facts import queries
from cissapp.prepare.facts.models import ChangedFact, FactConfirmation, MadePaper, ReplacedPlace
from cissapp.prepare.facts.queries.changes import old_values, papers_of
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.facts.rules.changes import differences_of

# Copies on walls or on other sites remain there when a new file is made.
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
    """Record the facts a paper was made from, replacing the one of the same kind, name and language."""
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
        paper = MadePaper(school_id=school.id, kind=kind, name=name, language=language)
        paper.still_out = {}
        session.add(paper)
    elif kind in STAYS_OUT:
        gone = {key: value for key, value in paper.facts.items() if facts.get(key) != value}
        paper.still_out = {**gone, **paper.still_out}
    paper.facts = dict(facts)
    paper.version_id = version_id
    paper.made_at, paper.made_by_id = at, by.id
    session.flush()
    record(Event.PAPER_MADE, paper, by=by, at=at, school_id=school.id, kind=kind, name=name)
    return paper


def settle_paper(paper: MadePaper, school: School, *, by: Actor, at: datetime) -> None:
    """Record that the school replaced every copy of a paper that said an old value."""
    now = {key: fact.value for key, fact in queries.facts_of(school, at.date()).items()}
    changed = differences_of(paper.facts, paper.still_out, now)
    if not changed:
        return
    keys = {one.key for one in changed}
    kept = {key: value for key, value in paper.facts.items() if key not in keys}
    paper.facts = kept | {key: now[key] for key in keys if key in now}
    paper.still_out = {}
    session.flush()
    record(Event.PAPER_REPLACED, paper, by=by, at=at, school_id=school.id)
    if paper.version_id:
        settle_document(school, paper.version_id, by=by, at=at)


def settle_document(school: School, version_id: UUID, *, by: Actor, at: datetime) -> None:
    """Record that the school replaced, or checked and left, a version that states old values."""
    places = old_values(school, at.date()).documents
    place = next((one for one in places if one.version_id == version_id), None)
    if place is None:
        return
    session.add_all(
        ReplacedPlace(
            changed_fact_id=change_id, version_id=version_id, settled_at=at, settled_by_id=by.id
        )
        for change_id in place.changes
    )
    session.flush()
    subject = ("document_version", version_id)
    record(Event.PAPER_REPLACED, subject, by=by, at=at, school_id=school.id)


def forget_texts(school_id: UUID, gone: Collection[str]) -> None:
    """Delete texts that were permanently removed because they name or show a child."""
    for paper in papers_of(school_id):
        paper.facts = {key: text for key, text in paper.facts.items() if text not in gone}
        paper.still_out = {key: text for key, text in paper.still_out.items() if text not in gone}
    changed = ChangedFact.old.in_(gone) | ChangedFact.new.in_(gone)
    ids = select(ChangedFact.id).where(ChangedFact.school_id == school_id, changed)
    session.execute(delete(ReplacedPlace).where(ReplacedPlace.changed_fact_id.in_(ids)))
    session.execute(delete(ChangedFact).where(ChangedFact.school_id == school_id, changed))
    said = FactConfirmation.value.in_(gone)
    session.execute(delete(FactConfirmation).where(FactConfirmation.school_id == school_id, said))
    session.flush()
