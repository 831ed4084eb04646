"""What a panel reads: the findings, the school's own words, the documents as they were submitted."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.values import Content, Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import Missing
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import (
    SubmissionContent,
    SubmittedDocument,
)
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.queries.participation import reasons_not_to_hear
from cissapp.review.independence import queries as independence
from cissapp.review.independence.rules.involvement import Involvement
from cissapp.review.reviews import queries as reviews
from cissapp.review.reviews.models import Decision
from cissapp.review.reviews.rules.places import combine_scores

TARGET = 2  # below it a criterion is a gap (programme rule 5.1)


class AppealFinding(Struct, frozen=True):
    """A criterion as the review found it, with what the school said about it."""

    id: str
    title: str
    level: int | None
    reason: str
    own_level: int | None
    own_text: str
    documents: tuple[SubmittedDocument, ...]


class HearingFile(Struct, frozen=True):
    """The findings that the school appeals against, all others, and the whole application."""

    contested: list[AppealFinding]
    others: list[AppealFinding]
    documents: tuple[SubmittedDocument, ...]


def involvement_of(appeal: Appeal, person: Actor, *, today: date) -> Involvement:
    """Gather what a person has had to do with the case of an appeal."""
    return independence.involvement_of(appeal.application, person.id, today=today)


def decided_levels(decision: Decision) -> dict[str, int | None]:
    """Return the levels that the decision rests on: those of all reviews of its round combined."""
    found = reviews.reviews_of(decision.review.application, decision.round)
    return combine_scores({place: reviews.levels_of(one) for place, one in found.items()})


def standard_of(decision: Decision, content: Content) -> Standard:
    """Return the standard that an appeal against a decision is heard by: that of the submission."""
    return content.under(decision.review.submission.rubric_version).standard


def contestable_criteria(decision: Decision, content: Content) -> list[str]:
    """List the criteria that a school may appeal against: all that were found below the target."""
    levels = decided_levels(decision)
    return [
        one.id
        for one in standard_of(decision, content).criteria
        if (level := levels.get(one.id)) is not None and level < TARGET
    ]


def hearing_file(appeal: Appeal, content: Content, language: str) -> HearingFile:
    """Gather what the panel reads."""
    decision = appeal.decision
    dossier = read_submission(decision.review.submission)
    found = reviews.reviews_of(appeal.application, decision.round)
    reasons = {key: one.reason for key, one in reviews.counted_scores(found).items()}
    levels = decided_levels(decision)
    rows = [
        _finding(one, levels, reasons.get(one.id, ""), dossier, language)
        for one in standard_of(decision, content).criteria
        if one.id in levels
    ]
    return HearingFile(*_parted(rows, appeal.criteria), dossier.documents)


def _parted(
    rows: list[AppealFinding], contested: Collection[str]
) -> tuple[list[AppealFinding], list[AppealFinding]]:
    return (
        [one for one in rows if one.id in contested],
        [one for one in rows if one.id not in contested],
    )


def _finding(
    criterion: Criterion,
    levels: dict[str, int | None],
    reason: str,
    dossier: SubmissionContent,
    language: str,
) -> AppealFinding:
    own = dossier.score(criterion.id)
    return AppealFinding(
        id=criterion.id,
        title=f"{criterion.id} {criterion.text(language).title}",
        level=levels[criterion.id],
        reason=reason,
        own_level=own.level if own else None,
        own_text=own.text if own else "",
        documents=dossier.documents_of(criterion.id),
    )


def document_version(
    appeal: Appeal, version_id: UUID, person: Actor, *, today: date
) -> DocumentVersion:
    """Find a document of the application for a panel member who may hear the appeal; raise `Missing`."""
    found = reviews.version_of(appeal.application, version_id)
    if found is None or reasons_not_to_hear(appeal, person.id, today=today):
        raise Missing
    return found
