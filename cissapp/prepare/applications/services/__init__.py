"""Writes of applications: open, submit, review, send back, decide, withdraw."""

from cissapp.prepare.applications.services.opening import open_application, withdraw
from cissapp.prepare.applications.services.review import (
    ask,
    decide,
    request_changes,
    return_to_school,
    start_review,
)
from cissapp.prepare.applications.services.submission import submit, submit_for_school
from cissapp.prepare.applications.services.transitions import NOTHING, course, move

__all__ = [
    "NOTHING",
    "ask",
    "course",
    "decide",
    "move",
    "open_application",
    "request_changes",
    "return_to_school",
    "start_review",
    "submit",
    "submit_for_school",
    "withdraw",
]
