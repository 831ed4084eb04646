"""What a criterion's page shows: the open document, and the criterion beside it."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.safeguards.queries import confirmed
from cissapp.foundation.safeguards.rules import EXPIRED, TOMBSTONE
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import (
    SubmittedDocument,
    SubmittedScore,
)
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules.pages import pages_named, parts_of
from cissapp.review.reviews.models import EvidenceView, Review, Score
from cissapp.review.reviews.queries.cases import LIGHT, Case, counted_scores, reviews_of
from cissapp.review.reviews.rules.agreement import agreement_problems, judgement_problems
from cissapp.review.reviews.rules.desk import (
    DeskState,
    OpenPlace,
    RailFilter,
    named_pages,
    next_to_score,
    open_place,
)
from cissapp.review.reviews.rules.passages import FoundPlace, find_pages, search_pattern


class CriterionPage(Struct, frozen=True):
    """A criterion beside a document, as far as the person may see it.

    `said_before` is what the school said in the round before, of a criterion that came back.
    `place` is what is open; `is_named` is true if the school named this page. `confirmed`: the school
    confirmed that no child is named or shown in it; `removed`: it was taken out for good. `agreement`
    lists why the reviewer may not agree with the school in one act.
    """

    criterion: Criterion
    own: SubmittedScore | None
    said_before: SubmittedScore | None
    named: tuple[SubmittedDocument, ...]
    place: OpenPlace
    pages: str
    is_named: bool
    score: Score | None
    before: Score | None
    is_open: bool
    earlier: str | None
    later: str | None
    following: str | None
    agreement: list[Problem]
    confirmed: bool = False
    removed: bool = False
    expired: bool = False

    @property
    def chosen(self) -> SubmittedDocument | None:
        """The document that is open; None for the reporting mechanism."""
        return self.place.document


def criterion_page(
    case: Case, criterion: Criterion, standard: Standard, state: DeskState
) -> CriterionPage:
    """Gather the page of a criterion."""
    content = case.dossier
    place = open_place(content, criterion, state)
    version = place.document.version if place.document else None
    pages = named_pages(content, criterion, place.document)
    ids = [one.id for one in standard.criteria]
    at = ids.index(criterion.id)
    seen = {*seen_places(case.own), place.reference}
    return CriterionPage(
        criterion=criterion,
        own=content.score(criterion.id),
        said_before=_said_before(case, criterion),
        named=content.documents_of(criterion.id),
        place=place,
        pages=pages,
        is_named=place.page in pages_named(pages),
        score=case.scores.get(criterion.id),
        before=scores_before(case).get(criterion.id) if case.application.round > 1 else None,
        is_open=case.is_open(criterion.id),
        earlier=ids[at - 1] if at else None,
        later=ids[at + 1] if at + 1 < len(ids) else None,
        following=next_to_score(ids, criterion.id, _left_of(case, standard, criterion, state)),
        agreement=_judgement_problems(case) or agreement_problems(criterion, content, seen),
        confirmed=bool(version and confirmed([version.id])),
        removed=bool(version and version.file_name == TOMBSTONE),
        expired=bool(version and version.file_name == EXPIRED),
    )


def _said_before(case: Case, criterion: Criterion) -> SubmittedScore | None:
    dossier = case.dossier
    if dossier.round == 1 or not dossier.is_open(criterion.id):
        return None
    before = session.scalar(_OF_ROUND, {"of": case.application.id, "number": dossier.round - 1})
    return read_submission(before).score(criterion.id) if before else None


_OF_ROUND = (
    select(Submission)
    .where(Submission.application_id == bindparam("of"), Submission.round == bindparam("number"))
    .options(LIGHT)
)


def _left_of(case: Case, standard: Standard, criterion: Criterion, state: DeskState) -> list[str]:
    """List what is left to score next to a criterion: only critical ones while the rail shows only these."""
    left = left_to_score(case, standard)
    critical = [one for one in left if standard.by_id[one].critical and one != criterion.id]
    return critical if critical and state.show is RailFilter.CRITICAL else left


def left_to_score(case: Case, standard: Standard) -> list[str]:
    """List, in the order of the rubric, the criteria still to be scored in the person's own review."""
    return [
        one.id for one in standard.criteria if one.id not in case.scores and case.is_open(one.id)
    ]


def scores_before(case: Case) -> dict[str, Score]:
    """Return the scores of the round before that the person already knows.

    After a decision these are the scores that counted, which are in the letter. After a question to the
    school, they are the person's own, since only their author has read them.
    """
    if case.own is None:
        return {}
    reviews = reviews_of(case.application, case.application.round - 1)
    if any(one.round == case.application.round - 1 for one in case.earlier):
        return counted_scores(reviews)
    return counted_scores(
        {place: one for place, one in reviews.items() if one.assessor_id == case.own.assessor_id}
    )


def seen_places(review: Review | None) -> set[str]:
    """Return the places that a reviewer was shown, written as in `rules.references`."""
    if review is None:
        return set()
    query = select(EvidenceView.place).where(EvidenceView.review_id == review.id)
    return set(session.scalars(query))


def _judgement_problems(case: Case) -> list[Problem]:
    return judgement_problems(case.own.place) if case.own else []


def agreeable_criteria(case: Case, standard: Standard) -> list[Criterion]:
    """List the criteria that the reviewer has not scored and may agree to in one act."""
    if case.own is None or _judgement_problems(case):
        return []
    left, seen = set(left_to_score(case, standard)), seen_places(case.own)
    return [
        one
        for one in standard.criteria
        if one.id in left and not agreement_problems(one, case.dossier, seen)
    ]


class FoundInDocument(Struct, frozen=True):
    """A page of a document with a search result."""

    document: SubmittedDocument
    place: FoundPlace


def search_documents(case: Case, searched: str) -> list[FoundInDocument]:
    """List the search results in the documents of the round, in the order of the documents; one query."""
    pattern = search_pattern(searched)
    if pattern is None:
        return []
    ids = [one.version.id for one in case.dossier.documents]
    rows = session.execute(
        select(DocumentVersion.id, DocumentVersion.page_texts, DocumentVersion.text).where(
            DocumentVersion.id.in_(ids)
        )
    )
    texts: dict[UUID, list[str]] = {
        key: list(pages) if pages is not None else parts_of(text) for key, pages, text in rows
    }
    return [
        FoundInDocument(one, place)
        for one in case.dossier.documents
        for place in find_pages(texts.get(one.version.id, []), pattern)
    ]
