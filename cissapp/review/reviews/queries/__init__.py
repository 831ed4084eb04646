"""Reads of the review: the queue, and everything about one application."""

from cissapp.review.independence.queries import application
from cissapp.review.reviews.queries.cases import (
    Case,
    case,
    counting,
    decisions_of,
    handed_in,
    is_open,
    levels_of,
    phase_of,
    review_of_round,
    reviews_of,
    submission_of,
    version_of,
)
from cissapp.review.reviews.queries.criterion_pages import Sheet, sheet
from cissapp.review.reviews.queries.guests import Visited, visited
from cissapp.review.reviews.queries.letters import (
    Answer,
    answer_of,
    attachment,
    attachments_for,
    attachments_of,
    letter,
    letter_of,
)
from cissapp.review.reviews.queries.loads import Load
from cissapp.review.reviews.queries.progress import Stand, stands
from cissapp.review.reviews.queries.queue import Narrowed, Queue, Row, queue

__all__ = [
    "Answer",
    "Case",
    "Load",
    "Narrowed",
    "Queue",
    "Row",
    "Sheet",
    "Stand",
    "Visited",
    "answer_of",
    "application",
    "attachment",
    "attachments_for",
    "attachments_of",
    "case",
    "counting",
    "decisions_of",
    "handed_in",
    "is_open",
    "letter",
    "letter_of",
    "levels_of",
    "phase_of",
    "queue",
    "review_of_round",
    "reviews_of",
    "sheet",
    "stands",
    "submission_of",
    "version_of",
    "visited",
]
