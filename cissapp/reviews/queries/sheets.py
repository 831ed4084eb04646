"""What stands on the page of a criterion: the document on the left, the criterion on the right."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from cissapp.applications import snapshot
from cissapp.content.values import Criterion, Standard
from cissapp.core.db import session
from cissapp.evidence.models import DocumentVersion
from cissapp.reviews.models import Score
from cissapp.reviews.queries.cases import Case

MECHANISM = "mechanism"
MECHANISM_PART = "B"


@dataclass(frozen=True)
class Sheet:
    """A criterion beside a document, as far as the person may see it.

    `chosen` is the document on the left, None for the reporting mechanism; `text` is the text of it.
    """

    criterion: Criterion
    own: snapshot.Score | None
    named: tuple[snapshot.Document, ...]
    others: tuple[snapshot.Document, ...]
    chosen: snapshot.Document | None
    text: str | None
    score: Score | None
    is_open: bool
    following: str | None


def sheet(case: Case, criterion: Criterion, standard: Standard, document: str | None) -> Sheet:
    """Gather the page of a criterion; `document` is the id of a version, or "mechanism"."""
    dossier = case.dossier
    named = dossier.documents_of(criterion.id)
    chosen = _chosen(dossier, criterion, document)
    return Sheet(
        criterion=criterion,
        own=dossier.score(criterion.id),
        named=named,
        others=tuple(one for one in dossier.documents if one not in named),
        chosen=chosen,
        text=_text(chosen.version.id) if chosen else None,
        score=case.scores.get(criterion.id),
        is_open=dossier.is_open(criterion.id),
        following=_following(dossier, criterion, standard),
    )


def _chosen(
    dossier: snapshot.Snapshot, criterion: Criterion, document: str | None
) -> snapshot.Document | None:
    """Choose what was asked for; else the first document that the school named, then its mechanism."""
    asked = next((one for one in dossier.documents if str(one.version.id) == document), None)
    if asked or document == MECHANISM:
        return asked
    named = dossier.documents_of(criterion.id)
    if not named and criterion.part == MECHANISM_PART:
        return None
    return next(iter(named or dossier.documents), None)


def _following(dossier: snapshot.Snapshot, criterion: Criterion, standard: Standard) -> str | None:
    """Name the next criterion of the rubric that this round scores."""
    ids = [one.id for one in standard.criteria]
    later = ids[ids.index(criterion.id) + 1 :]
    return next((one for one in later if dossier.is_open(one)), None)


def _text(version_id: UUID) -> str | None:
    return session.scalar(select(DocumentVersion.text).where(DocumentVersion.id == version_id))
