"""Reads of the review: the queue, and everything about one application."""

from cissapp.review.independence.queries import application
from cissapp.review.reviews.queries.cases import (
    Case,
    case,
    counted_scores,
    decisions_of,
    has_void_third,
    levels_of,
    phase_of,
    places_submitted,
    reviews_of,
    scores_anew,
    submission_of,
    version_of,
)
from cissapp.review.reviews.queries.criterion_pages import (
    CriterionPage,
    FoundInDocument,
    agreeable_criteria,
    criterion_page,
    search_documents,
    seen_places,
)
from cissapp.review.reviews.queries.guests import GuestCase, guest_case
from cissapp.review.reviews.queries.letters import (
    SchoolDecision,
    attachment,
    attachments_for,
    attachments_of,
    letter_of,
    newest_school_decision,
    school_decision,
    written_to_school,
)
from cissapp.review.reviews.queries.loads import CaseLoad
from cissapp.review.reviews.queries.progress import CaseProgress, progress_of_cases
from cissapp.review.reviews.queries.queue import (
    Queue,
    QueuePage,
    decided_cases,
    queue,
    regions_under_way,
)
from cissapp.review.reviews.queries.queue_cases import MOST
from cissapp.review.reviews.queries.queue_rows import QueueFilter, QueueRow

__all__ = [
    "MOST",
    "Case",
    "CaseLoad",
    "CaseProgress",
    "CriterionPage",
    "FoundInDocument",
    "GuestCase",
    "Queue",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "SchoolDecision",
    "agreeable_criteria",
    "application",
    "attachment",
    "attachments_for",
    "attachments_of",
    "case",
    "counted_scores",
    "criterion_page",
    "decided_cases",
    "decisions_of",
    "guest_case",
    "has_void_third",
    "letter_of",
    "levels_of",
    "newest_school_decision",
    "phase_of",
    "places_submitted",
    "progress_of_cases",
    "queue",
    "regions_under_way",
    "reviews_of",
    "school_decision",
    "scores_anew",
    "search_documents",
    "seen_places",
    "submission_of",
    "version_of",
    "written_to_school",
]
