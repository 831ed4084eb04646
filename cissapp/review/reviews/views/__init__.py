"""Pages of the review: the group's queue and desk, and the school's letter."""

from cissapp.review.reviews.views import (
    attachments,
    cases,
    comments,
    completeness,
    decisions,
    desk,
    documents,
    guests,
    queue,
    removals,
    reviewing,
)
from cissapp.review.reviews.views.blueprint import bp

__all__ = [
    "attachments",
    "bp",
    "cases",
    "comments",
    "completeness",
    "decisions",
    "desk",
    "documents",
    "guests",
    "queue",
    "removals",
    "reviewing",
]
