"""Writes of the list of schools: the filters that a person saves, and the step of each school."""

from cissapp.review.followup.services.filters import remove_filter, save_filter
from cissapp.review.followup.services.statistics import keep_statistics
from cissapp.review.followup.services.steps import repair_steps

__all__ = ["keep_statistics", "remove_filter", "repair_steps", "save_filter"]
