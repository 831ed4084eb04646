"""Pages of the reporting mechanism."""

from cissapp.prepare.mechanism.views import agreements as agreed
from cissapp.prepare.mechanism.views import reporting
from cissapp.prepare.mechanism.views.blueprint import bp

__all__ = ["agreed", "bp", "reporting"]
