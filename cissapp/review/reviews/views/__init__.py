"""Pages of the review: the group's queue and desk, and the school's letter."""

from cissapp.review.reviews.views import (
    assessing,
    attaching,
    comments,
    deciding,
    papers,
    queue,
    removing,
    showing,
    sifting,
    visiting,
)
from cissapp.review.reviews.views.blueprint import bp

__all__ = [
    "assessing",
    "attaching",
    "bp",
    "comments",
    "deciding",
    "papers",
    "queue",
    "removing",
    "showing",
    "sifting",
    "visiting",
]
