"""Pages of the year plan."""

from cissapp.prepare.plan.views import actions, dates, document, year
from cissapp.prepare.plan.views.blueprint import bp

__all__ = ["actions", "bp", "dates", "document", "year"]
