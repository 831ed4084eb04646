"""Reads of a school's input in the studio, and counts of schools' choices on clauses."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.content.schema.toolkit import ClauseKey, ClauseWords
from cissapp.foundation.content.toolkit import Clause
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.prepare.policy.models import (
    PolicyAnswer,
    PolicyClause,
    PolicyDraft,
    PolicyPages,
    PolicyParagraph,
)
from cissapp.prepare.policy.rules.clauses import (
    ClauseDecision,
    OwnParagraph,
    SchoolWords,
)


def draft_row(school_id: UUID) -> PolicyDraft | None:
    """Find the policy of a school in the studio."""
    return session.get(PolicyDraft, school_id)


def answers(school_id: UUID) -> dict[str, PolicyAnswer]:
    """Return the answers of a school by question."""
    rows = session.scalars(select(PolicyAnswer).where(PolicyAnswer.school_id == school_id))
    return {one.question_id: one for one in rows}


def clause_rows(school_id: UUID) -> dict[str, PolicyClause]:
    """Return a school's choices on clauses, by clause id."""
    rows = session.scalars(select(PolicyClause).where(PolicyClause.school_id == school_id))
    return {one.clause_id: one for one in rows}


def paragraph(paragraph_id: UUID) -> PolicyParagraph | None:
    """Find a paragraph that a school added."""
    return session.get(PolicyParagraph, paragraph_id)


def paragraphs(school_id: UUID) -> list[PolicyParagraph]:
    """List the paragraphs that a school added, the oldest first."""
    return list(
        session.scalars(
            select(PolicyParagraph)
            .where(PolicyParagraph.school_id == school_id)
            .order_by(PolicyParagraph.added_at, PolicyParagraph.id)
        )
    )


def pages_named(school_id: UUID) -> dict[str, PolicyPages]:
    """Return the pages that the studio named, by criterion."""
    rows = session.scalars(select(PolicyPages).where(PolicyPages.school_id == school_id))
    return {one.criterion_id: one for one in rows}


def suggested_evidence(school_id: UUID, *, criterion_id: str) -> tuple[UUID, str] | None:
    """Return the document and pages that the studio cited for a criterion, to suggest as evidence."""
    found = session.get(PolicyPages, (school_id, criterion_id))
    return (found.document_id, found.pages) if found else None


def words_of_school(school: School, row: PolicyDraft | None) -> SchoolWords:
    """Gather everything that a school has entered in the studio."""
    return SchoolWords(
        country_code=school.country_code,
        answers={key: one.said for key, one in answers(school.id).items()},
        decisions={key: decision_of(one) for key, one in clause_rows(school.id).items()},
        paragraphs=tuple(
            OwnParagraph(str(one.id), one.section, one.text) for one in paragraphs(school.id)
        ),
        known=frozenset(row.known) if row and row.known is not None else None,
    )


def decision_of(row: PolicyClause) -> ClauseDecision:
    """Return the choice in a row, with the clause as it was in the library at the time."""
    said = row.wording.said
    held = Clause(
        ClauseKey.model_validate(said["key"]),
        {code: ClauseWords.model_validate(words) for code, words in said["texts"].items()},
    )
    return ClauseDecision(row.choice, held, row.own, row.language, row.reason, row.declined)
