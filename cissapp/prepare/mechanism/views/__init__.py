"""Pages of the reporting mechanism."""

from cissapp.prepare.mechanism.views import agreed, reporting
from cissapp.prepare.mechanism.views.blueprint import bp

__all__ = ["agreed", "bp", "reporting"]
