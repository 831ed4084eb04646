"""Pages of the audit trail, and of who can see a thing."""

from cissapp.oversee.trail.views import lines, who_sees
from cissapp.oversee.trail.views.blueprint import bp

__all__ = ["bp", "lines", "who_sees"]
