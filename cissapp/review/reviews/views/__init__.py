"""Pages of the review: the group's queue and desk, and the school's letter."""

from cissapp.review.reviews.views import (
    attachments as attaching,
)
from cissapp.review.reviews.views import (
    cases as showing,
)
from cissapp.review.reviews.views import (
    comments,
    queue,
)
from cissapp.review.reviews.views import (
    completeness as sifting,
)
from cissapp.review.reviews.views import (
    decisions as deciding,
)
from cissapp.review.reviews.views import (
    documents as papers,
)
from cissapp.review.reviews.views import (
    guests as visiting,
)
from cissapp.review.reviews.views import (
    removals as removing,
)
from cissapp.review.reviews.views import (
    reviewing as assessing,
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
