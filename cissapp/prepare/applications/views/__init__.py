"""Pages of the school: its first page, application and submission, and what it offers to other rooms."""

from cissapp.prepare.applications.views import pages
from cissapp.prepare.applications.views.blueprint import bp

__all__ = ["bp", "pages"]
