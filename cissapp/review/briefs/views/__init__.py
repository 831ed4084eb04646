"""Pages of the briefs: one page for reviewers, an archive for record keepers."""

from cissapp.review.briefs.views.briefs import bp

__all__ = ["bp"]
