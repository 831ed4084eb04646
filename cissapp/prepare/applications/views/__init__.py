"""Pages of the school: its first page, its application, the submission; and what it offers pages of other rooms."""

from cissapp.prepare.applications.views import pages
from cissapp.prepare.applications.views.blueprint import bp

__all__ = ["bp", "pages"]
