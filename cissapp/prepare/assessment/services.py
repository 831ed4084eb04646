"""Writes of the self-assessment."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import delete

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools.models import School
from cissapp.people.schools.queries.standings import standing_today
from cissapp.people.schools.rules import answers_count_from
from cissapp.prepare.assessment import queries
from cissapp.prepare.assessment.models import PartEvidence, SelfEvidence, SelfScore
from cissapp.prepare.assessment.queries import SavedScore
from cissapp.prepare.assessment.rules import ScoreFacts, not_applicable_problem, others_left_out
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.documents.rules.pages import page_problem, page_spans, written_pages
from cissapp.prepare.documents.services.locks import lock_for_answers, lock_for_answers_of


def save_score(
    school: School,
    criterion: Criterion,
    facts: ScoreFacts,
    *,
    standard: Standard,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> SelfScore:
    """Save a school's answer for a criterion; a text may still be missing, a level may not.

    `seen` is the stamp of the score that the writer had on screen: if a colleague saved in the meantime,
    the save is refused, so that no text is overwritten unread.
    """
    lock_for_answers(school.id, [criterion.id])
    if seen is not None:
        _refuse_overtaken(school, criterion, _tidied(facts), seen, at)
    row = queries.score(school.id, criterion.id)
    rows = {criterion.id: row} if row else {}
    return _saved(school, [(criterion, facts)], rows, standard, by=by, at=at)[0]


def save_scores(
    school: School,
    answers: Mapping[str, ScoreFacts],
    *,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> list[SelfScore]:
    """Save a school's answers for several criteria by id; raise `Refused` for the first invalid one."""
    said = [(standard.by_id[key], facts) for key, facts in answers.items()]
    lock_for_answers(school.id, answers)
    return _saved(school, said, queries.scores(school.id), standard, by=by, at=at)


def _refuse_overtaken(
    school: School, criterion: Criterion, facts: ScoreFacts, seen: str, at: datetime
) -> None:
    row = queries.score(school.id, criterion.id)
    if seen != stamp_of(row) and not _says_already(row, school, facts, at):
        message = N_("A colleague saved this criterion first. Read it, then save yours again.")
        raise Refused(Problem("overtaken", message))


def _says_already(row: SelfScore | None, school: School, facts: ScoreFacts, at: datetime) -> bool:
    return row is not None and facts_of(row) == facts and not is_outdated(row, school, at.date())


def _saved(
    school: School,
    answers: Sequence[tuple[Criterion, ScoreFacts]],
    rows: dict[str, SelfScore],
    standard: Standard,
    *,
    by: Actor,
    at: datetime,
) -> list[SelfScore]:
    """Write the answers that differ from `rows`, the scores as saved."""
    documents = {one.id: one for one in document_queries.documents(school.id)}
    changed = []
    for criterion, said in answers:
        row, facts = rows.get(criterion.id), _tidied(said)
        if row is not None and _says_already(row, school, facts, at):
            continue
        _refuse_wrong(school, documents, criterion, facts, standard)
        if row is None:
            row = SelfScore(school_id=school.id, criterion_id=criterion.id, evidence=[])
            session.add(row)
            rows[criterion.id] = row
        _write(row, facts)
        row.saved_at = at
        row.saved_by_id = by.id  # type: ignore[assignment] # the system scores no school
        changed.append(row)
    _add_to_parts(school, {one.id: one for one, _ in answers}, changed)
    session.flush()
    for row in changed:
        chosen = {"level": row.level, "documents": sorted(str(one) for one in row.document_ids)}
        record(Event.SELF_SCORE_SAVED, row, by=by, at=at, school_id=school.id, **chosen)
    session.flush()
    return [rows[criterion.id] for criterion, _ in answers]


def choose_part_evidence(
    school: School, part: str, document_ids: Collection[UUID], *, by: Actor, at: datetime
) -> None:
    """Choose the documents of a part; those that a criterion names already stay named there."""
    lock_for_answers_of(school.id, part)
    known = {one.id for one in document_queries.documents(school.id)}
    if not set(document_ids) <= known:
        raise Refused(Problem("documents", N_("One of these documents is no longer here.")))
    if queries.part_evidence(school.id).get(part, frozenset()) == frozenset(document_ids):
        return
    session.execute(
        delete(PartEvidence).where(PartEvidence.school_id == school.id, PartEvidence.part == part)
    )
    _choose(school, part, document_ids)
    documents = sorted(str(one) for one in document_ids)
    record(
        Event.PART_EVIDENCE_CHOSEN,
        school,
        by=by,
        at=at,
        school_id=school.id,
        part=part,
        documents=documents,
    )
    session.flush()


def name_where_nothing(
    school: School, document_id: UUID, criterion_ids: Collection[str], *, by: Actor, at: datetime
) -> list[str]:
    """Name a document for those of the criteria that are scored, open and without evidence; return them.

    What the school chose stays as it is.
    """
    opened = document_queries.open_answers(school.id)
    named = [
        row
        for criterion_id, row in sorted(queries.scores(school.id).items())
        if criterion_id in criterion_ids
        and not row.evidence
        and not row.not_applicable
        and is_open(opened, criterion_id)
    ]
    for row in named:
        row.evidence = [SelfEvidence(document_id=document_id)]
    criteria = content().standard.by_id
    known = {row.criterion_id: criteria[row.criterion_id] for row in named}
    _add_to_parts(school, known, named)
    session.flush()
    for row in named:
        chosen = {"level": row.level, "documents": [str(document_id)]}
        record(Event.SELF_SCORE_SAVED, row, by=by, at=at, school_id=school.id, **chosen)
    session.flush()
    return [row.criterion_id for row in named]


def _add_to_parts(
    school: School, criteria: Mapping[str, Criterion], changed: Sequence[SelfScore]
) -> None:
    """Add a criterion's documents to those of its part, so that the next criterion offers them first."""
    if not changed:
        return
    present = queries.part_evidence(school.id)
    named: dict[str, set[UUID]] = {}
    for row in changed:
        named.setdefault(criteria[row.criterion_id].part, set()).update(row.document_ids)
    for part, document_ids in named.items():
        _choose(school, part, document_ids - present.get(part, frozenset()))


def _choose(school: School, part: str, document_ids: Collection[UUID]) -> None:
    for document_id in sorted(document_ids, key=str):
        session.add(PartEvidence(school_id=school.id, part=part, document_id=document_id))


def name_pages(
    school: School,
    document: Document,
    pages: Mapping[str, str],
    before: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Name pages of a document for the criteria that are scored and open.

    The document is offered for their parts. What the school chose stays: only pages that are still those
    named in `before` are replaced.
    """
    opened = document_queries.open_answers(school.id)
    standard = content().standard
    parts = {standard.by_id[one].part for one in pages if one in standard.by_id}
    present = queries.part_evidence(school.id)
    for part in sorted(one for one in parts if is_open(opened, part=one)):
        _choose(school, part, {document.id} - present.get(part, frozenset()))
    for criterion_id, row in queries.scores(school.id).items():
        if criterion_id not in pages or row.not_applicable or not is_open(opened, criterion_id):
            continue
        if _name(row, document, pages[criterion_id], before.get(criterion_id)):
            facts = {"level": row.level, "pages": pages[criterion_id]}
            record(Event.SELF_SCORE_SAVED, row, by=by, at=at, school_id=school.id, **facts)
    session.flush()


def _name(row: SelfScore, document: Document, pages: str, before: str | None) -> bool:
    present = next((one for one in row.evidence if one.document_id == document.id), None)
    if present is None:
        row.evidence = [*row.evidence, SelfEvidence(document_id=document.id, pages=pages)]
        return True
    if present.pages == pages or present.pages != before:
        return False
    present.pages = pages
    return True


def forget_document(document: Document) -> None:
    """Remove a document that is about to be deleted from the evidence of every criterion and part."""
    for kind in (SelfEvidence, PartEvidence):
        session.execute(delete(kind).where(kind.document_id == document.id))


def is_outdated(row: SelfScore | SavedScore, school: School, today: date) -> bool:
    """Check whether an answer has to be given again because the time to renew with it has passed."""
    grace_days = content().certificate_terms(school.country_code).grace_days
    begin = answers_count_from(
        standing_today(school, today), school.valid_until_on, grace_days, today
    )
    return begin is not None and row.saved_at.date() < begin


def facts_of(row: SelfScore) -> ScoreFacts:
    """Return what a saved score says."""
    return ScoreFacts(row.level, row.text, row.pages, row.document_ids, row.anchors)


def stamp_of(row: SelfScore | None) -> str:
    """Return the stamp by which a later save recognises an unchanged score."""
    return row.saved_at.isoformat() if row else ""


def _refuse_wrong(
    school: School,
    documents: Mapping[UUID, DocumentEntry],
    criterion: Criterion,
    facts: ScoreFacts,
    standard: Standard,
) -> None:
    if facts.not_applicable:
        others = others_left_out(standard, queries.scores(school.id), criterion)
        problem = not_applicable_problem(standard, criterion, others)
        if problem:
            raise Refused(problem)
    if not facts.document_ids <= set(documents):
        raise Refused(Problem("documents", N_("One of these documents is no longer here.")))
    wrong = [
        page_problem(said, documents[one].title, documents[one].newest.pages)
        for one, said in facts.anchors.items()
        if one in facts.document_ids
    ]
    if any(wrong):
        raise Refused(*(problem for problem in wrong if problem))


def _write(row: SelfScore, facts: ScoreFacts) -> None:
    row.level = facts.level
    row.not_applicable = facts.not_applicable
    row.text = facts.text
    row.pages = facts.pages
    kept = [one for one in row.evidence if one.document_id in facts.document_ids]
    new = facts.document_ids - {one.document_id for one in kept}
    row.evidence = kept + [
        SelfEvidence(document_id=document_id) for document_id in sorted(new, key=str)
    ]
    for one in row.evidence:
        one.pages = facts.anchors.get(one.document_id, "")


def _tidied(facts: ScoreFacts) -> ScoreFacts:
    """Normalise the pages, and drop those of documents that are not named."""
    anchors = {
        document_id: written_pages(page_spans(said) or ()) or said
        for document_id, said in facts.anchors.items()
        if said and document_id in facts.document_ids
    }
    return replace(facts, anchors=anchors)
