"""Pages of the evaluation: how much each module teaches, and how well its questions work."""

from cissapp.oversee.evaluation.views.routes import bp

__all__ = ["bp"]
