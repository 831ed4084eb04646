"""Pages of handovers between heads, and of acts that two people do together."""

from cissapp.people.handover.views import handovers, proposals
from cissapp.people.handover.views.blueprint import bp

__all__ = ["bp", "handovers", "proposals"]
