"""Pages of appeals: the school files, the secretariat names the panel, the panel rules."""

from cissapp.review.appeals.views import cases, panel, school
from cissapp.review.appeals.views.blueprint import bp

__all__ = ["bp", "cases", "panel", "school"]
