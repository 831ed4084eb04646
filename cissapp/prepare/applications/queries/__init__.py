"""Reads of applications: what a school has and lacks, what it submitted, what its pages show."""

from cissapp.prepare.applications.queries.applications import (
    application,
    applications_of,
    newest_application,
    of_group,
    open_application,
)
from cissapp.prepare.applications.queries.integrity import altered
from cissapp.prepare.applications.queries.submissions import (
    completeness_checks,
    course,
    question,
    remarks,
    submission,
    submissions,
)

__all__ = [
    "altered",
    "application",
    "applications_of",
    "completeness_checks",
    "course",
    "newest_application",
    "of_group",
    "open_application",
    "question",
    "remarks",
    "submission",
    "submissions",
]
