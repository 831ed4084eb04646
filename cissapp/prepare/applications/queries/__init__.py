"""Reads of applications: what a school has and lacks, what it submitted, what its pages show."""

from cissapp.prepare.applications.queries.applications import (
    application,
    applications_of,
    last_cycle,
    newest_application,
    newest_submitted,
    open_application,
)
from cissapp.prepare.applications.queries.integrity import altered
from cissapp.prepare.applications.queries.standards import (
    content_of,
    content_to_answer,
    standard_of,
    submitted_version,
)
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
    "content_of",
    "content_to_answer",
    "course",
    "last_cycle",
    "newest_application",
    "newest_submitted",
    "open_application",
    "question",
    "remarks",
    "standard_of",
    "submission",
    "submissions",
    "submitted_version",
]
