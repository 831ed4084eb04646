"""When a reviewer may agree with the school in one step: never if critical or with evidence unseen. Pure."""

from collections.abc import Collection

from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.applications.submission_content.values import (
    SubmissionContent,
    SubmittedDocument,
)
from cissapp.prepare.documents.rules.pages import pages_named
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.references import MECHANISM

# The part whose evidence is the reporting mechanism, where the school named no document.
MECHANISM_PART = "B"


def evidence_places(criterion: Criterion, content: SubmissionContent) -> list[str]:
    """List the places of the school's evidence for a criterion, written as in `rules.references`.

    That is every page that the school named, or page 1 of a document for which it named none.
    """
    own = content.score(criterion.id)
    documents = content.documents_of(criterion.id)
    if documents:
        return [
            f"{one.version.id}#{page}"
            for one in documents
            for page in _pages(one, own.anchors.get(one.id, "") if own else "")
        ]
    return [MECHANISM] if criterion.part == MECHANISM_PART else []


def _pages(document: SubmittedDocument, said: str) -> list[int]:
    last = document.version.pages
    found = [page for page in pages_named(said) if last is None or page <= last]
    return found or [1]


def unseen_places(
    criterion: Criterion, content: SubmissionContent, seen: Collection[str]
) -> list[str]:
    """List the places of a criterion's evidence that have not been on the reviewer's screen."""
    return [one for one in evidence_places(criterion, content) if one not in seen]


def judgement_problems(place: ReviewPlace) -> list[Problem]:
    """List what rules out agreement for a whole review: a third one has to score every criterion itself."""
    if place is ReviewPlace.THIRD:
        message = N_("Two reviews differ here. Score every criterion yourself.")
        return [Problem("agree", message)]
    return []


def agreement_problems(
    criterion: Criterion, content: SubmissionContent, seen: Collection[str]
) -> list[Problem]:
    """List what prevents the reviewer from agreeing with the school's level of a criterion in one step."""
    own = content.score(criterion.id)
    values = {"criterion": criterion.id}
    if criterion.critical:
        message = N_("%(criterion)s is critical. Choose the level and write the reason yourself.")
    elif own is None or own.level is None:
        message = N_("The school did not give a level for %(criterion)s. Choose one yourself.")
    elif not evidence_places(criterion, content):
        message = N_(
            "The school did not name any evidence for %(criterion)s. Choose the level yourself."
        )
    elif unseen_places(criterion, content, seen):
        message = N_("Look at the evidence for %(criterion)s first.")
    else:
        return []
    return [Problem("agree", message, values)]
