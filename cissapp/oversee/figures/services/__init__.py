"""Writes of figures: the months that ended, corrections, and the measures of today."""

from cissapp.oversee.figures.services.freezing import (
    correct_month,
    freeze_newest_month,
    month_frozen,
)
from cissapp.oversee.figures.services.measuring import measure_today

__all__ = ["correct_month", "freeze_newest_month", "measure_today", "month_frozen"]
