"""Reads of the review: the queue, and everything about one application."""

from cissapp.reviews.queries.cases import (
    Case,
    Letter,
    application,
    case,
    decisions_of,
    declaration_of,
    hands,
    letter,
    review_of_round,
    submission_of,
    version_of,
)
from cissapp.reviews.queries.queue import Queue, Row, queue
from cissapp.reviews.queries.sheets import Sheet, sheet

__all__ = [
    "Case",
    "Letter",
    "Queue",
    "Row",
    "Sheet",
    "application",
    "case",
    "decisions_of",
    "declaration_of",
    "hands",
    "letter",
    "queue",
    "review_of_round",
    "sheet",
    "submission_of",
    "version_of",
]
