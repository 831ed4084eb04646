"""Pages of the review: the group's queue and desk, and the school's letter."""

from cissapp.reviews.views import assessing, deciding, queue
from cissapp.reviews.views.blueprint import bp

__all__ = ["assessing", "bp", "deciding", "queue"]
