"""What stands on the page of a criterion: the document on the left, the criterion on the right."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.db import session
from cissapp.foundation.safeguards.queries import confirmed
from cissapp.foundation.safeguards.rules import TOMBSTONE
from cissapp.prepare.applications.submission_content.values import (
    SubmissionContent,
    SubmittedDocument,
    SubmittedScore,
)
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules.pages import pages_named
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.queries.cases import Case

MECHANISM = "mechanism"
MECHANISM_PART = "B"


@dataclass(frozen=True)
class CriterionPage:
    """A criterion beside a document, as far as the person may see it.

    `chosen` is the document on the left, None for the reporting mechanism; `text` is the text of it.
    `confirmed` says that the school confirmed that no child is named or shown in it, `removed` that it
    was taken out for good. Where the school named pages, `pages` says which, and `texts` holds the text of those, by page.
    """

    criterion: Criterion
    own: SubmittedScore | None
    named: tuple[SubmittedDocument, ...]
    others: tuple[SubmittedDocument, ...]
    chosen: SubmittedDocument | None
    text: str | None
    pages: str
    texts: tuple[tuple[int, str], ...]
    score: Score | None
    is_open: bool
    following: str | None
    confirmed: bool = False
    removed: bool = False


def criterion_page(
    case: Case,
    criterion: Criterion,
    standard: Standard,
    document: str | None,
    *,
    whole: bool = False,
) -> CriterionPage:
    """Gather the page of a criterion; `document` is the id of a version, or "mechanism".

    The text begins on the pages that the school named, unless the `whole` is asked for.
    """
    dossier = case.dossier
    named = dossier.documents_of(criterion.id)
    chosen = _chosen(dossier, criterion, document)
    own = dossier.score(criterion.id)
    pages = own.anchors.get(chosen.id, "") if own and chosen else ""
    texts = _named_pages(chosen.version.id, pages) if chosen and not whole else ()
    return CriterionPage(
        criterion=criterion,
        own=own,
        named=named,
        others=tuple(one for one in dossier.documents if one not in named),
        chosen=chosen,
        text=_text(chosen.version.id) if chosen and not texts else None,
        pages=pages,
        texts=texts,
        score=case.scores.get(criterion.id),
        is_open=case.is_open(criterion.id),
        following=_following(case, criterion, standard),
        confirmed=bool(chosen and confirmed([chosen.version.id])),
        removed=bool(chosen and chosen.version.file_name == TOMBSTONE),
    )


def _chosen(
    dossier: SubmissionContent, criterion: Criterion, document: str | None
) -> SubmittedDocument | None:
    """Choose what was asked for; else the first document that the school named, then its mechanism."""
    asked = next((one for one in dossier.documents if str(one.version.id) == document), None)
    if asked or document == MECHANISM:
        return asked
    named = dossier.documents_of(criterion.id)
    if not named and criterion.part == MECHANISM_PART:
        return None
    return next(iter(named or dossier.documents), None)


def _following(case: Case, criterion: Criterion, standard: Standard) -> str | None:
    """Name the next criterion of the rubric that is scored now."""
    ids = [one.id for one in standard.criteria]
    later = ids[ids.index(criterion.id) + 1 :]
    return next((one for one in later if case.is_open(one)), None)


def _text(version_id: UUID) -> str | None:
    return session.scalar(select(DocumentVersion.text).where(DocumentVersion.id == version_id))


def _named_pages(version_id: UUID, said: str) -> tuple[tuple[int, str], ...]:
    """Return the texts of the pages that were named, as far as they were read."""
    named = pages_named(said) if said else None
    if not named:
        return ()
    kept = select(DocumentVersion.page_texts).where(DocumentVersion.id == version_id)
    texts = session.scalar(kept) or []
    return tuple((number, texts[number - 1]) for number in named if number <= len(texts))
