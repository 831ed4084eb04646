"""Writes of the policy as a document: which clauses it took, and which pages show which criterion."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.prepare.assessment.services import name_pages
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules.dates import EvidenceDates
from cissapp.prepare.documents.services import save_dates
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.facts.services import record_paper
from cissapp.prepare.policy import queries
from cissapp.prepare.policy.models import PolicyDraft, PolicyPages
from cissapp.prepare.policy.queries import PolicyState
from cissapp.prepare.policy.rules.answers import day_of
from cissapp.prepare.policy.rules.clauses import Audience
from cissapp.prepare.policy.rules.pages import pages_by_criterion, pages_of
from cissapp.prepare.policy.rules.writing import WrittenPolicy
from cissapp.prepare.policy.services.clauses import take_printed
from cissapp.prepare.policy.services.texts import lock_policy, touch_draft


class MadePolicy(Struct, frozen=True):
    """A policy that became a version of a document: its text, and the pages of the file."""

    written: WrittenPolicy
    document: Document
    version: DocumentVersion
    pages: list[str]


def record_policy(
    state: PolicyState, made: MadePolicy, *, by: Actor, at: datetime
) -> dict[str, str]:
    """Record that the policy became a document; return the pages found for each criterion it covers."""
    school = state.school
    lock_policy(school)
    known = queries.clause_rows(school.id)
    fresh = [one.clause for one in state.printed if one.id not in known]
    take_printed(school, fresh, state.language, by=by, at=at)
    row = touch_draft(school, by=by, at=at)
    row.known = sorted(one.id for one in state.library.clauses)
    row.library_version, row.language = state.library.version, state.language
    row.document_id, row.taken_at = made.document.id, at
    _date(state, made.version, by=by, at=at)
    pages = _pages_of(state, made)
    _name_pages(state, made.document, pages, by=by, at=at)
    record_paper(
        school,
        PaperKind.POLICY,
        Audience.ADULTS,
        state.language,
        made.written.facts,
        version_id=made.version.id,
        by=by,
        at=at,
    )
    facts = {"document": str(made.document.id), "number": made.version.number}
    record(Event.POLICY_MADE, row, by=by, at=at, school_id=school.id, **facts)
    session.flush()
    return pages


def _date(state: PolicyState, version: DocumentVersion, *, by: Actor, at: datetime) -> None:
    """Date the version as adopted, and valid until the next review: the dates that the policy prints."""
    printed = {
        name: day_of(answer) for name, answer in state.said.answers.items() if name in state.values
    }
    dates = EvidenceDates(
        evidence_on=printed.get("adopted_on"), expires_on=printed.get("next_review")
    )
    save_dates(version, dates, by=by, at=at)


def _pages_of(state: PolicyState, made: MadePolicy) -> dict[str, str]:
    found = pages_of(made.written.passages, made.pages)
    covering = {
        criterion.id: [one.id for element in criterion.elements for one in element.by]
        for criterion in state.coverage.criteria
        if criterion.id in state.coverage.covered
    }
    return pages_by_criterion(found, covering)


def _name_pages(
    state: PolicyState, document: Document, pages: Mapping[str, str], *, by: Actor, at: datetime
) -> None:
    """Cite the pages at the criteria, replacing those that the studio cited for this document before."""
    school = state.school
    rows = queries.pages_named(school.id)
    before = {key: one.pages for key, one in rows.items() if one.document_id == document.id}
    name_pages(school, document, pages, before, by=by, at=at)
    for key, row in rows.items():
        if key not in pages:
            session.delete(row)
    for key, said in pages.items():
        found = rows.get(key)
        if found is None:
            found = PolicyPages(school_id=school.id, criterion_id=key)
            session.add(found)
        found.document_id, found.pages, found.named_at = document.id, said, at
    session.flush()


def forget_document(document: Document) -> None:
    """Forget a document that is about to be deleted, so that the policy is saved to a new one next time."""
    session.execute(
        update(PolicyDraft)
        .where(PolicyDraft.document_id == document.id)
        .values(document_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(PolicyPages).where(PolicyPages.document_id == document.id))
