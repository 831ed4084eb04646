"""Pages of the audit trail, and of who can see a thing."""

from cissapp.oversee.trail.views import who_sees
from cissapp.oversee.trail.views.blueprint import bp

__all__ = ["bp", "who_sees"]
