"""Pages of the policy studio."""

from cissapp.prepare.policy.views import clauses, compare, files, sections, studio, updates
from cissapp.prepare.policy.views.blueprint import bp

__all__ = ["bp", "clauses", "compare", "files", "sections", "studio", "updates"]
