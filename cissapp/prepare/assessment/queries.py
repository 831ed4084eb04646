"""Reads of the self-assessment."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from blinker import Signal
from msgspec import Struct
from sqlalchemy import Uuid, bindparam, select

from cissapp.foundation.content.values import Content, Standard
from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.db import session
from cissapp.prepare.assessment.models import PartEvidence, SelfEvidence, SelfScore
from cissapp.prepare.assessment.rules import LastAnswer

# Asks for the version that a school's answers are judged by; the applications room answers.
version_asked = Signal()
# Asks for a school's answer for a criterion in its last submission; the applications room answers.
last_answer_asked = Signal()
# Asks whether a school last submitted under another version than this one; the applications room answers.
other_version_asked = Signal()
# Asks for the document and the pages that were found to show a criterion; the policy studio answers.
evidence_asked = Signal()


def standard_to_answer(school_id: UUID, content: Content) -> Standard:
    """Return the standard that a school answers: that of its application under way, else the present one."""
    answers = [version for _, version in version_asked.send(school_id)]
    return content.under(next(filter(None, answers), None)).standard


def score(school_id: UUID, criterion_id: str) -> SelfScore | None:
    """Find a school's answer for a criterion."""
    return session.get(SelfScore, (school_id, criterion_id))


class SavedScore(Struct, frozen=True):
    """A school's answer for a criterion as it was saved, for pages and records that do not change it."""

    level: int | None
    text: str
    pages: str
    saved_at: datetime
    evidence: dict[UUID, str]

    @property
    def not_applicable(self) -> bool:
        """Whether the criterion is left out, with a reason."""
        return self.level is None

    @property
    def document_ids(self) -> frozenset[UUID]:
        """The documents that show it."""
        return frozenset(self.evidence)

    @property
    def anchors(self) -> dict[UUID, str]:
        """The pages that show it, by document; a document without pages named is left out."""
        return {one: pages for one, pages in self.evidence.items() if pages}


# Both run for the first page of a school and many others, so they are built once.
_SAVED = select(
    SelfScore.criterion_id,
    SelfScore.level,
    SelfScore.text,
    SelfScore.pages,
    SelfScore.saved_at,
).where(SelfScore.school_id == bindparam("school_id", type_=Uuid()))
_EVIDENCE = select(SelfEvidence.criterion_id, SelfEvidence.document_id, SelfEvidence.pages).where(
    SelfEvidence.school_id == bindparam("school_id")
)


def saved_scores(school_id: UUID) -> dict[str, SavedScore]:
    """Return a school's answers for the criteria that it scored, by criterion, in two plain statements."""
    shown: defaultdict[str, dict[UUID, str]] = defaultdict(dict)
    for criterion_id, document_id, pages in read_rows(_EVIDENCE, {"school_id": school_id}):
        shown[criterion_id][document_id] = pages
    return {
        one: SavedScore(level, text, pages, saved_at, shown[one])
        for one, level, text, pages, saved_at in read_rows(_SAVED, {"school_id": school_id})
    }


def scores(school_id: UUID) -> dict[str, SelfScore]:
    """Return a school's answers for the criteria that it scored, by criterion."""
    rows = session.scalars(select(SelfScore).where(SelfScore.school_id == school_id))
    return {row.criterion_id: row for row in rows}


def last_answer(school_id: UUID, criterion_id: str) -> LastAnswer | None:
    """Find a school's answer for a criterion in the last round that it submitted."""
    answers: list[LastAnswer | None] = [
        answer for _, answer in last_answer_asked.send(school_id, criterion_id=criterion_id)
    ]
    return next(filter(None, answers), None)


def is_another_version(school_id: UUID, standard: Standard) -> bool:
    """Check whether a school last submitted under another version of the standard."""
    version = standard.rubric.version
    return any(one for _, one in other_version_asked.send(school_id, version=version))


def suggested_evidence(school_id: UUID, criterion_id: str) -> tuple[UUID, str] | None:
    """Find the document and the pages that another room found for a criterion."""
    answers: list[tuple[UUID, str] | None] = [
        answer for _, answer in evidence_asked.send(school_id, criterion_id=criterion_id)
    ]
    return next(filter(None, answers), None)


def part_evidence(school_id: UUID) -> dict[str, frozenset[UUID]]:
    """Return the documents that were chosen for each part; a part without a choice is left out."""
    query = select(PartEvidence.part, PartEvidence.document_id)
    found: dict[str, set[UUID]] = {}
    for part, document_id in session.execute(query.where(PartEvidence.school_id == school_id)):
        found.setdefault(part, set()).add(document_id)
    return {part: frozenset(document_ids) for part, document_ids in found.items()}
