"""Pages of the briefs: one page for who reviews, an archive for who keeps."""

from cissapp.review.briefs.views.briefs import bp

__all__ = ["bp"]
