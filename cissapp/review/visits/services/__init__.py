"""Writes of visits: plan, agree on a date, note what was seen, sign."""

from cissapp.review.visits.services.checklist import save_item
from cissapp.review.visits.services.planning import (
    agree,
    cancel,
    follow_closing,
    follow_organiser,
    plan,
    propose,
)
from cissapp.review.visits.services.signing import sign

__all__ = [
    "agree",
    "cancel",
    "follow_closing",
    "follow_organiser",
    "plan",
    "propose",
    "save_item",
    "sign",
]
