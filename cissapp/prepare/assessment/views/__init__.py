"""Pages of the self-assessment."""

from cissapp.prepare.assessment.views import criterion, overview
from cissapp.prepare.assessment.views.blueprint import bp

__all__ = ["bp", "criterion", "overview"]
