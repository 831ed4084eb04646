"""Pages of a visit: for the group, its checklist and record, and for the school."""

from cissapp.review.visits.views import checklist, group, school
from cissapp.review.visits.views.blueprint import bp

__all__ = ["bp", "checklist", "group", "school"]
