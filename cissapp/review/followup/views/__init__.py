"""Pages of the coordinator: who is stuck, and how long the steps take."""

from cissapp.review.followup.views import schools, statistics
from cissapp.review.followup.views.blueprint import bp

__all__ = ["bp", "schools", "statistics"]
